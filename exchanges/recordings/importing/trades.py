"""Single trades of a source as the aggregates that the live path listens to."""

from decimal import Decimal
from typing import Final

import msgspec

_ON_THE_MARKET: Final = "MARKET"


class Trade(msgspec.Struct):
    """A `trade` event. `kind` is absent on the spot market."""

    event_ms: int = msgspec.field(name="E")
    traded_ms: int = msgspec.field(name="T")
    symbol: str = msgspec.field(name="s")
    id: int = msgspec.field(name="t")
    price: str = msgspec.field(name="p")
    quantity: str = msgspec.field(name="q")
    buyer_is_maker: bool = msgspec.field(name="m")
    kind: str = msgspec.field(name="X", default=_ON_THE_MARKET)

    @property
    def is_aggregated(self) -> bool:
        """Whether the venue shows it in aggTrade: insurance fund and ADL trades are left out."""
        return self.kind == _ON_THE_MARKET

    def as_aggregate(self) -> "AggregateTrade":
        """An aggregate of this one trade, under the trade's own id."""
        return AggregateTrade(
            event_ms=self.event_ms,
            id=self.id,
            symbol=self.symbol,
            price=self.price,
            quantity=self.quantity,
            plain_quantity=self.quantity,
            first_id=self.id,
            last_id=self.id,
            traded_ms=self.traded_ms,
            buyer_is_maker=self.buyer_is_maker,
        )


class AggregateTrade(msgspec.Struct, tag_field="e", tag="aggTrade"):
    """An `aggTrade` event; `market` 1 is USDⓈ-M."""

    event_ms: int = msgspec.field(name="E")
    id: int = msgspec.field(name="a")
    symbol: str = msgspec.field(name="s")
    price: str = msgspec.field(name="p")
    quantity: str = msgspec.field(name="q")
    first_id: int = msgspec.field(name="f")
    last_id: int = msgspec.field(name="l")
    traded_ms: int = msgspec.field(name="T")
    buyer_is_maker: bool = msgspec.field(name="m")
    plain_quantity: str | None = msgspec.field(name="nq", default=None)
    market: int = msgspec.field(name="st", default=1)

    @property
    def amount(self) -> Decimal:
        """Quantity in base units."""
        return Decimal(self.quantity)

    @property
    def turnover(self) -> Decimal:
        """Quantity times price, in quote currency."""
        return self.amount * Decimal(self.price)

    @property
    def count(self) -> int:
        """How many single trades it is made of."""
        return self.last_id - self.first_id + 1


read_trade = msgspec.json.Decoder(Trade).decode
read_aggregate = msgspec.json.Decoder(AggregateTrade).decode
"""Both raise `msgspec.DecodeError` for anything else."""
