"""The notula as a file for one reader."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from coordination.exports.docx import notula_docx
from coordination.exports.notula import Copy, notula
from coordination.exports.notula_words import PARTS
from coordination.models import Minutes
from portal import clock
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.documents.docx import DOCX_TYPE
from portal.documents.download import PDF_TYPE
from portal.documents.reader import named
from portal.documents.typst import render


def notula_file(
    minutes: Minutes,
    kind: str,
    *,
    reader: Actor,
    name: str,
    without: Iterable[str],
    at: datetime,
) -> tuple[bytes, str, str]:
    """The notula as `pdf` or `docx`, without the named parts: bytes, media type and file name. An
    official document speaks Indonesian, whatever the language of its reader's menus."""
    title = slugify((minutes.number or minutes.meeting.number).replace("/", "-"))
    with translation.override("id"):
        limited = minutes.classification >= Classification.TERBATAS
        stamp = _stamp(reader, name, at) if limited else ""
        chosen = frozenset(without) & frozenset(PARTS)
        values = notula(minutes, copy=Copy(reader=reader, without=chosen, stamp=stamp))
        if kind == "pdf":
            moment = minutes.published_at or at
            return render("notula.typ", values, at=moment), PDF_TYPE, f"notula-{title}.pdf"
        return notula_docx(values), DOCX_TYPE, f"notula-{title}.docx"


def _stamp(reader: Actor, name: str, at: datetime) -> str:
    return _("Salinan untuk %(reader)s, %(at)s") % {
        "reader": named(name, reader.post_title),
        "at": clock.local(at).strftime("%d-%m-%Y %H.%M WITA"),
    }
