"""The English catalogue, without gettext's programs: `python scripts/translations.py WHAT`.

collect   add every marked string of the code and the templates to locale/en, drop what went
compile   write the .mo files that Django reads
check     fail on a string without English, on a fuzzy one, on one that is no longer marked
"""

import ast
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
CODE = ("portal", "coordination", "deployments", "incidents")
KEYWORDS: dict[str, tuple | None] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
ALIAS = re.compile(r"\b(n?p?gettext(?:_lazy|_noop)?) as (\w+)")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")

Key = tuple[str, str]  # context, source


def sources() -> Iterator[tuple[Path, str]]:
    """Every file with marked strings, as Python source."""
    from django.utils.translation.template import templatize  # noqa: PLC0415 (not for `compile`)

    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if not {"migrations", "embedded"} & set(path.parts):
                yield path, path.read_text()
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            # What Django leaves of a template are calls between rows of X: as Python, one a line.
            calls = templatize(path.read_text(), origin=str(path))
            yield path, "\n".join(line.strip() for line in calls.splitlines())


def marked() -> dict[Key, tuple[str, str]]:
    """Every marked string: its plural ("" if none) and the file where it stands first."""
    from babel.messages.extract import extract_python  # noqa: PLC0415 (a tool of development)

    found: dict[Key, tuple[str, str]] = {}
    for path, text in sources():
        # A module that imports a function under a name of its own marks strings with that name.
        alias = {name: function for function, name in ALIAS.findall(text)}
        keywords = KEYWORDS | {name: KEYWORDS[function] for name, function in alias.items()}
        for _, called, arguments, _ in extract_python(
            BytesIO(text.encode()), keywords, [], {"encoding": "utf-8"}
        ):
            function = alias.get(called, called)
            words = list(arguments) if isinstance(arguments, tuple) else [arguments]
            context = words.pop(0) if "pgettext" in function else ""
            plural = words[1] if function.startswith("n") else ""
            if words[0]:
                key, place = (context or "", words[0]), str(path.relative_to(ROOT))
                known, first = found.get(key, ("", place))
                # Marked here alone and there with a plural it is one entry, with the plural.
                found[key] = (known or plural or "", first)
    return found


def hidden() -> list[str]:
    """Where a string is marked inside an f-string: Python 3.11 reads that as plain text, and the
    string is never collected."""
    faults = []
    for path, text in sources():
        if path.suffix != ".py":
            continue
        names = {*KEYWORDS, *(alias for _, alias in ALIAS.findall(text))}
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.JoinedStr):
                calls = [part for part in ast.walk(node) if isinstance(part, ast.Call)]
                faults += [
                    f"marked inside an f-string: {path.relative_to(ROOT)}:{node.lineno}"
                    for call in calls
                    if isinstance(call.func, ast.Name) and call.func.id in names
                ]
    return faults


def collect() -> None:
    catalogue = polib.pofile(str(CATALOGUE), wrapwidth=96) if CATALOGUE.exists() else new()
    wanted = marked()
    present = {(entry.msgctxt or "", entry.msgid): entry for entry in catalogue}
    for key, entry in present.items():
        if key not in wanted:
            catalogue.remove(entry)
    for (context, source), (plural, place) in wanted.items():
        entry = present.get((context, source))
        if entry is None:
            entry = polib.POEntry(msgid=source, msgctxt=context or None)
            if PLACEHOLDER.search(source) and "%" in source:
                entry.flags.append("python-format")
            catalogue.append(entry)
        if plural and not entry.msgid_plural:
            entry.msgid_plural, entry.msgstr_plural = plural, {0: entry.msgstr, 1: ""}
            entry.msgstr = ""
        entry.occurrences = [(place, "")]
    catalogue.sort(key=lambda entry: (entry.occurrences, entry.msgid))
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(CATALOGUE))
    waiting = len(catalogue.untranslated_entries())
    print(f"{len(catalogue)} strings, {waiting} of them without English.")


def new() -> polib.POFile:
    catalogue = polib.POFile(wrapwidth=96)
    catalogue.metadata = {
        "Language": "en",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    return catalogue


def compile_all() -> None:
    for path in (ROOT / "locale").rglob("*.po"):
        target = path.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < path.stat().st_mtime:
            polib.pofile(str(path)).save_as_mofile(str(target))


def check() -> int:
    """Print every shortcoming; their number is the exit status."""
    entries = polib.pofile(str(CATALOGUE)) if CATALOGUE.exists() else new()
    present = {(entry.msgctxt or "", entry.msgid): entry for entry in entries}
    wanted = marked()
    faults = [
        f"no entry: {place}: {key[1]!r}" for key, (_, place) in wanted.items() if key not in present
    ]
    faults += hidden()
    for key, entry in present.items():
        if key not in wanted:
            faults.append(f"no longer marked: {entry.msgid!r}")
        elif "fuzzy" in entry.flags:
            faults.append(f"fuzzy: {entry.msgid!r}")
        elif not entry.translated() or (wanted[key][0] and not entry.msgid_plural):
            faults.append(f"no English: {entry.msgid!r}")
        else:
            texts = [entry.msgstr] if entry.msgstr else list(entry.msgstr_plural.values())
            allowed = set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
            faults += [
                f"unknown placeholder in the English of {entry.msgid!r}: {text!r}"
                for text in texts
                if not set(PLACEHOLDER.findall(text)) <= allowed
            ]
    for fault in faults:
        print(fault)
    if faults:
        print(f"{len(faults)} faults in {CATALOGUE.relative_to(ROOT)}: `make messages` collects.")
    return min(len(faults), 1)


if __name__ == "__main__":
    what = {"collect": collect, "compile": compile_all, "check": check}
    if len(sys.argv) != 2 or sys.argv[1] not in what:
        sys.exit(__doc__)
    sys.exit(what[sys.argv[1]]())
