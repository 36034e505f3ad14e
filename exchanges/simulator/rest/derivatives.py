"""Premium index, funding and open interest."""

from typing import Any

from exchanges.simulator.floor import TradingFloor
from exchanges.simulator.market.derivatives import (
    FUNDING_MS,
    funding_rate,
    mark_at,
    open_interest,
)
from exchanges.simulator.market.pairs import Pair
from exchanges.simulator.rest.endpoints import Endpoint, Query
from exchanges.simulator.rest.listing import by_presence, required_pair, row_or_rows
from exchanges.simulator.rest.metering import FUNDING

Row = dict[str, Any]


def endpoints(floor: TradingFloor) -> list[Endpoint]:
    """Endpoints for what only perpetuals have."""

    def funding_history(query: Query) -> list[Row]:
        return _funding_rows(required_pair(floor, query), query, floor.now_ms())

    def open_interest_now(query: Query) -> Row:
        pair, now = required_pair(floor, query), floor.now_ms()
        text = pair.contract.quantities.text(open_interest(pair, now))
        return {"openInterest": text, "symbol": pair.symbol, "time": now}

    def adjusted_funding(_: Query) -> list[Row]:
        return []

    return [
        Endpoint(
            path="/fapi/v1/premiumIndex",
            answer=row_or_rows(floor, _premium_row),
            weight=by_presence(1, 10),
        ),
        Endpoint(path="/fapi/v1/fundingRate", answer=funding_history, pool=FUNDING),
        Endpoint(path="/fapi/v1/fundingInfo", answer=adjusted_funding, pool=FUNDING),
        Endpoint(path="/fapi/v1/openInterest", answer=open_interest_now),
    ]


def _premium_row(pair: Pair, now_ms: int) -> Row:
    mark = mark_at(pair, now_ms)
    return {
        "symbol": pair.symbol,
        "markPrice": f"{mark.price:.8f}",
        "indexPrice": f"{mark.index_price:.8f}",
        "estimatedSettlePrice": f"{mark.index_price:.8f}",
        "lastFundingRate": f"{mark.rate:.8f}",
        "interestRate": "0.00010000",
        "nextFundingTime": mark.next_funding_ms,
        "time": now_ms,
    }


def _funding_rows(pair: Pair, query: Query, now_ms: int) -> list[Row]:
    """Payments within the time asked for, oldest first; the newest ones when no start is given."""
    limit = query.limit(100, 1000)
    begin, end = query.integer("startTime"), query.integer("endTime")
    last = (now_ms if end is None else min(end, now_ms)) // FUNDING_MS
    earliest = pair.bars.start_ms // FUNDING_MS + 1
    first = max(earliest, last - limit + 1 if begin is None else -(-begin // FUNDING_MS))
    return [_funding_row(pair, number * FUNDING_MS) for number in range(first, last + 1)[:limit]]


def _funding_row(pair: Pair, paid_ms: int) -> Row:
    return {
        "symbol": pair.symbol,
        "fundingTime": paid_ms,
        "fundingRate": f"{funding_rate(pair, paid_ms):.8f}",
        "markPrice": f"{mark_at(pair, paid_ms).price:.8f}",
    }
