"""Listen keys live as long as they are renewed, one for each account."""

import pytest

from exchanges.simulator.trading.stream.listen_keys import ListenKeys
from tests.unit.simulator.conftest import HandClock


@pytest.fixture
def wall() -> HandClock:
    return HandClock()


@pytest.fixture
def keys(wall: HandClock) -> ListenKeys:
    return ListenKeys(wall, 60.0)


def test_an_account_has_one_key_and_another_has_another(keys: ListenKeys) -> None:
    assert keys.ask("a") == keys.ask("a") == keys.current("a")
    assert keys.ask("b") != keys.ask("a")
    assert len(keys.ask("a")) == 64


def test_a_key_ends_when_its_life_is_over(keys: ListenKeys, wall: HandClock) -> None:
    key = keys.ask("a")
    wall.seconds += 59.9
    assert keys.expired() == []

    wall.seconds += 0.1

    assert keys.expired() == [("a", key)]
    assert keys.expired() == []
    assert keys.current("a") is None
    assert keys.ask("a") != key


@pytest.mark.parametrize("again", [ListenKeys.ask, ListenKeys.renew])
def test_asking_and_renewing_begin_a_life_anew(
    keys: ListenKeys, wall: HandClock, again: object
) -> None:
    key = keys.ask("a")
    wall.seconds += 59.0
    assert callable(again)
    assert again(keys, "a") == key

    wall.seconds += 59.0

    assert keys.expired() == []


def test_what_does_not_exist_cannot_be_renewed(keys: ListenKeys) -> None:
    assert keys.renew("a") is None
    keys.ask("a")
    keys.end("a")
    keys.end("a")
    assert keys.renew("a") is None
