"""Bots that share a Redis read no values of another database, exchange or address."""

import pytest
from pydantic import SecretStr

from app.foundation import cache_scope
from app.settings.sections import ExchangeSettings, StorageSettings

DATABASE = "postgresql://quorum:secret@db/quorum"
TESTNET = "https://testnet.example"


def scope_of(url: str = DATABASE, name: str = "binanceusdm", rest_url: str | None = None) -> str:
    storage = StorageSettings(database_url=SecretStr(url))
    return cache_scope(storage, ExchangeSettings(name=name, rest_url=rest_url))


def test_a_restart_finds_its_values_again_whatever_the_password() -> None:
    assert scope_of() == scope_of()
    assert scope_of() == scope_of(DATABASE.replace("secret", "changed"))


@pytest.mark.parametrize(
    "other",
    [
        scope_of(url="postgresql://quorum:secret@db/another"),
        scope_of(name="bybit"),
        scope_of(rest_url=TESTNET),
    ],
)
def test_another_database_exchange_or_address_has_values_of_its_own(other: str) -> None:
    assert other != scope_of()


def test_a_scope_shows_no_secret() -> None:
    scope = scope_of(rest_url="https://somebody:hunter2@testnet.example")
    assert "secret" not in scope
    assert "hunter2" not in scope
