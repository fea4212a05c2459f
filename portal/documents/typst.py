"""PDF/A out of a Typst template and plain values: no system library, no markup in the data."""

import json
import re
import subprocess
import sys
import unicodedata
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from subprocess import PIPE
from typing import Any, Final

import typst
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder

from portal import clock

STANDARD: Final = "a-2a"
"""PDF/A-2a: for the archive, and tagged for screen readers."""
UNTAGGED: Final = "a-2b"
"""PDF/A-2b, for parts that are joined: tags of several files cannot be made those of one."""
APART: Final = (
    "import json, sys, typst; sys.stdout.buffer.write(typst.compile(**json.load(sys.stdin)))"
)

MISSING: Final = "□"
"""Stands for a character that no font of ours can draw: PDF/A refuses what it cannot show."""
ORDINARY = re.compile(
    r"[\t\n\r\x20-\x7e\xa0-\u024f\u2010-\u2014\u2018-\u201e\u2022\u2026\u2192\u2212]*"
)
"""Drawn by every font of ours: looking such a character up would lay out a page of its own for it,
and keep in the worker what that takes."""


def printable(value: Any) -> Any:
    """The values with every character that the page cannot show replaced; control characters go."""
    if isinstance(value, str):
        if ORDINARY.fullmatch(value):
            return value
        return "".join(char if drawable(char) else _stand_in(char) for char in value)
    if isinstance(value, dict):
        return {key: printable(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [printable(entry) for entry in value]
    return value


@lru_cache(maxsize=4096)
def drawable(char: str) -> bool:
    """Whether a font that comes with Typst has the character: a page with nothing else says so."""
    if ORDINARY.fullmatch(char):
        return True
    page = '#set document(title: "x")\n#set text(font: "Libertinus Serif")\n#sys.inputs.char'
    try:
        typst.compile(
            page.encode(),
            ignore_system_fonts=True,
            sys_inputs={"char": char},
            pdf_standards=[STANDARD],
        )
    except typst.TypstError:
        return False
    return True


def _stand_in(char: str) -> str:
    return "" if unicodedata.category(char) in {"Cc", "Cf", "Mn"} else MISSING


def templates() -> Path:
    return Path(settings.BASE_DIR) / "templates" / "documents"


def render(template_name: str, data: dict[str, Any], *, at: datetime | None = None) -> bytes:
    """The PDF of `templates/documents/<template_name>`; the template reads `sys.inputs.data`.

    `at` is the date in the file's metadata; the same data and date give the same bytes. Only fonts
    that come with Typst are used, and the template folder is all that it can read.
    """
    return typst.compile(**_arguments(template_name, data, at), pdf_standards=[STANDARD])


def render_apart(template_name: str, data: dict[str, Any], *, at: datetime) -> bytes:
    """The same, untagged, out of a process of its own: Typst keeps what it has laid out, and a
    worker that lays out part after part would grow with every one."""
    arguments = _arguments(template_name, data, at)
    arguments |= {"pdf_standards": [UNTAGGED], "pdf_tags": False}
    done = subprocess.run(  # noqa: S603 (our own program, values through stdin)
        [sys.executable, "-c", APART], input=json.dumps(arguments).encode(), stdout=PIPE, check=True
    )
    return done.stdout


def _arguments(template_name: str, data: dict[str, Any], at: datetime | None) -> dict[str, Any]:
    folder = templates()
    values = json.dumps(printable(data), cls=DjangoJSONEncoder, ensure_ascii=False)
    return {
        "input": str(folder / template_name),
        "root": str(folder),
        "ignore_system_fonts": True,
        "sys_inputs": {"data": values},
        "timestamp": int((at or clock.true_now()).timestamp()),
    }


def picture(template_name: str, data: dict[str, Any], *, dots: int = 200) -> bytes:
    """The first page of the same template as PNG, for a slide; `dots` per inch."""
    folder = templates()
    made = typst.compile(
        str(folder / template_name),
        root=str(folder),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(printable(data), cls=DjangoJSONEncoder, ensure_ascii=False)},
        format="png",
        ppi=dots,
    )
    return made[0] if isinstance(made, list) else made
