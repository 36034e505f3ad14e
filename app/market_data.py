"""Wires market data: one weight budget, REST facts, the streams, and the feed of candles."""

import random  # noqa: TID251 - app owns randomness
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from app.clock import ExchangeClock
from app.settings.market_data import MarketDataParameters
from app.settings.sections import ExchangeSettings
from exchanges.binance.flow_stream import BinanceFlowStream
from exchanges.binance.kline_stream import BinanceKlineStream
from exchanges.binance.routes import BASE_URL
from exchanges.candle_feed import LiveCandleFeed
from exchanges.ccxt_client import open_client
from exchanges.ccxt_derivatives import CcxtDerivativeFacts
from exchanges.ccxt_facts import CcxtMarketFacts
from exchanges.ccxt_pro_flow import CcxtProFlowStream
from exchanges.ccxt_pro_stream import CcxtProKlineStream
from exchanges.flow_stream import FlowStream
from exchanges.kline_stream import KlineStream
from exchanges.rejected_rows import RejectedRows
from exchanges.request_pool import RequestPool
from exchanges.venues import Venue, venue
from exchanges.weight import WeightBudget

_JITTER = random.random
"""Only spreads reconnects over time; nothing that is decided depends on it."""

_SILENCE_SECONDS: Final = 2.0
"""A silence that takes longer is told as a failure: closes, live signals and reports go on without
what could not be asked for.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketData:
    """Everything that touches the exchange."""

    facts: CcxtMarketFacts
    derivatives: CcxtDerivativeFacts
    feed: LiveCandleFeed
    flow: FlowStream
    budget: WeightBudget
    rejected: RejectedRows

    async def close(self) -> None:
        """Let go of the connections of REST; those of the streams end with their tasks."""
        await self.facts.close()


def open_market_data(
    settings: ExchangeSettings,
    parameters: MarketDataParameters,
    clock: ExchangeClock,
    on_progress: Callable[[int, int], None],
    *,
    pool_share: float,
) -> MarketData:
    """Connects nowhere yet. `on_progress(done, total)` is called while history is loaded.

    `pool_share` is the part of the venue's pool of requests for long shares that may be used.
    """
    where = venue(settings.name)
    budget = WeightBudget(
        clock, weight_per_minute=where.weight_per_minute, share=parameters.weight_share
    )
    rejected = RejectedRows()
    client = partial(
        open_client,
        where,
        budget,
        rejected,
        rest_url=settings.rest_url,
        ws_url=settings.ws_url,
    )
    rest = client(patience_seconds=_SILENCE_SECONDS)
    facts = CcxtMarketFacts(rest, where, clock, budget, rejected)
    candles, flow = _open_streams(where, settings, clock, budget, rejected, client)
    return MarketData(
        facts=facts,
        derivatives=CcxtDerivativeFacts(
            rest,
            where,
            budget,
            rejected,
            pool=RequestPool(clock, requests=where.share_requests, share=pool_share),
            name_of=facts.name_of,
        ),
        feed=LiveCandleFeed(facts, candles, clock, _JITTER, on_progress=on_progress),
        flow=flow,
        budget=budget,
        rejected=rejected,
    )


def _open_streams(
    where: Venue,
    settings: ExchangeSettings,
    clock: ExchangeClock,
    budget: WeightBudget,
    rejected: RejectedRows,
    client: Callable[..., Any],
) -> tuple[KlineStream, FlowStream]:
    """Our own ingest where there is one, else ccxt's, a client for each as each closes its own."""
    if where.own_ingest:
        base_url = settings.ws_url or BASE_URL
        return (
            BinanceKlineStream(clock, _JITTER, base_url=base_url),
            BinanceFlowStream(clock, _JITTER, base_url=base_url),
        )
    return (
        CcxtProKlineStream(client(streaming=True), clock, budget, _JITTER),
        CcxtProFlowStream(client(streaming=True), clock, budget, rejected, _JITTER),
    )
