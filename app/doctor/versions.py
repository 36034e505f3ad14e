"""Looks at the versions: Python, and every package against its pin in requirements.txt."""

import re
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from app.doctor.check import CheckResult, failure, ok, warning
from app.version import VERSION

REQUIREMENTS = Path(__file__).parents[2] / "requirements.txt"

_OLDEST_PYTHON = (3, 11)
_PIN = re.compile(r"(?P<name>[\w.-]+)==(?P<version>\S+)\s*(?P<condition>;.*)?")
_NAMED_AT_MOST = 5


def examine_versions(requirements: Path = REQUIREMENTS) -> list[CheckResult]:
    """One line about Python, one about the packages."""
    pins = read_pins(requirements.read_text(encoding="utf-8"))
    return [_judge_python(sys.version_info[:3]), judge_packages(find_deviations(pins))]


def _judge_python(running: tuple[int, int, int]) -> CheckResult:
    written = ".".join(map(str, running))
    if running < _OLDEST_PYTHON:
        return failure("versions", f"Python {written}", "install Python 3.11 or newer")
    return ok("versions", f"Quorum {VERSION} on Python {written}")


def judge_packages(deviating: Sequence[str]) -> CheckResult:
    """Whether what is installed is what was tested."""
    if not deviating:
        return ok("packages", "all as pinned in requirements.txt")
    shown = ", ".join(deviating[:_NAMED_AT_MOST])
    more = f" and {len(deviating) - _NAMED_AT_MOST} more" if deviating[_NAMED_AT_MOST:] else ""
    mend = "python -m pip install -r requirements.txt"
    return warning("packages", f"not as pinned: {shown}{more}", mend)


def read_pins(text: str) -> dict[str, set[str]]:
    """The pinned versions by package: several where they depend on the machine.

    An empty version stands for "not at all", which a condition allows.
    """
    pins: dict[str, set[str]] = {}
    for found in filter(None, map(_PIN.fullmatch, text.splitlines())):
        allowed = pins.setdefault(found["name"], set())
        allowed.add(found["version"])
        if found["condition"]:
            allowed.add("")
    return pins


def find_deviations(pins: Mapping[str, set[str]]) -> list[str]:
    """Packages whose installed version is none of the pinned ones."""
    installed = {name: _installed(name) for name in pins}
    return [
        f"{name} {installed[name] or 'is missing'}"
        for name, allowed in pins.items()
        if installed[name] not in allowed
    ]


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
