"""What Quorum knows of each venue: one small table, and a rule for every other ccxt exchange."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from exchanges.candle_rows import FetchRows, binance_rows, unified_rows

Market = dict[str, Any]
"""A market as ccxt describes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Venue:
    """How to use one exchange of ccxt.

    `weight_per_minute` is the request weight the venue allows an address (None: it counts
    otherwise, and ccxt's own throttle keeps its pace). `is_tradable` picks the crypto perpetuals
    quoted in USDT. `fetch_rows` reads up to `rows_per_request` candles. `own_ingest`: candles
    stream through our own WebSocket ingest instead of ccxt's.
    """

    exchange_id: str
    is_tradable: Callable[[Market], bool]
    fetch_rows: FetchRows
    rows_per_request: int
    weight_per_minute: int | None = None
    own_ingest: bool = False


def venue(exchange_id: str) -> Venue:
    """The venue of a ccxt exchange id."""
    if exchange_id == BINANCE_USDM.exchange_id:
        return BINANCE_USDM
    return Venue(
        exchange_id=exchange_id,
        is_tradable=is_linear_perpetual,
        fetch_rows=unified_rows,
        rows_per_request=_ROWS_PER_REQUEST.get(exchange_id, 200),
    )


def is_linear_perpetual(market: Market) -> bool:
    """An active perpetual that is quoted and settled in USDT, with a name in ASCII."""
    return bool(
        market.get("swap")
        and market.get("linear")
        and market.get("active")
        and market.get("quote") == market.get("settle") == "USDT"
        and str(market.get("id")).isascii()
    )


def is_binance_crypto_perpetual(market: Market) -> bool:
    """Binance lists metals and equities beside crypto, and delivery contracts beside perpetuals."""
    info = market["info"]
    return (
        is_linear_perpetual(market)
        and info.get("contractType") == "PERPETUAL"
        and info.get("underlyingType") == "COIN"
    )


BINANCE_USDM: Final = Venue(
    exchange_id="binanceusdm",
    is_tradable=is_binance_crypto_perpetual,
    fetch_rows=binance_rows,
    rows_per_request=1500,
    weight_per_minute=2400,
    own_ingest=True,
)

_ROWS_PER_REQUEST: Final = {"bybit": 1000, "okx": 100}
