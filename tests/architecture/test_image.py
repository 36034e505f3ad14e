"""The container image has everything that runs, nothing that must not be in it, and no rights."""

import ast
import re
import subprocess
import sys
import tomllib

from tests.architecture.paths import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def _copied() -> set[str]:
    lines = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    return {name for line in lines for name in line.split()}


def _let_through() -> set[str]:
    text = (ROOT / ".dockerignore").read_text(encoding="utf-8")
    return set(re.findall(r"^!(\S+)$", text, re.MULTILINE))


def _rooms() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return set(project["tool"]["importlinter"]["root_packages"])


def _imported_by(room: str) -> set[str]:
    """The outermost packages that a room imports anywhere, in functions too."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / room).rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    modules = {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
    modules |= {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    return {module.partition(".")[0] for module in modules}


def _health_check() -> list[str]:
    """The command that asks whether the bot is well."""
    written = re.search(r"^HEALTHCHECK .*\\\n\s+CMD (\[.+\])$", DOCKERFILE, re.MULTILINE)
    assert written
    command: list[str] = ast.literal_eval(written[1])
    return command


def test_every_room_is_in_the_image() -> None:
    assert _rooms() <= _copied()


def test_whatever_of_ours_is_imported_in_the_image_is_in_the_image() -> None:
    ours = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    imported = {name for room in _rooms() | {"verifier"} for name in _imported_by(room)}

    assert imported & ours <= _copied()


def test_what_is_copied_exists_and_is_let_through() -> None:
    assert _copied() == _let_through()
    for name in _copied():
        assert (ROOT / name).exists(), name


def test_secrets_and_data_stay_outside() -> None:
    assert not {".env", "var", ".git"} & _let_through()


def test_everything_of_ours_is_compiled_in_the_image() -> None:
    assert re.search(r"^RUN python -m compileall -q \.$", DOCKERFILE, re.MULTILINE)


def test_the_bot_runs_without_rights() -> None:
    users = re.findall(r"^USER (\d+):(\d+)$", DOCKERFILE, re.MULTILINE)

    assert [int(each) > 0 for each in users[-1]] == [True, True]
    assert DOCKERFILE.index("\nUSER ") > DOCKERFILE.rindex("\nRUN ")


def test_dependencies_are_built_in_a_stage_of_their_own() -> None:
    stages = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)

    assert len(stages) == 2
    assert "pip install" not in DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]


def test_base_images_are_pinned_to_a_patch_version() -> None:
    for image in re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE):
        assert re.fullmatch(r"[\w/]+:\d+\.\d+\.\d+-[\w-]+(@sha256:[0-9a-f]{64})?", image), image


def test_the_health_check_needs_nobody_when_nothing_is_served() -> None:
    assert _asked(port="0") == 0


def test_the_health_check_fails_when_nobody_answers() -> None:
    assert _asked(port="1") != 0


def _asked(*, port: str) -> int:
    command = [sys.executable, *_health_check()[1:]]
    done = subprocess.run(
        command, env={"MONITORING_PORT": port}, stderr=subprocess.DEVNULL, check=False
    )
    return done.returncode
