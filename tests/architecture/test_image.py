"""The container image has everything that runs, and nothing that must not be in it."""

import re
import tomllib

from tests.architecture.paths import ROOT


def _copied() -> set[str]:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE)
    return {name for line in lines for name in line.split()}


def _let_through() -> set[str]:
    text = (ROOT / ".dockerignore").read_text(encoding="utf-8")
    return set(re.findall(r"^!(\S+)$", text, re.MULTILINE))


def test_every_room_is_in_the_image() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    rooms = set(project["tool"]["importlinter"]["root_packages"])

    assert rooms <= _copied()


def test_what_is_copied_exists_and_is_let_through() -> None:
    assert _copied() == _let_through()
    for name in _copied():
        assert (ROOT / name).exists(), name


def test_secrets_and_data_stay_outside() -> None:
    assert not {".env", "var", ".git"} & _let_through()
