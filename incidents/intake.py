"""The data files of the taxonomy and of the Gakkumdu clock as plain values."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parent / "data" / "taxonomy.json"
CLOCK = FILE.with_name("gakkumdu.json")


@dataclass(frozen=True)
class Taxonomy:
    """`types`: code, name, name_en, handlers, lead (agency slug), supporting (slugs), of some
    complained_of (slugs), in the order of the file. `targets`: minutes per severity."""

    types: list[dict[str, Any]]
    targets: list[dict[str, Any]]


def read_taxonomy(file: Path = FILE) -> Taxonomy:
    content = json.loads(file.read_text(encoding="utf-8"))
    return Taxonomy(content["types"], content["targets"])


def read_clock(file: Path = CLOCK) -> list[dict[str, Any]]:
    """The steps of the Gakkumdu clock in their order, each as `ClockStep` has it."""
    return json.loads(file.read_text(encoding="utf-8"))["steps"]
