"""The port between candle streams and the feed that keeps them: who calls whom with what."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Protocol

from domain.timeframes import Timeframe

Values = tuple[float, float, float, float, float, float]
"""Open, high, low, close, volume, taker-buy volume (NaN where unknown)."""

STREAMED_TIMEFRAMES: Final = tuple(Timeframe)


class KlineListener(Protocol):
    """Is called for every frame, directly and without a queue: it must be quick."""

    def on_kline(
        self,
        symbol: str,
        timeframe: Timeframe,
        index: int,
        values: Values,
        is_final: bool,
        received: float,
    ) -> None:
        """Candle number `index` stands so; `received` is the monotonic wall second.

        `is_final` says that the venue itself declared the candle closed. A stream that cannot tell
        never says so.
        """

    def on_gap(self, symbols: Collection[str]) -> None:
        """Frames of these pairs may have been lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamHealth:
    """How the sockets fare: how many are open, and what happened since the start."""

    open_connections: int
    reconnects: int
    bad_frames: int


class KlineStream(Protocol):
    """Candles of many pairs in all four timeframes, as long as `run` runs."""

    async def run(self, listener: KlineListener) -> None:
        """Stream to the listener until cancelled, through every fault of the network."""

    def set_symbols(self, symbols: Collection[str]) -> None:
        """Make these the streamed pairs; takes effect soon, without touching the others."""

    def health(self) -> StreamHealth:
        """How it stands."""
