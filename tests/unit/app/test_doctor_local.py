"""The doctor's looks at this machine: settings, versions, disk, database, administrators."""

import importlib.metadata
from pathlib import Path

import pytest
from sqlalchemy import URL, text

from app.doctor.administrators import examine_administrators, judge_administrators
from app.doctor.check import CheckResult, Examination, Status
from app.doctor.database import examine_database, judge_migrations
from app.doctor.disk import examine_disk, judge_room
from app.doctor.settings import examine_settings
from app.doctor.versions import examine_versions, find_deviations, judge_packages, read_pins
from app.settings import load_settings
from app.settings.changed import changed_thresholds
from db.engine import create_database_engine, parse_database_url
from db.migrate import MigrationState, upgrade


async def _lines(examination: Examination) -> list[CheckResult]:
    return [line async for line in examination]


def _file(folder: Path) -> URL:
    return parse_database_url(f"sqlite:///{folder}/quorum.sqlite")


def _made(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def _migrate(url: URL) -> None:
    engine = create_database_engine(url)
    await upgrade(engine)
    await engine.dispose()


def test_a_missing_strategy_file_is_a_warning(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)

    (line,) = examine_settings(load_settings({}, env_file=None))

    assert line.status is Status.WARNING
    assert "config/quorum.toml" in line.detail


def test_changed_thresholds_are_named_with_their_values(tmp_path: Path) -> None:
    path = tmp_path / "strategy.toml"
    path.write_text(
        "[scanner]\nmaximum_pairs = 40\n[technical.periods]\nrsi = 21\n"
        "[confluence]\nlow_quality_hours = [4, 5]\n",
        encoding="utf-8",
    )

    settings = load_settings({"QUORUM_CONFIG": str(path)}, env_file=None)

    assert changed_thresholds(settings) == [
        "technical.periods.rsi = 21",
        "confluence.low_quality_hours = [4, 5]",
    ]


def test_pins_are_read_with_their_conditions() -> None:
    pins = read_pins(
        "numpy==2.4.6 ; python_full_version < '3.12'\nnumpy==2.5.5\nrich==15.0.0\n#x\n"
    )

    assert pins == {"numpy": {"2.4.6", "2.5.5", ""}, "rich": {"15.0.0"}}


def test_a_package_that_is_not_as_pinned_is_found() -> None:
    rich = importlib.metadata.version("rich")
    pins = {
        "rich": {rich},
        "typer": {"0.0.1"},
        "no-such-package": {"1"},
        "only-elsewhere": {"1", ""},
    }

    assert find_deviations(pins) == [
        f"typer {importlib.metadata.version('typer')}",
        "no-such-package is missing",
    ]


def test_many_deviations_are_counted_not_listed() -> None:
    line = judge_packages([f"p{number} 1" for number in range(8)])

    assert line.status is Status.WARNING
    assert "p4 1 and 3 more" in line.detail


def test_this_environment_is_as_pinned() -> None:
    assert {line.status for line in examine_versions()} == {Status.OK}


@pytest.mark.parametrize(
    ("free_bytes", "status"),
    [(199_000_000, Status.FAILURE), (1_900_000_000, Status.WARNING), (2_100_000_000, Status.OK)],
)
def test_room_on_the_disk_is_judged(free_bytes: int, status: Status) -> None:
    assert judge_room(free_bytes).status is status


def test_a_folder_that_is_not_there_yet_is_judged_by_its_parent(tmp_path: Path) -> None:
    writable, _ = examine_disk(tmp_path / "var" / "deep")

    assert writable.status is Status.OK
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize("folder", ["var", "var/deeper"])
def test_a_data_folder_that_is_a_file_is_a_failure(tmp_path: Path, folder: str) -> None:
    (tmp_path / "var").write_text("not a folder")

    writable, _ = examine_disk(tmp_path / folder)

    assert writable.status is Status.FAILURE
    assert f"{tmp_path / 'var'} is a file" in writable.detail


def test_a_folder_that_can_not_be_written_to_is_a_failure() -> None:
    writable, _ = examine_disk(Path("/proc/self"))

    assert writable.status is Status.FAILURE
    assert "chown" in writable.mend


async def test_a_database_file_that_is_not_there_yet_is_not_made(tmp_path: Path) -> None:
    (line,) = await _lines(examine_database(_file(tmp_path)))

    assert line.status is Status.OK
    assert not _made(tmp_path)


async def test_a_migrated_database_is_current(tmp_path: Path) -> None:
    await _migrate(_file(tmp_path))

    (line,) = await _lines(examine_database(_file(tmp_path)))

    assert line.status is Status.OK
    assert "migrations are current" in line.detail


async def test_a_database_server_that_is_away_is_a_failure_without_its_password() -> None:
    url = parse_database_url("postgresql://quorum:hush-hush@127.0.0.1:1/quorum")

    (line,) = await _lines(examine_database(url))

    assert line.status is Status.FAILURE
    assert "hush-hush" not in f"{line}"


def test_an_older_database_is_a_warning_and_an_empty_one_is_not() -> None:
    older = judge_migrations(MigrationState(current="0001", head="0002"), "a database")
    empty = judge_migrations(MigrationState(current=None, head="0002"), "a database")

    assert older.status is Status.WARNING
    assert empty.status is Status.OK


async def test_a_database_from_a_newer_version_is_a_failure(tmp_path: Path) -> None:
    await _migrate(_file(tmp_path))
    engine = create_database_engine(_file(tmp_path))
    async with engine.connect() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await engine.dispose()

    (line,) = await _lines(examine_database(_file(tmp_path)))

    assert line.status is Status.FAILURE
    assert "9999" in line.detail
    assert "update Quorum" in line.mend


async def test_somebody_must_be_able_to_give_orders(tmp_path: Path) -> None:
    await _migrate(_file(tmp_path))

    (nobody,) = await _lines(examine_administrators(_file(tmp_path), ()))
    (named,) = await _lines(examine_administrators(_file(tmp_path), (11, 12)))

    assert nobody.status is Status.WARNING
    assert named.status is Status.OK
    assert judge_administrators(set(), {13}).detail == (
        "0 from TELEGRAM_ADMIN_IDS, 1 paired with a code"
    )


async def test_a_database_that_is_away_does_not_hide_who_is_named() -> None:
    url = parse_database_url("postgresql://quorum:hush-hush@127.0.0.1:1/quorum")

    (line,) = await _lines(examine_administrators(url, (11,)))

    assert line.status is Status.OK
