"""Leverage brackets as they usually are: real ones are told to account holders only.

After Binance's public table of USD-M contracts, rounded: one for the majors, one for all others.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from exchanges.matching.terms import Bracket

_MAJORS: Final = {"BTC", "ETH"}

_MAJOR_ROWS: Final = (
    (300_000, 125, "0.004"),
    (800_000, 100, "0.005"),
    (3_000_000, 75, "0.0065"),
    (12_000_000, 50, "0.01"),
    (70_000_000, 25, "0.02"),
    (230_000_000, 10, "0.05"),
    (480_000_000, 5, "0.1"),
    (1_200_000_000, 2, "0.25"),
    (1_800_000_000, 1, "0.5"),
)
"""Notional up to which a bracket reaches, its highest leverage, its maintenance margin rate."""

_OTHER_ROWS: Final = (
    (10_000, 75, "0.01"),
    (50_000, 50, "0.015"),
    (200_000, 25, "0.025"),
    (1_000_000, 10, "0.05"),
    (5_000_000, 5, "0.1"),
    (10_000_000, 2, "0.25"),
    (20_000_000, 1, "0.5"),
)


def usual_brackets(base: str) -> tuple[Bracket, ...]:
    """The brackets of a coin, by rising cap."""
    return tuple(_without_jumps(_MAJOR_ROWS if base in _MAJORS else _OTHER_ROWS))


def _without_jumps(rows: Iterable[tuple[int, int, str]]) -> Iterable[Bracket]:
    """The amount taken off makes the maintenance margin the same on both sides of each cap."""
    last_cap, last_rate, amount = Decimal(0), Decimal(0), Decimal(0)
    for cap, leverage, rate in rows:
        amount += last_cap * (Decimal(rate) - last_rate)
        last_cap, last_rate = Decimal(cap), Decimal(rate)
        yield Bracket(
            cap=last_cap,
            maximum_leverage=leverage,
            maintenance_rate=last_rate,
            maintenance_amount=amount,
        )
