"""The result of an account's day."""

from decimal import Decimal

from risk.accounts.day import PositionResult, compute_account_day
from tests.builders.signals import CLOSED_AT

TODAY = CLOSED_AT.date()
EQUITY = Decimal(1000)


def result(closed: str, open_: str = "0", *, is_priced: bool = True) -> PositionResult:
    return PositionResult(
        pair="SOL/USDT", closed=Decimal(closed), open=Decimal(open_), is_priced=is_priced
    )


def test_quiet_day_is_nothing() -> None:
    day = compute_account_day(TODAY, EQUITY, ended=(), live=())
    assert (day.day, day.total_percent) == (TODAY, Decimal(0))
    assert day.unpriced == ()


def test_closed_parts_of_ended_and_live_positions_and_open_ones_count() -> None:
    day = compute_account_day(TODAY, EQUITY, ended=[result("-20")], live=[result("5", "-10")])
    assert (day.realised_percent, day.open_percent) == (Decimal("-1.5"), Decimal(-1))
    assert day.total_percent == day.certain_percent == Decimal("-2.5")


def test_what_is_open_without_a_price_is_assumed_not_certain() -> None:
    live = [result("0", "-30", is_priced=False), result("0", "-4")]
    day = compute_account_day(TODAY, EQUITY, ended=(), live=live)
    assert (day.total_percent, day.certain_percent) == (Decimal("-3.4"), Decimal("-0.4"))
    assert day.unpriced == ("SOL/USDT",)
