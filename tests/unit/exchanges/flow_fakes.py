"""A listener that remembers, and frames of books, trades and liquidations written by hand."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from domain.derivatives import Liquidation
from domain.order_book import Level
from domain.tape import Trade
from engine.ports.order_flow import FlowListener

AT_MS = 1_788_264_000_000

BOOK = (
    b'{"e":"depthUpdate","E":1788264000105,"T":1788264000101,"s":"BTCUSDT","ps":"BTCUSDT","st":1,'
    b'"U":501,"u":510,"pu":500,"b":[["64210.50","1.250"],["64210.40","0.004"]],'
    b'"a":[["64210.60","2"],["64211.00","0.750"]]}'
)
TRADE = (
    b'{"e":"aggTrade","E":1788264000120,"s":"BTCUSDT","a":5933014,"p":"64210.60","q":"0.125",'
    b'"nq":"0.120","f":100,"l":105,"T":1788264000117,"m":false,"st":1}'
)
LIQUIDATION = (
    b'{"e":"forceOrder","E":1788264000500,"o":{"s":"BTCUSDT","S":"SELL","o":"LIMIT","f":"IOC",'
    b'"q":"1.500","p":"64100.00","ap":"64180.25","X":"FILLED","l":"0.500","z":"1.400",'
    b'"T":1788264000498},"st":1}'
)


def changed(frame: bytes, **changes: Any) -> bytes:
    """The same frame with some of its fields changed; None takes a field away."""
    event = msgspec.json.decode(frame)
    for name, value in changes.items():
        holder = event["o"] if "o" in event and name in event["o"] else event
        if value is None:
            del holder[name]
        else:
            holder[name] = value
    return msgspec.json.encode(event)


def book_levels(number: int) -> tuple[list[list[str]], list[list[str]]]:
    """Bids and asks of book number `number`: always the same 20 prices a side, quantities that say
    which book it is."""
    bids = [[f"{100 - level}", f"{number + 1}.{level:02d}"] for level in range(20)]
    asks = [[f"{101 + level}", f"{number + 1}.{level:02d}"] for level in range(20)]
    return bids, asks


def book_frame(number: int, symbol: str = "BTCUSDT", **changes: Any) -> bytes:
    """Book number `number` of a pair, with a chain of update ids that begins after 500."""
    bids, asks = book_levels(number)
    event = {
        "s": symbol,
        "ps": symbol,
        "E": AT_MS + number + 4,
        "T": AT_MS + number,
        "U": 500 + number,
        "u": 500 + number,
        "pu": 499 + number,
        "b": bids,
        "a": asks,
    }
    return changed(BOOK, **{**event, **changes})


def trade_frame(number: int, symbol: str = "BTCUSDT") -> bytes:
    return changed(TRADE, s=symbol, a=number, T=AT_MS + number, m=number % 2 == 0)


@dataclass
class HeardFlow(FlowListener):
    """Everything that a listener was told, in the order of its kind."""

    books: list[tuple[str, int, list[Level], list[Level]]] = field(default_factory=list)
    trades: list[tuple[str, Trade]] = field(default_factory=list)
    liquidations: list[tuple[str, Liquidation]] = field(default_factory=list)
    gaps: list[set[str]] = field(default_factory=list)
    trades_before_gaps: list[int] = field(default_factory=list)

    def on_book(
        self, symbol: str, exchange_ms: int, bids: Sequence[Level], asks: Sequence[Level]
    ) -> None:
        self.books.append((symbol, exchange_ms, list(bids), list(asks)))

    def on_trade(
        self,
        symbol: str,
        trade_id: int,
        exchange_ms: int,
        price: float,
        quantity: float,
        is_buy: bool,
    ) -> None:
        self.trades.append((symbol, Trade(trade_id, exchange_ms, price, quantity, is_buy)))

    def on_liquidation(self, symbol: str, liquidation: Liquidation) -> None:
        self.liquidations.append((symbol, liquidation))

    def on_gap(self, symbols: Collection[str]) -> None:
        self.gaps.append(set(symbols))
        self.trades_before_gaps.append(len(self.trades))

    def trade_ids(self, symbol: str) -> list[int]:
        return [trade.id for of, trade in self.trades if of == symbol]
