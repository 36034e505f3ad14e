"""What Quorum knows of each venue: one small table, and a rule for every other ccxt exchange."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from domain.timeframes import Timeframe
from exchanges.candle_rows import FetchRows, binance_rows, unified_rows
from exchanges.long_shares import ShareSource, binance_sources, unified_source

Market = dict[str, Any]
"""A market as ccxt describes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Venue:
    """How to use one exchange of ccxt.

    `weight_per_minute` is the request weight the venue allows an address (None: it counts
    otherwise, and ccxt's own throttle keeps its pace). `is_tradable` picks the crypto perpetuals
    quoted in USDT. `fetch_rows` reads up to `rows_per_request` candles. `own_ingest`: candles
    stream through our own WebSocket ingest instead of ccxt's.

    `share_sources` tell the share of longs: of all accounts, of top traders' accounts, of top
    traders' positions, as many of them as the venue has. `share_requests` is what it allows an
    address of these in 5 minutes, apart from weight (None: they count like any other).
    `open_interest_query` is added to a request for open interest; `open_interest_period_ms` lies
    between two instants of which the venue then tells it, 0 where it tells the present.

    `coins_told_as` is what the venue's own ticker calls the coins traded in 24 hours, where ccxt
    tells no turnover of it.
    """

    exchange_id: str
    is_tradable: Callable[[Market], bool]
    fetch_rows: FetchRows
    rows_per_request: int
    weight_per_minute: int | None = None
    own_ingest: bool = False
    share_sources: tuple[ShareSource, ...] = ()
    share_requests: int | None = None
    open_interest_query: Mapping[str, str] = field(default_factory=dict)
    open_interest_period_ms: int = 0
    coins_told_as: str | None = None


def venue(exchange_id: str) -> Venue:
    """The venue of a ccxt exchange id."""
    if exchange_id == BINANCE_USDM.exchange_id:
        return BINANCE_USDM
    return Venue(
        exchange_id=exchange_id,
        is_tradable=is_linear_perpetual,
        fetch_rows=unified_rows,
        rows_per_request=_ROWS_PER_REQUEST.get(exchange_id, 200),
        share_sources=_share_sources(exchange_id),
        open_interest_query=_OPEN_INTEREST_QUERIES.get(exchange_id, {}),
        open_interest_period_ms=_OPEN_INTEREST_PERIODS_MS.get(exchange_id, 0),
        coins_told_as=_COINS_TOLD_AS.get(exchange_id),
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


def _share_sources(exchange_id: str) -> tuple[ShareSource, ...]:
    period = _SHARE_PERIODS.get(exchange_id)
    return () if period is None else (unified_source(period),)


BINANCE_USDM: Final = Venue(
    exchange_id="binanceusdm",
    is_tradable=is_binance_crypto_perpetual,
    fetch_rows=binance_rows,
    rows_per_request=1500,
    weight_per_minute=2400,
    own_ingest=True,
    share_sources=binance_sources(),
    share_requests=1000,
)

_ROWS_PER_REQUEST: Final = {"bybit": 1000, "okx": 100}

_SHARE_PERIODS: Final = {"bybit": "5min", "okx": "5m"}
"""The word for 5 minutes where ccxt's long/short ratio is known to be longs per short.

Bitget has one too, but its documentation shows 0.0138 beside shares of 0.58 and 0.42.
"""

_OPEN_INTEREST_QUERIES: Final = {"bybit": {"interval": "5m"}}
"""Bybit tells the open interest at the end of a period, of an hour unless asked otherwise."""

_OPEN_INTEREST_PERIODS_MS: Final = {"bybit": Timeframe.M5.milliseconds}

_COINS_TOLD_AS: Final = {"okx": "volCcy24h"}
"""ccxt has no turnover of OKX's perpetuals; its `baseVolume` of them counts contracts."""
