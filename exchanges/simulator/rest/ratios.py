"""/futures/data: open interest history, long/short ratios, taker volumes."""

from collections.abc import Callable
from typing import Any, Final

from exchanges.simulator.floor import TradingFloor
from exchanges.simulator.market.bars import MINUTE_MS
from exchanges.simulator.market.derivatives import (
    Positioning,
    mark_at,
    open_interest,
    positioning,
    taker_volumes,
)
from exchanges.simulator.market.pairs import Pair
from exchanges.simulator.rest.endpoints import Endpoint, Query
from exchanges.simulator.rest.listing import required_interval, required_pair
from exchanges.simulator.rest.metering import FUTURES_DATA

Row = dict[str, Any]
RowMaker = Callable[[Pair, int, int], Row]
"""Makes a row from a pair, the instant it is about, and the length of its period."""

_KEPT_MS: Final = 30 * 24 * 60 * MINUTE_MS


def endpoints(floor: TradingFloor) -> list[Endpoint]:
    """Endpoints for statistics by period; all share one request pool."""
    rows: tuple[tuple[str, RowMaker], ...] = (
        ("openInterestHist", _open_interest_row),
        ("globalLongShortAccountRatio", _ratio_row(lambda who: who.accounts)),
        ("topLongShortAccountRatio", _ratio_row(lambda who: who.top_accounts)),
        ("topLongShortPositionRatio", _ratio_row(lambda who: who.top_positions)),
        ("takerlongshortRatio", _taker_row),
    )
    return [
        Endpoint(path=f"/futures/data/{name}", answer=_history(floor, make), pool=FUTURES_DATA)
        for name, make in rows
    ]


def _history(floor: TradingFloor, make_row: RowMaker) -> Callable[[Query], list[Row]]:
    def answer(query: Query) -> list[Row]:
        pair = required_pair(floor, query)
        period = required_interval(query, "period") * MINUTE_MS
        limit, now = query.limit(30, 500), floor.now_ms()
        begin, end = query.integer("startTime"), query.integer("endTime")
        last = (now if end is None else min(end, now)) // period
        earliest = -(-max(pair.bars.start_ms, now - _KEPT_MS) // period)
        first = max(earliest, last - limit + 1 if begin is None else -(-begin // period))
        numbers = range(first, last + 1)[:limit]
        return [make_row(pair, number * period, period) for number in numbers]

    return answer


def _open_interest_row(pair: Pair, at_ms: int, _: int) -> Row:
    quantity = open_interest(pair, at_ms) * pair.contract.quantities.size
    return {
        "symbol": pair.symbol,
        "sumOpenInterest": f"{quantity:.8f}",
        "sumOpenInterestValue": f"{quantity * mark_at(pair, at_ms).price:.8f}",
        "timestamp": at_ms,
    }


def _ratio_row(long_share: Callable[[Positioning], float]) -> RowMaker:
    def make_row(pair: Pair, at_ms: int, _: int) -> Row:
        share = long_share(positioning(pair, at_ms))
        return {
            "symbol": pair.symbol,
            "longShortRatio": f"{share / (1.0 - share):.4f}",
            "longAccount": f"{share:.4f}",
            "shortAccount": f"{1.0 - share:.4f}",
            "timestamp": at_ms,
        }

    return make_row


def _taker_row(pair: Pair, at_ms: int, period: int) -> Row:
    """Taker volumes of the period that ends at the row's time."""
    buys, sells = taker_volumes(pair, at_ms - period, at_ms)
    text = pair.contract.quantities.text
    return {
        "buySellRatio": f"{buys / sells if sells else 1.0:.4f}",
        "buyVol": text(buys),
        "sellVol": text(sells),
        "timestamp": at_ms,
    }
