"""24-hour tickers, last prices and best bids and asks."""

from functools import partial
from typing import Any

from exchanges.simulator.floor import TradingFloor
from exchanges.simulator.market.day import last_day
from exchanges.simulator.market.pairs import Pair
from exchanges.simulator.rest.endpoints import Endpoint
from exchanges.simulator.rest.listing import by_presence, row_or_rows

Row = dict[str, Any]


def endpoints(floor: TradingFloor) -> list[Endpoint]:
    """Endpoints for tickers, each for one symbol or for all."""
    rows = (
        ("/fapi/v1/ticker/24hr", _day_row, by_presence(1, 40)),
        ("/fapi/v1/ticker/price", _price_row, by_presence(1, 2)),
        ("/fapi/v1/ticker/bookTicker", _best_row, by_presence(2, 5)),
    )
    return [
        Endpoint(path=path, answer=row_or_rows(floor, partial(make_row, floor)), weight=weight)
        for path, make_row, weight in rows
    ]


def _day_row(floor: TradingFloor, pair: Pair, now_ms: int) -> Row:
    day = last_day(floor.tape, pair, now_ms)
    price, quantity = pair.contract.prices.text, pair.contract.quantities.text
    scale = pair.contract.quantities.size
    return {
        "symbol": pair.symbol,
        "priceChange": price(day.change),
        "priceChangePercent": f"{day.change_percent:.3f}",
        "weightedAvgPrice": f"{day.quote_volume / max(day.volume * scale, scale):.8f}",
        "lastPrice": price(day.last),
        "lastQty": quantity(1),
        "openPrice": price(day.open),
        "highPrice": price(day.high),
        "lowPrice": price(day.low),
        "volume": quantity(day.volume),
        "quoteVolume": f"{day.quote_volume:.2f}",
        "openTime": day.open_ms,
        "closeTime": now_ms,
        "firstId": day.first_trade,
        "lastId": day.first_trade + day.trades - 1,
        "count": day.trades,
    }


def _price_row(floor: TradingFloor, pair: Pair, now_ms: int) -> Row:
    text = pair.contract.prices.text(floor.tape.last_price(pair, now_ms))
    return {"symbol": pair.symbol, "price": text, "time": now_ms}


def _best_row(floor: TradingFloor, pair: Pair, now_ms: int) -> Row:
    book = floor.book_at(pair, now_ms, levels=1)
    price, quantity = pair.contract.prices.text, pair.contract.quantities.text
    (bid, bid_quantity), (ask, ask_quantity) = *book.bids.items(), *book.asks.items()
    return {
        "symbol": pair.symbol,
        "bidPrice": price(bid),
        "bidQty": quantity(bid_quantity),
        "askPrice": price(ask),
        "askQty": quantity(ask_quantity),
        "time": now_ms,
        "lastUpdateId": book.update_id,
    }
