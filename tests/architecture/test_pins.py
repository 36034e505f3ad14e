"""The pinned packages are those that pyproject.toml asks for."""

import tomllib
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from app.version import VERSION
from tests.architecture.paths import ROOT


def _project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _pins(name: str) -> dict[str, set[str]]:
    """The pinned versions of each package; several where they depend on the machine."""
    pins: dict[str, set[str]] = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            pinned = Requirement(line)
            versions = {each.version for each in pinned.specifier if each.operator == "=="}
            assert versions, line
            pins.setdefault(canonicalize_name(pinned.name), set()).update(versions)
    return pins


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
