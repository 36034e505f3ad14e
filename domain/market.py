"""What is known of a market at one instant: tickers, and the snapshot to decide on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.candles import CandleSeries
from domain.derivatives import Funding
from domain.errors import StaleDataError
from domain.instruments import Instrument
from domain.memory import Memory
from domain.onchain import OnChain
from domain.order_flow import OrderFlow
from domain.sentiment import Sentiment
from domain.timeframes import Timeframe, to_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticker:
    """Cheap facts about a pair: last price, best bid and ask, 24 h quote volume and change."""

    symbol: str
    last: float
    bid: float
    ask: float
    quote_volume_24h: float
    change_24h_percent: float

    @property
    def spread_percent(self) -> float:
        """Distance between ask and bid in percent of the ask."""
        return (self.ask - self.bid) / self.ask * 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketSnapshot:
    """Everything a decision on one pair may look at. Immutable; closed candles only.

    `as_of` is the 15-minute boundary decided on; every series ends at or before it.
    What is None is unknown; unknown never makes a trade look better. Raises `StaleDataError` for
    anything that is later than `as_of`.
    """

    instrument: Instrument
    as_of: datetime
    candles: Mapping[Timeframe, CandleSeries]
    spread_percent: float | None = None
    funding: Funding | None = None
    order_flow: OrderFlow | None = None
    onchain: OnChain | None = None
    sentiment: Sentiment | None = None
    memory: Memory | None = None

    def __post_init__(self) -> None:
        as_of_ms = to_ms(self.as_of)
        for part, newest_ms in self._newest():
            if newest_ms > as_of_ms:
                raise StaleDataError(
                    f"{self.instrument.symbol} {part} is later than {self.as_of.isoformat()}"
                )
        for timeframe, series in self.candles.items():
            if series.closed_at > self.as_of:
                raise StaleDataError(
                    f"{self.instrument.symbol} {timeframe} holds a candle that closes after "
                    f"{self.as_of.isoformat()}"
                )

    def _newest(self) -> Iterator[tuple[str, int]]:
        if self.order_flow is not None:
            yield "order flow", self.order_flow.newest_ms
        if self.onchain is not None:
            yield "on-chain data", self.onchain.at_ms
        if self.sentiment is not None:
            yield "sentiment", self.sentiment.at_ms
        if self.memory is not None:
            yield "memory", self.memory.at_ms
