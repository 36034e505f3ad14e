"""Binance's frames, decoded straight into typed values."""

import sys
from typing import Annotated, Final

import msgspec

USDM: Final = 1
"""Market of an event (`st`) that is ours; 2 is COIN-M, which shares the servers."""

_Volume = Annotated[float, msgspec.Meta(ge=0.0, le=sys.float_info.max)]
"""The limits refuse infinity and what is no number: here that would mean "unknown"."""


class Kline(msgspec.Struct, gc=False):
    """A candle as it stands; `final` is the venue's word that it is closed.

    Prices and volume are judged when the candle is built; nobody judges what takers bought.
    """

    open_ms: int = msgspec.field(name="t")
    interval: str = msgspec.field(name="i")
    open: float = msgspec.field(name="o")
    high: float = msgspec.field(name="h")
    low: float = msgspec.field(name="l")
    close: float = msgspec.field(name="c")
    volume: float = msgspec.field(name="v")
    taker_buy_volume: _Volume = msgspec.field(name="V")
    final: bool = msgspec.field(name="x")


class KlineEvent(msgspec.Struct, tag_field="e", tag="kline"):
    """`<symbol>@kline_<interval>`: a candle changed or closed."""

    symbol: str = msgspec.field(name="s")
    kline: Kline = msgspec.field(name="k")
    market: int = msgspec.field(name="st", default=USDM)


class Reply(msgspec.Struct, forbid_unknown_fields=True):
    """The answer to a control message: `result` when it went well, else code and message."""

    id: int | None = None
    result: object = None
    error: object = None
    code: int | None = None
    msg: str | None = None

    @property
    def refusal(self) -> str | None:
        """Why the venue refused; None when it did not."""
        if self.error is None and self.code is None:
            return None
        return f"{self.error or self.code} {self.msg or ''}".strip()


class Control(msgspec.Struct):
    """A request to change what a socket delivers."""

    method: str
    params: list[str]
    id: int


decode_event = msgspec.json.Decoder(KlineEvent, strict=False).decode
"""Quoted decimals become floats; fields that are not named here are skipped. Raises
`msgspec.DecodeError` for anything that is not an event."""

decode_reply = msgspec.json.Decoder(Reply).decode
encode_control = msgspec.json.Encoder().encode


def values_of(kline: Kline) -> tuple[float, float, float, float, float, float]:
    """The columns of a candle in the order of `domain.candles`."""
    return (
        kline.open,
        kline.high,
        kline.low,
        kline.close,
        kline.volume,
        kline.taker_buy_volume,
    )
