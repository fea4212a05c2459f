"""What programs send, as JSON, judged before any serializer sees it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import DataAndFiles, JSONParser, MultiPartParser

from portal.web.forms import CONTROL


class TextParser(JSONParser):
    """JSON whose texts can stand in every document: without control characters, as in forms."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        data = super().parse(*args, **kwargs)
        _refuse_control(data)
        return data


class TextFilesParser(MultiPartParser):
    """A form with files; its texts are judged as those of JSON are. Of the files' names Django
    keeps only what can be printed."""

    def parse(self, *args: Any, **kwargs: Any) -> DataAndFiles:
        parsed = super().parse(*args, **kwargs)
        _refuse_control([list(values) for _field, values in parsed.data.lists()])
        return parsed


def _refuse_control(data: Any) -> None:
    if _has_control(data):
        raise ParseError(
            _("Teks memuat karakter kendali yang tidak terlihat. Ketik ulang bagian itu.")
        )


def _has_control(value: Any) -> bool:
    if isinstance(value, str):
        return CONTROL.search(value) is not None
    if isinstance(value, Mapping):
        return any(_has_control(inner) for inner in value.values())
    return isinstance(value, list) and any(_has_control(inner) for inner in value)
