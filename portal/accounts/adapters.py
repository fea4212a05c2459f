"""How sign-in behaves here: nobody signs up, and secrets of second factors rest encrypted."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def field_cipher() -> MultiFernet:
    """Encrypts with the newest key, decrypts with any: a key is rotated by putting one in front."""
    return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request) -> bool:
        return False

    def get_user_search_fields(self) -> list[str]:
        return ["email"]


class MfaAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return field_cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return field_cipher().decrypt(encrypted_text.encode()).decode()
