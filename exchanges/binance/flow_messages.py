"""Binance's frames of books, trades and liquidations, decoded straight into typed values."""

import sys
from typing import Annotated, Final, Literal

import msgspec

from domain.derivatives import Liquidation
from domain.directions import Direction
from exchanges.binance.messages import USDM

_LARGEST: Final = sys.float_info.max
_Above0 = Annotated[float, msgspec.Meta(gt=0.0, le=_LARGEST)]
_From0 = Annotated[float, msgspec.Meta(ge=0.0, le=_LARGEST)]
_Level = tuple[_Above0, _From0]
"""Price and quantity. The limits refuse infinity and what is no number."""


class BookEvent(msgspec.Struct, tag_field="e", tag="depthUpdate"):
    """`<symbol>@depth20@100ms`: the best levels of both sides, best first, as of an instant."""

    symbol: str = msgspec.field(name="s")
    sent_ms: int = msgspec.field(name="E")
    bids: list[_Level] = msgspec.field(name="b")
    asks: list[_Level] = msgspec.field(name="a")
    matched_ms: int | None = msgspec.field(name="T", default=None)
    market: int = msgspec.field(name="st", default=USDM)

    @property
    def exchange_ms(self) -> int:
        """When the book stood so, by the matching engine; else when the venue sent it."""
        return self.sent_ms if self.matched_ms is None else self.matched_ms


class TradeEvent(msgspec.Struct, tag_field="e", tag="aggTrade", gc=False):
    """`<symbol>@aggTrade`: what one taker traded at one price.

    `buyer_waited`: the buyer's order was in the book, so the taker sold.
    """

    symbol: str = msgspec.field(name="s")
    id: int = msgspec.field(name="a")
    price: _Above0 = msgspec.field(name="p")
    quantity: _Above0 = msgspec.field(name="q")
    traded_ms: int = msgspec.field(name="T")
    buyer_waited: bool = msgspec.field(name="m")
    market: int = msgspec.field(name="st", default=USDM)


class ForcedOrder(msgspec.Struct, gc=False):
    """The order that ends a position; its average price and its filled part where told."""

    symbol: str = msgspec.field(name="s")
    side: Literal["BUY", "SELL"] = msgspec.field(name="S")
    traded_ms: int = msgspec.field(name="T")
    price: _Above0 = msgspec.field(name="p")
    quantity: _Above0 = msgspec.field(name="q")
    average_price: _From0 = msgspec.field(name="ap", default=0.0)
    filled: _From0 = msgspec.field(name="z", default=0.0)


class LiquidationEvent(msgspec.Struct, tag_field="e", tag="forceOrder"):
    """`!forceOrder@arr`: a position of any pair was ended by force."""

    order: ForcedOrder = msgspec.field(name="o")
    market: int = msgspec.field(name="st", default=USDM)


decode_book = msgspec.json.Decoder(BookEvent, strict=False).decode
decode_trade_or_liquidation = msgspec.json.Decoder(
    TradeEvent | LiquidationEvent, strict=False
).decode
"""Both turn quoted decimals into floats, skip fields that are not named here, and raise
`msgspec.DecodeError` for anything that is not such an event."""


def liquidation_of(order: ForcedOrder) -> Liquidation:
    """What a forced order did: a sale ends a long."""
    return Liquidation(
        exchange_ms=order.traded_ms,
        price=order.average_price or order.price,
        quantity=order.filled or order.quantity,
        liquidated=Direction.LONG if order.side == "SELL" else Direction.SHORT,
    )
