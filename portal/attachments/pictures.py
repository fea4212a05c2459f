"""Photographs of people without an account: small enough to keep, and nothing in them but the
picture."""

import io
from pathlib import PurePath

from django.utils.translation import gettext as _
from PIL import Image

from portal.access.errors import Refused
from portal.attachments.checks import checked

PICTURES = frozenset({".jpg", ".jpeg", ".png"})
LONGEST = 2_400
"""Pixels of the longer side: a number plate can be read, a print for the wall cannot be made."""
THUMBNAIL = 480
"""Pixels of the longer side: sharp in a column of a dense screen, some 30 KB on a poor line."""


def photograph(name: str, data: bytes) -> bytes:
    """The picture as a JPEG, drawn anew: without place, time, camera or comment.

    Raises Refused with a sentence for the sender.
    """
    if PurePath(name.replace("\\", "/")).suffix.lower() not in PICTURES:
        raise Refused(_("Kirim foto sebagai JPG atau PNG."), "photos")
    _kind, clean = checked(name, data)
    picture = Image.open(io.BytesIO(clean)).convert("RGB")
    picture.thumbnail((LONGEST, LONGEST))
    picture.info = {}
    drawn = io.BytesIO()
    picture.save(drawn, "JPEG", quality=85)
    return drawn.getvalue()


def small(data: bytes) -> bytes:
    """A stored picture as a small JPEG; what is transparent becomes white."""
    stored = Image.open(io.BytesIO(data))
    stored.draft("RGB", (THUMBNAIL, THUMBNAIL))
    stored.thumbnail((THUMBNAIL, THUMBNAIL))
    layer = stored.convert("RGBA")
    drawn = Image.new("RGB", layer.size, "white")
    drawn.paste(layer, mask=layer)
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=75)
    return out.getvalue()
