"""The taxonomy's data file as plain values."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parent / "data" / "taxonomy.json"


@dataclass(frozen=True)
class Taxonomy:
    """`types`: code, name, name_en, handlers, lead (agency slug), supporting (slugs), in the order
    of the file. `targets`: minutes per severity."""

    types: list[dict[str, Any]]
    targets: list[dict[str, Any]]


def read_taxonomy(file: Path = FILE) -> Taxonomy:
    content = json.loads(file.read_text(encoding="utf-8"))
    return Taxonomy(content["types"], content["targets"])
