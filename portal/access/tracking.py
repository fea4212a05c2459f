"""Codes that open one record to whoever holds them, without an account.

A code is 128 random bits, written so that it can be copied by hand. It is shown once; what is kept
is a digest under the secret key, so neither the database nor its backup opens anything.
"""

import secrets

from django.conf import settings
from django.utils.crypto import salted_hmac

BITS = 128
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's 32: no I, L, O or U, which a hand confuses."""
LENGTH = 26
GROUP = 5
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code() -> str:
    """A fresh code, in groups: 3F7QK-…"""
    number = secrets.randbits(BITS)
    letters = "".join(LETTERS[number >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5))
    return "-".join(letters[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def plain(code: str) -> str:
    """The code as typed, without what only helps the eye; empty if it cannot be one."""
    letters = "".join(char for char in code.upper() if char.isalnum()).translate(_MISREAD)
    fits = len(letters) == LENGTH and set(letters) <= set(LETTERS)
    return letters if fits else ""


def digest(subject: str, code: str, secret: str | None = None) -> str:
    """What is stored of a code for that kind of record."""
    salt = f"portal.access.tracking.{subject}"
    return salted_hmac(salt, plain(code), secret=secret, algorithm="sha256").hexdigest()


def digests(subject: str, code: str) -> list[str]:
    """Under which digests the code may be stored: that of the present key, and of earlier ones."""
    if not plain(code):
        return []
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [digest(subject, code, key) for key in keys]
