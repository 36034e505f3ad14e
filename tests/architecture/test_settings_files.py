"""The files that show the settings say what the code declares."""

import re
import tomllib
from pathlib import Path

import pytest

from app import settings_document, strategy_file
from app.settings import Settings, load_settings
from app.settings.strategy import Strategy
from app.settings.threshold import Table, tables
from app.settings.variable import declared_variables
from tests.architecture.paths import ROOT

ENV_EXAMPLE = ROOT / ".env.example"
STRATEGY_FILE = ROOT / "config/quorum.toml"
FOR_COMPOSE_ONLY = {"POSTGRES_PASSWORD"}


def _assignments(text: str) -> dict[str, str]:
    """Every NAME=value of an env file, commented or not."""
    return dict(re.findall(r"^#?([A-Z_]+)=(.*)$", text, re.MULTILINE))


def _uncommented(text: str) -> str:
    """The strategy file with every default set."""
    return re.sub(r"^#(?=\w+ = )", "", text, flags=re.MULTILINE)


def test_env_example_names_every_variable_and_no_other() -> None:
    names = {declared.variable.name for declared in declared_variables(Settings)}

    assert set(_assignments(ENV_EXAMPLE.read_text(encoding="utf-8"))) == names | FOR_COMPOSE_ONLY


def test_env_example_shows_the_defaults() -> None:
    shown = _assignments(ENV_EXAMPLE.read_text(encoding="utf-8"))

    for declared in declared_variables(Settings):
        assert shown[declared.variable.name] == declared.default_text


def test_env_example_changes_nothing_when_it_is_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    assert load_settings({}, env_file=ENV_EXAMPLE) == load_settings({}, env_file=None)


def test_the_configuration_document_is_up_to_date() -> None:
    written = (ROOT / settings_document.DOCUMENT).read_text(encoding="utf-8")

    assert written == settings_document.render(Settings), "make docs"


def test_the_strategy_file_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    load_settings({"QUORUM_CONFIG": "config/quorum.toml"}, env_file=None)


def test_the_strategy_file_lists_every_threshold_with_its_default() -> None:
    text = STRATEGY_FILE.read_text(encoding="utf-8")
    every, changed = tomllib.loads(_uncommented(text)), tomllib.loads(text)
    expected = tomllib.loads(_uncommented(strategy_file.render(Strategy, changed)))

    assert every == expected, "make docs"


def test_the_defaults_as_written_are_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "every.toml"
    path.write_text(_uncommented(strategy_file.render(Strategy, {})), encoding="utf-8")

    loaded = load_settings({"QUORUM_CONFIG": str(path)}, env_file=None)

    assert loaded.strategy == Settings().strategy


def test_writing_the_strategy_file_anew_keeps_what_is_set(tmp_path: Path) -> None:
    path = tmp_path / "quorum.toml"
    path.write_text(
        '[confluence]\nlayers = ["technical"]\nhigh_threshold = 82.5\n', encoding="utf-8"
    )

    strategy_file.write_strategy_file(path)

    assert tomllib.loads(path.read_text(encoding="utf-8"))["confluence"] == {
        "layers": ["technical"],
        "high_threshold": 82.5,
    }
    assert "#maximum_pairs = 40" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("table", tables(Strategy), ids=lambda table: table.title)
def test_every_default_lies_in_its_range_and_is_explained(table: Table) -> None:
    assert table.group.__doc__
    for threshold in table.thresholds:
        assert not threshold.is_refused(threshold.default), threshold.path
        assert threshold.doc, threshold.path
        assert threshold.unit, threshold.path
        assert threshold.source, threshold.path
