"""A simulated venue, and the wiring of the download command against it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import aiohttp
import numpy as np

from app.history.venue import HistoryVenue, opened_history_venue
from app.settings import Settings, load_settings
from domain.timeframes import Timeframe, to_ms
from exchanges.grids import Real
from exchanges.history.downloading import Patience, Span
from exchanges.simulator import SimulatedVenue
from tests.contract.exchanges.live_bench import simulated_venue

BTC, ETH, SOL, FRESH = "BTCUSDT", "ETHUSDT", "SOLUSDT", "FRESHUSDT"
HASTY = Patience(attempts=3, first_pause=0.01, longest_pause=0.02)


def settings_for(venue: SimulatedVenue) -> Settings:
    addresses = {"EXCHANGE_REST_URL": venue.rest_url, "EXCHANGE_WS_URL": venue.ws_url}
    return load_settings(addresses, env_file=None)


@asynccontextmanager
async def history_venue() -> AsyncIterator[tuple[SimulatedVenue, HistoryVenue]]:
    async with (
        simulated_venue(speed=1.0) as venue,
        opened_history_venue(settings_for(venue), HASTY) as opened,
    ):
        yield venue, opened


def last_days(venue: HistoryVenue, days: float, *timeframes: Timeframe) -> Span:
    end = Timeframe.H1.previous_boundary(venue.clock.now())
    return Span(
        start_ms=to_ms(end - timedelta(days=days)), end_ms=to_ms(end), timeframes=timeframes
    )


async def venue_rows(
    venue: SimulatedVenue, symbol: str, timeframe: Timeframe, span: Span
) -> tuple[list[int], Real]:
    """Open times and columns as a client that knows nothing of us reads them."""
    rows: list[Any] = []
    async with aiohttp.ClientSession() as session:
        start_ms = span.start_ms
        while start_ms < span.end_ms:
            query: dict[str, str | int] = {
                "symbol": symbol,
                "interval": str(timeframe),
                "startTime": start_ms,
                "endTime": span.end_ms - 1,
                "limit": 1000,
            }
            async with session.get(f"{venue.rest_url}/fapi/v1/klines", params=query) as answer:
                page = await answer.json()
            rows += page
            start_ms = page[-1][0] + timeframe.milliseconds
    numbers = [[float(row[place]) for row in rows] for place in (1, 2, 3, 4, 5, 9)]
    return [row[0] for row in rows], np.array(numbers)
