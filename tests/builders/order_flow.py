"""Order-flow readings for tests: plain ones, to be changed."""

from datetime import UTC, datetime, timedelta
from typing import Any

from domain.derivatives import (
    DerivativesReading,
    Funding,
    LiquidationCluster,
    OpenInterestMeaning,
    OpenInterestReading,
    Positioning,
)
from domain.directions import Direction
from domain.order_book import BookReading, BookSide, BrokenWall, Imbalance, Level, Wall
from domain.order_flow import OrderFlow
from domain.tape import LargeTrades, TapeReading, TapeWindow
from domain.timeframes import to_ms

AS_OF = datetime(2025, 10, 6, 14, 15, tzinfo=UTC)
AT_MS = to_ms(AS_OF)
PRICE = 100.0
"""Mid price of every reading made here, and the centre that `mirrored` reflects around."""

WINDOW_SECONDS = (5, 30, 60, 300, 900)
IMBALANCE_LEVELS = (1, 5, 10, 20)


def make_book(imbalance: float = 0.0, **changes: Any) -> BookReading:
    """A whole, honest book of usual depth whose imbalance is the same on any number of levels."""
    usual: dict[str, Any] = {
        "exchange_ms": AT_MS - 100,
        "watched_seconds": 900.0,
        "bids": _levels(BookSide.BID, 1.0 + imbalance),
        "asks": _levels(BookSide.ASK, 1.0 - imbalance),
        "imbalances": tuple(Imbalance(n, imbalance, imbalance) for n in IMBALANCE_LEVELS),
        "steady_imbalance": imbalance,
        "imbalance_velocity": 0.0,
        "micro_price": PRICE,
        "spread_ratio": 1.0,
        "depth_ratio": 1.0,
        "is_thin": False,
        "walls": (),
        "broken_walls": (),
        "spoofing": 0.0,
        "flow_imbalance": 0.0,
        "last_flow_imbalance": 0.0,
    }
    return BookReading(**(usual | changes))


def make_wall(side: BookSide, distance_percent: float = 0.1, **changes: Any) -> Wall:
    """A wall that has stood for a minute, untouched."""
    usual: dict[str, Any] = {
        "quantity": 60.0,
        "size_ratio": 6.2,
        "age_seconds": 60.0,
        "absorbed_share": 0.0,
    }
    price = PRICE * (1.0 - side.sign * distance_percent / 100.0)
    return Wall(side=side, price=price, distance_percent=distance_percent, **(usual | changes))


def make_broken_wall(side: BookSide, age_seconds: float = 0.0) -> BrokenWall:
    return BrokenWall(side=side, price=PRICE, size_ratio=6.2, age_seconds=age_seconds)


def make_window(seconds: int, ratio: float = 0.5, volume: float = 1000.0) -> TapeWindow:
    """A window of so much volume in base units, of which buyers took `ratio`."""
    buys, sells = volume * ratio, volume * (1.0 - ratio)
    return TapeWindow(
        seconds=seconds,
        trades=round(volume),
        buy_volume=buys,
        sell_volume=sells,
        buy_notional=buys * PRICE,
        sell_notional=sells * PRICE,
    )


def make_large(buys: int = 0, sells: int = 0, notional: float = 60_000.0) -> LargeTrades:
    """So many large trades, each of that notional."""
    return LargeTrades(
        buys=buys, sells=sells, buy_notional=buys * notional, sell_notional=sells * notional
    )


def make_tape(ratio: float = 0.5, **changes: Any) -> TapeReading:
    """A busy, fully covered tape on which buyers took `ratio` of every window."""
    usual: dict[str, Any] = {
        "at_ms": AT_MS,
        "last_trade_ms": AT_MS - 200,
        "last_price": PRICE,
        "covered_seconds": 3600.0,
        "windows": tuple(make_window(seconds, ratio) for seconds in WINDOW_SECONDS),
        "cvd_4h": 0.0,
        "cvd_day": 0.0,
        "cvd_slope": 0.0,
        "divergence": 0.0,
        "velocity_ratio": 1.0,
        "volume_spike_ratio": 1.0,
        "streak": 0,
        "large": make_large(),
        "very_large": make_large(),
        "big": make_large(),
        "vpin": 0.2,
        "exhaustion": 0.0,
    }
    return TapeReading(**(usual | changes))


def make_funding(rate: float = 0.0001, wait: timedelta = timedelta(hours=1.75)) -> Funding:
    return Funding(rate=rate, next_at=AS_OF + wait)


def make_open_interest(
    change_percent: float = 0.0,
    price_change_percent: float = 0.0,
    meaning: OpenInterestMeaning = OpenInterestMeaning.QUIET,
) -> OpenInterestReading:
    return OpenInterestReading(
        exchange_ms=AT_MS - 8000,
        quantity=80_000.0,
        change_percent=change_percent,
        price_change_percent=price_change_percent,
        span_seconds=900.0,
        meaning=meaning,
    )


def make_positioning(
    crowd: float | None = 0.5,
    top_accounts: float | None = 0.5,
    top_positions: float | None = 0.5,
) -> Positioning:
    return Positioning(
        exchange_ms=AT_MS - 60_000,
        crowd_long_share=crowd,
        top_accounts_long_share=top_accounts,
        top_positions_long_share=top_positions,
    )


def make_cluster(liquidated: Direction, distance_percent: float) -> LiquidationCluster:
    return LiquidationCluster(
        liquidated=liquidated,
        price=PRICE * (1.0 - liquidated.sign * distance_percent / 100.0),
        notional=12_000_000.0,
        distance_percent=distance_percent,
    )


def make_derivatives(**changes: Any) -> DerivativesReading:
    """Everything known and nothing special."""
    usual: dict[str, Any] = {
        "at_ms": AT_MS,
        "open_interest": make_open_interest(),
        "funding": make_funding(),
        "funding_exchange_ms": AT_MS - 30_000,
        "positioning": make_positioning(),
        "clusters": (),
        "proximity": 0.0,
        "longs_liquidated": 0.0,
        "shorts_liquidated": 0.0,
    }
    return DerivativesReading(**(usual | changes))


def make_flow(**changes: Any) -> OrderFlow:
    """All three readings, neutral unless changed."""
    usual: dict[str, Any] = {
        "book": make_book(),
        "tape": make_tape(),
        "derivatives": make_derivatives(),
    }
    return OrderFlow(**(usual | changes))


def _levels(side: BookSide, quantity: float) -> tuple[Level, ...]:
    first, step = PRICE - side.sign * 0.05, side.sign * 0.1
    return tuple((first - step * number, quantity) for number in range(20))
