"""aggTrades."""

from typing import Any, Final

from exchanges.simulator.floor import TradingFloor
from exchanges.simulator.market.bars import MINUTE_MS
from exchanges.simulator.market.pairs import Pair
from exchanges.simulator.market.trades import AggregateTrade
from exchanges.simulator.rest.endpoints import Endpoint, Query, VenueError
from exchanges.simulator.rest.listing import required_pair

_LONGEST_MS: Final = 60 * MINUTE_MS
_KEPT_MS: Final = 48 * 60 * MINUTE_MS


def endpoints(floor: TradingFloor) -> list[Endpoint]:
    """Endpoints for trades."""

    def aggregate_trades(query: Query) -> list[dict[str, Any]]:
        pair = required_pair(floor, query)
        return [_row(trade, pair) for trade in _selected(floor, pair, query)]

    return [
        Endpoint(path="/fapi/v1/aggTrades", answer=aggregate_trades, weight=lambda _: 20),
    ]


def _selected(floor: TradingFloor, pair: Pair, query: Query) -> list[AggregateTrade]:
    """From an id, or within a time span, or simply the newest."""
    limit, now = query.limit(500, 1000), floor.now_ms()
    begin, end, from_id = (query.integer(name) for name in ("startTime", "endTime", "fromId"))
    if begin is not None and end is not None and end - begin > _LONGEST_MS:
        raise VenueError(-4188, "Max time interval is 1 hour")
    if from_id is not None:
        return _from_id(floor, pair, from_id, limit)
    until = now if end is None else min(end, now)
    if begin is not None:
        begin = max(begin, now - _KEPT_MS)
        return floor.tape.between(pair, begin - 1, min(until, begin + _LONGEST_MS))[:limit]
    return _newest(floor, pair, until, limit)


def _from_id(floor: TradingFloor, pair: Pair, from_id: int, limit: int) -> list[AggregateTrade]:
    minute = floor.tape.minute_of(pair, from_id)
    trades: list[AggregateTrade] = []
    while len(trades) < limit and minute * MINUTE_MS <= floor.now_ms() < pair.bars.end_ms:
        begin_ms = minute * MINUTE_MS
        until_ms = min(begin_ms + MINUTE_MS - 1, floor.now_ms())
        new = floor.tape.between(pair, begin_ms - 1, until_ms)
        trades.extend(trade for trade in new if trade.id >= from_id)
        minute += 1
    return trades[:limit]


def _newest(floor: TradingFloor, pair: Pair, until_ms: int, limit: int) -> list[AggregateTrade]:
    trades: list[AggregateTrade] = []
    earliest = max(pair.bars.start_ms, until_ms - _KEPT_MS)
    while len(trades) < limit and until_ms >= earliest:
        begin_ms = until_ms // MINUTE_MS * MINUTE_MS
        trades = floor.tape.between(pair, begin_ms - 1, until_ms) + trades
        until_ms = begin_ms - 1
    return trades[-limit:]


def _row(trade: AggregateTrade, pair: Pair) -> dict[str, Any]:
    quantity = pair.contract.quantities.text(trade.quantity)
    return {
        "a": trade.id,
        "p": pair.contract.prices.text(trade.price),
        "q": quantity,
        "nq": quantity,
        "f": trade.first_trade,
        "l": trade.last_trade,
        "T": trade.at_ms,
        "m": trade.buyer_is_maker,
    }
