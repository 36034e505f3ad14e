"""`parameters ...`: list, show, use, rollback, drop and add, as an operator types them."""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.command_line import commands
from app.live_parameters import lay_over_live_set
from app.settings import Settings, load_settings
from app.stored import is_readable
from db.engine import create_database_engine
from db.migrate import MigrationState
from db.unit_of_work import SqlStorage
from domain.errors import ConfigurationError
from domain.readiness import CONFLUENCE
from tests.builders.research import make_change, make_parameter_set

VALUES = """\
[confluence]
medium_threshold = 67

[risk.levels]
stop_atr_multiple = 1.75
"""


def run(folder: Path, *typed: str, code: int = 0) -> str:
    """What a command says, errors too; it has to end with `code`."""
    environ = {"DATABASE_URL": database_of(folder), "COLUMNS": "200"}
    result = CliRunner().invoke(commands, ["parameters", *typed], env=environ)
    said = result.output
    assert result.exit_code == code, said
    return said


def database_of(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder}/quorum.sqlite"


def add(folder: Path, text: str = VALUES, *typed: str, code: int = 0) -> str:
    file = folder / "mine.toml"
    file.write_text(text, encoding="utf-8")
    return run(folder, "add", "--values", str(file), *typed, code=code)


def settings_of(folder: Path) -> Settings:
    return load_settings({"DATABASE_URL": database_of(folder)}, env_file=None)


async def keep_live(folder: Path, values: dict[str, float]) -> None:
    """A set that is live, as a later version may find it."""
    engine = create_database_engine(database_of(folder))
    async with SqlStorage(engine)() as unit:
        await unit.parameter_sets.add(make_parameter_set(9, values=values))
        await unit.parameter_sets.add_change(CONFLUENCE, make_change(9))
        await unit.commit()
    await engine.dispose()


def test_a_set_is_added_used_and_rolled_back(tmp_path: Path) -> None:
    assert "kept as version 1" in add(tmp_path, VALUES, "--note", "wider stops")
    assert "* the strategy file alone" in run(tmp_path, "list")
    assert "version 1 is live from the next start on" in run(tmp_path, "use", "1")
    listed = run(tmp_path, "list")
    assert "* version 1" in listed
    assert "numbers: 2, by hand, mine.toml - wider stops" in listed
    assert "version 1, terminal: " in listed
    assert "the strategy file alone is live again" in run(tmp_path, "rollback")
    assert "* the strategy file alone" in run(tmp_path, "list")


def test_switching_back_to_a_set_takes_what_came_after_it_off_the_way_back(tmp_path: Path) -> None:
    add(tmp_path)
    add(tmp_path)
    for version in ("1", "2", "1"):
        run(tmp_path, "use", version)
    assert "the strategy file alone is live again" in run(tmp_path, "rollback")
    run(tmp_path, "use", "2")
    run(tmp_path, "drop")
    assert "nothing before it to go back to" in run(tmp_path, "rollback", code=2)


def test_the_help_of_rollback_says_which_way_it_goes(tmp_path: Path) -> None:
    said = " ".join(run(tmp_path, "rollback", "--help").replace("│", " ").split())
    assert "after use 1, use 2, use 1 a rollback leads to the strategy file alone" in said.replace(
        "`", ""
    )


def test_a_set_is_shown_beside_the_strategy_file(tmp_path: Path) -> None:
    add(tmp_path)
    shown = run(tmp_path, "show", "1")
    assert "confluence.medium_threshold = 67 (strategy file 65)" in shown
    assert "risk.levels.stop_atr_multiple = 1.75 (strategy file 1.5)" in shown


def test_a_live_set_is_dropped(tmp_path: Path) -> None:
    add(tmp_path)
    run(tmp_path, "use", "1")
    assert "the strategy file alone is live from the next start on" in run(tmp_path, "drop")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[confluence]\nmedium_treshold = 67\n", "did you mean confluence.medium_threshold"),
        ("[confluence]\nmedium_threshold = 167\n", "allowed is"),
        ("[readiness]\ntrades = 1\n", "no such number"),
        ("[confluence]\nmedium_threshold = 'high'\n", "no number"),
        ("", "at least one number"),
        ("not toml", "cannot be read"),
    ],
)
def test_what_cannot_be_a_set_is_refused_in_one_text(tmp_path: Path, text: str, said: str) -> None:
    refused = add(tmp_path, text, code=2)
    assert refused.count("error:") == 1
    assert said in refused
    assert "Traceback" not in refused


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("use", "7"), "no parameter set 7"),
        (("show", "7"), "no parameter set 7"),
        (("rollback",), "nothing before it to go back to"),
        (("add", "--values", "/nowhere/mine.toml"), "cannot be read"),
    ],
)
def test_what_is_not_there_is_told(tmp_path: Path, typed: tuple[str, ...], said: str) -> None:
    assert said in run(tmp_path, *typed, code=2)


def test_a_live_set_is_laid_over_the_settings(tmp_path: Path) -> None:
    add(tmp_path)
    run(tmp_path, "use", "1")
    final, running = asyncio.run(lay_over_live_set(settings_of(tmp_path)))
    assert final.strategy.confluence.medium_threshold == 67.0
    assert final.strategy.risk.levels.stop_atr_multiple == 1.75
    assert running.version == 1
    assert [(each.name, each.value, each.in_file) for each in running.overlaid] == [
        ("confluence.medium_threshold", 67, 65.0),
        ("risk.levels.stop_atr_multiple", 1.75, 1.5),
    ]


def test_without_a_database_the_strategy_file_alone_is_in_force(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    final, running = asyncio.run(lay_over_live_set(settings))
    assert final == settings
    assert running.version is None
    assert not list(tmp_path.iterdir())


def test_what_the_file_changes_and_a_set_does_not_is_told_apart(tmp_path: Path) -> None:
    file = tmp_path / "strategy.toml"
    file.write_text("[confluence]\nmedium_threshold = 66\nhigh_threshold = 81\n", encoding="utf-8")
    add(tmp_path)
    run(tmp_path, "use", "1")
    settings = load_settings(
        {"DATABASE_URL": database_of(tmp_path), "QUORUM_CONFIG": str(file)}, env_file=None
    )
    _, running = asyncio.run(lay_over_live_set(settings))
    assert running.changed == ["confluence.high_threshold = 81.0"]
    assert running.overlaid[0].in_file == 66.0


def test_a_live_set_that_does_not_fit_any_more_stops_the_start_with_a_way_out(
    tmp_path: Path,
) -> None:
    run(tmp_path, "list")
    asyncio.run(keep_live(tmp_path, {"confluence.gone": 1.0}))
    with pytest.raises(ConfigurationError, match=r"set 9 is live.*confluence\.gone.*rollback"):
        asyncio.run(lay_over_live_set(settings_of(tmp_path)))
    run(tmp_path, "rollback")
    _, running = asyncio.run(lay_over_live_set(settings_of(tmp_path)))
    assert running.version is None


@pytest.mark.parametrize(
    ("current", "is_newer", "is_read"),
    [
        (None, False, False),
        ("0004", False, False),
        ("0005", False, True),
        ("0006", False, True),
        ("0007", False, True),
        ("0008", True, False),
    ],
)
def test_the_first_start_after_an_update_reads_its_live_set_too(
    current: str | None, is_newer: bool, is_read: bool
) -> None:
    state = MigrationState(current=current, head="0007", is_newer=is_newer)
    assert is_readable(state, since="0005") is is_read
    assert is_readable(state, since=None) is (current == "0007")
