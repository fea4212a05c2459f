from django.utils.translation import gettext as _

from incidents.rules import looks_like_tally
from portal.access.errors import Refused


def refuse_tally(**texts: str) -> None:
    """Raises Refused at the field whose text seems to give votes won: the portal holds none."""
    for field, text in texts.items():
        if looks_like_tally(text):
            raise Refused(
                _(
                    "Portal ini tidak menyimpan perolehan suara. Hapus angka perolehan dan "
                    "uraikan gangguan keamanannya saja."
                ),
                field,
            )
