"""Numbers of intents, which orders are named after."""

from datetime import UTC, datetime, timedelta

from domain.intents import number_at
from domain.orders import ClientId, OrderRole

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_a_second_later_the_number_is_higher_whatever_the_database_knows() -> None:
    assert number_at(NOW, 1) > 13
    assert number_at(NOW + timedelta(seconds=1), 1) == number_at(NOW, 1) + 1


def test_within_one_second_the_database_counts_on() -> None:
    first = number_at(NOW, 1)
    assert number_at(NOW, first + 1) == first + 1


def test_in_a_market_of_the_past_the_database_counts() -> None:
    assert number_at(datetime(2025, 10, 6, tzinfo=UTC), 4) == 4


def test_a_name_has_room_for_it_until_2057() -> None:
    number = number_at(datetime(2057, 1, 1, tzinfo=UTC), 1)
    name = ClientId(tag="abc123", intent_id=number, role=OrderRole.STOP, rung=0, attempt=999_999)
    assert len(str(name)) <= 36
    assert ClientId.parse(str(name)) == name
