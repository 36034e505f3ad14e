"""klines."""

from exchanges.simulator.floor import TradingFloor
from exchanges.simulator.market.bars import MINUTE_MS
from exchanges.simulator.market.contracts import Contract
from exchanges.simulator.market.klines import Kline, closed_klines, forming_kline
from exchanges.simulator.market.pairs import Pair
from exchanges.simulator.rest.endpoints import Endpoint, Query
from exchanges.simulator.rest.listing import required_interval, required_pair

Row = list[int | str]


def endpoints(floor: TradingFloor) -> list[Endpoint]:
    """Endpoints for candles."""

    def klines(query: Query) -> list[Row]:
        pair = required_pair(floor, query)
        interval = required_interval(query, "interval")
        rows = _selected(floor, pair, interval, query)
        return [_row(kline, pair.contract) for kline in rows]

    return [Endpoint(path="/fapi/v1/klines", answer=klines, weight=_weight)]


def _weight(query: Query) -> int:
    limit = query.limit(500, 1500)
    return next((weight for below, weight in ((100, 1), (500, 2), (1001, 5)) if limit < below), 10)


def _selected(floor: TradingFloor, pair: Pair, interval: int, query: Query) -> list[Kline]:
    """The candles asked for, oldest first; the newest may still be forming."""
    length, now_ms = interval * MINUTE_MS, floor.now_ms()
    limit = query.limit(500, 1500)
    begin, end = query.integer("startTime"), query.integer("endTime")
    forming = now_ms // length
    last = forming if end is None else min(forming, end // length)
    earliest = pair.bars.start_ms // length
    if begin is None:
        first = max(earliest, last - limit + 1)
    else:
        first = max(earliest, -(-begin // length))
        last = min(last, first + limit - 1)
    rows = closed_klines(pair, interval, first, min(last, forming - 1))
    if first <= forming <= last:
        running = forming_kline(floor.tape, pair, interval, now_ms)
        rows.extend([] if running is None else [running])
    return rows


def _row(kline: Kline, contract: Contract) -> Row:
    price, quantity = contract.prices.text, contract.quantities.text
    return [
        kline.open_ms,
        price(kline.open),
        price(kline.high),
        price(kline.low),
        price(kline.close),
        quantity(kline.volume),
        kline.close_ms,
        f"{kline.quote_volume:.5f}",
        kline.trades,
        quantity(kline.taker_buy),
        f"{kline.taker_buy_quote:.5f}",
        "0",
    ]
