"""Which database URLs are understood, and what a wrong one is told."""

from pathlib import Path

import pytest

from db.engine import folders_of, is_sqlite, parse_database_url
from domain.errors import ConfigurationError


@pytest.mark.parametrize(
    ("given", "understood"),
    [
        ("sqlite:///var/quorum.sqlite", "sqlite+aiosqlite:///var/quorum.sqlite"),
        ("sqlite+aiosqlite:////data/q.sqlite", "sqlite+aiosqlite:////data/q.sqlite"),
        ("postgres://u:p@host/db", "postgresql+asyncpg://u:p@host/db"),
        ("postgresql://u:p@host:5433/db", "postgresql+asyncpg://u:p@host:5433/db"),
        ("postgresql+asyncpg://u@/db?host=/run", "postgresql+asyncpg://u@/db?host=%2Frun"),
        ("postgres://u:p@host/db?sslmode=require", "postgresql+asyncpg://u:p@host/db?ssl=require"),
    ],
)
def test_usual_urls_get_the_driver_that_is_installed(given: str, understood: str) -> None:
    assert parse_database_url(given).render_as_string(hide_password=False) == understood


def test_only_an_sqlite_file_lies_in_a_folder_of_this_machine() -> None:
    assert folders_of(parse_database_url("sqlite:////data/q.sqlite")) == (Path("/data"),)
    assert folders_of(parse_database_url("sqlite:///q.sqlite")) == (Path(),)
    assert folders_of(parse_database_url("postgres://u:p@host/db")) == ()


@pytest.mark.parametrize(
    "wrong",
    [
        "mysql://quorum:hunter2@host/db",
        "postgresql+psycopg://quorum:hunter2@host/db",
        "quorum:hunter2@host/db",
        "postgresql://quorum:hunter2@host:port/db",
        "",
    ],
)
def test_a_wrong_url_is_told_what_is_allowed_without_its_password(wrong: str) -> None:
    with pytest.raises(ConfigurationError, match=r"sqlite:///.*postgresql://") as caught:
        parse_database_url(wrong)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("forgetful", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_refused(forgetful: str) -> None:
    with pytest.raises(ConfigurationError, match="forget"):
        parse_database_url(forgetful)


def test_options_that_a_file_does_not_take_are_named() -> None:
    with pytest.raises(ConfigurationError, match=r"\(mode, cache\).*leave them out"):
        parse_database_url("sqlite:///q.sqlite?mode=ro&cache=shared")


def test_the_embedded_database_is_recognised() -> None:
    assert is_sqlite(parse_database_url("sqlite:///q.sqlite"))
    assert not is_sqlite(parse_database_url("postgres://host/db"))
