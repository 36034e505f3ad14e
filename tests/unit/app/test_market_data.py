"""Which streams and which limits a venue gets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from app.clock import ExchangeClock
from app.market_data import MarketData, open_market_data
from app.settings.market_data import MarketDataParameters
from app.settings.sections import ExchangeSettings
from exchanges.binance.flow_stream import BinanceFlowStream
from exchanges.ccxt_pro_flow import CcxtProFlowStream
from exchanges.venues import BINANCE_USDM

OTHER = "bybit"
MANY = 100_000


@asynccontextmanager
async def market_data(name: str, *, pool_share: float = 0.8) -> AsyncIterator[MarketData]:
    data = open_market_data(
        ExchangeSettings(name=name),
        MarketDataParameters(),
        ExchangeClock(),
        lambda done, total: None,
        pool_share=pool_share,
    )
    try:
        yield data
    finally:
        await data.close()


async def test_binance_is_streamed_by_our_own_ingest() -> None:
    async with market_data(BINANCE_USDM.exchange_id) as data:
        assert isinstance(data.flow, BinanceFlowStream)


async def test_another_exchange_is_streamed_by_ccxt() -> None:
    async with market_data(OTHER) as data:
        assert isinstance(data.flow, CcxtProFlowStream)


@pytest.mark.parametrize("share", [0.3, 0.8, 1.0])
async def test_polls_of_long_shares_may_use_their_share_of_the_venues_pool(share: float) -> None:
    requests, sources = BINANCE_USDM.share_requests, len(BINANCE_USDM.share_sources)
    assert requests is not None
    async with market_data(BINANCE_USDM.exchange_id, pool_share=share) as data:
        assert data.derivatives.positioning_room(MANY) == int(requests * share) // sources


async def test_a_venue_without_such_a_pool_sets_no_limit() -> None:
    async with market_data(OTHER, pool_share=0.3) as data:
        assert data.derivatives.positioning_room(MANY) == MANY


async def test_nothing_is_streamed_before_it_is_asked_for() -> None:
    async with market_data(BINANCE_USDM.exchange_id) as data:
        assert data.flow.health().open_connections == 0
        assert data.feed.health().open_connections == 0
        assert data.budget.used == 0
