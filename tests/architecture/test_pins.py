"""The pinned packages are those that pyproject.toml asks for, each with the hashes of its files."""

import re
import tomllib
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from app.version import VERSION
from tests.architecture.paths import ROOT

_HASHES = re.compile(r"^\S.*?( --hash=sha256:[0-9a-f]{64})+$")


def _project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _pins(name: str) -> dict[str, set[str]]:
    """The pinned versions of each package; several where they depend on the machine."""
    pins: dict[str, set[str]] = {}
    for line in _pinned_lines(name):
        pinned = Requirement(line.partition(" --hash")[0])
        versions = {each.version for each in pinned.specifier if each.operator == "=="}
        assert versions, line
        pins.setdefault(canonicalize_name(pinned.name), set()).update(versions)
    return pins


def _pinned_lines(name: str) -> list[str]:
    """The packages of a requirements file with their hashes behind them, one a line."""
    text = re.sub(r"\s*\\\n\s*", " ", (ROOT / name).read_text(encoding="utf-8"))
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _assert_met(wanted: list[str], pins: dict[str, set[str]]) -> None:
    for text in wanted:
        requirement = Requirement(text)
        versions = pins.get(canonicalize_name(requirement.name), set())
        assert versions, f"{text} is not pinned: make requirements"
        unfit = [version for version in versions if not requirement.specifier.contains(version)]
        assert not unfit, f"{text} is pinned to {unfit}: make requirements"


def test_runtime_pins_meet_the_project() -> None:
    _assert_met(_project()["project"]["dependencies"], _pins("requirements.txt"))


def test_development_pins_meet_the_groups() -> None:
    groups = _project()["dependency-groups"]
    wanted = [each for group in groups.values() for each in group if isinstance(each, str)]

    _assert_met(wanted, _pins("requirements-dev.txt"))


def test_tests_run_on_the_runtime_pins() -> None:
    development = _pins("requirements-dev.txt")

    for name, versions in _pins("requirements.txt").items():
        assert development.get(name) == versions, name


def test_the_version_is_that_of_the_project() -> None:
    assert _project()["project"]["version"] == VERSION


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_pin_has_the_hashes_of_its_files(name: str) -> None:
    lines = _pinned_lines(name)

    assert len(lines) > 10
    assert not [line for line in lines if not _HASHES.search(line)]


@pytest.mark.parametrize("name", ["Makefile", "Dockerfile", "docs/deployment.md"])
def test_pins_are_installed_by_their_hashes_alone(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    installed = [line for line in text.splitlines() if re.search(r"pip install.* -r ", line)]

    assert installed
    assert all("--require-hashes" in line for line in installed)
