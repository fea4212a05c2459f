"""The language of words that are kept: one for everybody, whoever wrote them."""

from contextlib import AbstractContextManager

from django.conf import settings
from django.utils import translation


def for_everybody() -> AbstractContextManager[None]:
    """Words made here stand in a row that all read, so they are in the source language, not in
    that of the menus of whoever happened to act."""
    return translation.override(settings.LANGUAGE_CODE)
