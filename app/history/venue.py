"""Opens the venue that history is downloaded from."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from app.clock import ExchangeClock
from app.settings import Settings
from engine.ports.market import MarketFacts
from exchanges.ccxt_client import open_client
from exchanges.ccxt_facts import CcxtMarketFacts
from exchanges.exchange_time import measure
from exchanges.history.downloading import HistorySource, Patience
from exchanges.rejected_rows import RejectedRows
from exchanges.request_pool import RequestPool
from exchanges.venues import BINANCE_USDM, venue
from exchanges.weight import WeightBudget

_FUNDING_REQUESTS: Final = {BINANCE_USDM.exchange_id: 500}
"""What a venue allows an address in 5 minutes for settled funding, apart from weight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryVenue:
    """A venue with its clock read: facts of today, candles of the past, and what was skipped."""

    clock: ExchangeClock
    facts: MarketFacts
    source: HistorySource
    rejected: RejectedRows


@asynccontextmanager
async def opened_history_venue(
    settings: Settings, patience: Patience | None = None
) -> AsyncIterator[HistoryVenue]:
    """The configured exchange's public REST, without a key."""
    exchange, share = settings.exchange, settings.strategy.market_data.weight_share
    kind, rejected = venue(exchange.name), RejectedRows()
    clock = ExchangeClock(speed=exchange.clock_speed)
    budget = WeightBudget(clock, weight_per_minute=kind.weight_per_minute, share=share)
    client = open_client(kind, budget, rejected, rest_url=exchange.rest_url, ws_url=exchange.ws_url)
    facts = CcxtMarketFacts(client, kind, clock, budget, rejected)
    pool = RequestPool(clock, requests=_FUNDING_REQUESTS.get(kind.exchange_id), share=share)
    source = HistorySource(
        client,
        kind,
        budget,
        rejected,
        pool=pool,
        name_of=facts.name_of,
        patience=patience,
    )
    try:
        reading = await measure(facts, clock, samples=1)
        clock.align(reading.exchange_now, reading.at_monotonic)
        yield HistoryVenue(clock=clock, facts=facts, source=source, rejected=rejected)
    finally:
        await facts.close()
