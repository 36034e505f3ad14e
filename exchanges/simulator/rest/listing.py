"""Finding what a request is about, with the venue's complaint when it is not there."""

from collections.abc import Callable
from typing import Any

from exchanges.simulator.floor import TradingFloor
from exchanges.simulator.market.klines import INTERVAL_MINUTES
from exchanges.simulator.market.pairs import Pair
from exchanges.simulator.rest.endpoints import Query, VenueError


def required_pair(floor: TradingFloor, query: Query) -> Pair:
    """The listed pair named by `symbol`."""
    pair = floor.find(query.required("symbol"))
    if pair is None:
        raise VenueError(-1121, "Invalid symbol.")
    return pair


def one_or_all(floor: TradingFloor, query: Query) -> Pair | list[Pair]:
    """The pair named by `symbol`, or every listed pair when none is named."""
    return floor.listed() if query.text("symbol") is None else required_pair(floor, query)


def required_interval(query: Query, name: str) -> int:
    """An interval in minutes."""
    minutes = INTERVAL_MINUTES.get(query.required(name))
    if minutes is None:
        raise VenueError(-1120, "Invalid interval.")
    return minutes


def by_presence(one: int, every: int) -> Callable[[Query], int]:
    """A weight that depends on whether one symbol is asked for or all."""
    return lambda query: every if query.text("symbol") is None else one


def row_or_rows(
    floor: TradingFloor, make_row: Callable[[Pair, int], dict[str, Any]]
) -> Callable[[Query], dict[str, Any] | list[dict[str, Any]]]:
    """An answer with the row of the symbol asked for, or with those of all symbols."""

    def answer(query: Query) -> dict[str, Any] | list[dict[str, Any]]:
        asked, now = one_or_all(floor, query), floor.now_ms()
        if isinstance(asked, Pair):
            return make_row(asked, now)
        return [make_row(pair, now) for pair in asked]

    return answer
