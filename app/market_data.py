"""Wires market data: one weight budget, REST facts, the candle stream, and the feed over both."""

import random  # noqa: TID251 - app owns randomness
from collections.abc import Callable
from dataclasses import dataclass

from app.clock import ExchangeClock
from app.settings.market_data import MarketDataParameters
from app.settings.sections import ExchangeSettings
from exchanges.binance.kline_stream import BinanceKlineStream
from exchanges.binance.routes import BASE_URL
from exchanges.candle_feed import LiveCandleFeed
from exchanges.ccxt_client import open_client
from exchanges.ccxt_facts import CcxtMarketFacts
from exchanges.ccxt_pro_stream import CcxtProKlineStream
from exchanges.kline_stream import KlineStream
from exchanges.rejected_rows import RejectedRows
from exchanges.venues import Venue, venue
from exchanges.weight import WeightBudget


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketData:
    """Everything that touches the exchange."""

    facts: CcxtMarketFacts
    feed: LiveCandleFeed
    budget: WeightBudget

    async def close(self) -> None:
        """Let go of the connections of REST; those of the stream end with its task."""
        await self.facts.close()


def open_market_data(
    settings: ExchangeSettings,
    parameters: MarketDataParameters,
    clock: ExchangeClock,
    on_progress: Callable[[int, int], None],
) -> MarketData:
    """Connects nowhere yet. `on_progress(done, total)` is called while history is loaded."""
    where = venue(settings.name)
    budget = WeightBudget(
        clock, weight_per_minute=where.weight_per_minute, share=parameters.weight_share
    )
    rejected = RejectedRows()
    client = open_client(
        where, budget, rejected, rest_url=settings.rest_url, ws_url=settings.ws_url
    )
    facts = CcxtMarketFacts(client, where, clock, budget, rejected)
    # Jitter only spreads reconnects over time; nothing that is decided depends on it.
    jitter = random.random
    stream = _open_stream(where, settings, clock, budget, rejected, jitter)
    feed = LiveCandleFeed(facts, stream, clock, jitter, on_progress=on_progress)
    return MarketData(facts=facts, feed=feed, budget=budget)


def _open_stream(
    where: Venue,
    settings: ExchangeSettings,
    clock: ExchangeClock,
    budget: WeightBudget,
    rejected: RejectedRows,
    jitter: Callable[[], float],
) -> KlineStream:
    if where.own_ingest:
        return BinanceKlineStream(clock, jitter, base_url=settings.ws_url or BASE_URL)
    client = open_client(
        where,
        budget,
        rejected,
        rest_url=settings.rest_url,
        ws_url=settings.ws_url,
        streaming=True,
    )
    return CcxtProKlineStream(client, clock, budget, jitter)
