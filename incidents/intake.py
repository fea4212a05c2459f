"""The data files as plain values: the taxonomy, what the public chooses from, the legal clock,
the rules of early warning."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parent / "data" / "taxonomy.json"
PUBLIC_FILE = FILE.with_name("public.json")
CLOCK = FILE.with_name("gakkumdu.json")
RULES = FILE.with_name("warnings.json")


@dataclass(frozen=True)
class Taxonomy:
    """`types`: code, name, name_en, handlers, lead (agency slug), supporting (slugs), of some
    complained_of (slugs), in the order of the file. `targets`: minutes per severity."""

    types: list[dict[str, Any]]
    targets: list[dict[str, Any]]


def read_taxonomy(file: Path = FILE) -> Taxonomy:
    content = json.loads(file.read_text(encoding="utf-8"))
    return Taxonomy(content["types"], content["targets"])


@dataclass(frozen=True)
class PublicReference:
    """`subjects`: slug, words, words_en, type (code), kept_from (agency slugs). `reasons`: slug,
    words, words_en, answer, answer_en, spam. Both in the order of the file."""

    subjects: list[dict[str, Any]]
    reasons: list[dict[str, Any]]


def read_public_reference(file: Path = PUBLIC_FILE) -> PublicReference:
    content = json.loads(file.read_text(encoding="utf-8"))
    return PublicReference(content["subjects"], content["reasons"])


def read_clock(file: Path = CLOCK) -> list[dict[str, Any]]:
    """The steps of the Gakkumdu clock in their order, each as `ClockStep` has it."""
    return json.loads(file.read_text(encoding="utf-8"))["steps"]


def read_rules(file: Path = RULES) -> list[dict[str, Any]]:
    """The rules of early warning in their order, each as `WarningRule` has it."""
    return json.loads(file.read_text(encoding="utf-8"))["rules"]
