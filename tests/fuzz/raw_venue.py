"""A venue over loopback that answers each path with the bytes of the example under way."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from exchanges.ccxt_client import open_client
from exchanges.ccxt_derivatives import CcxtDerivativeFacts
from exchanges.ccxt_facts import CcxtMarketFacts
from exchanges.rejected_rows import RejectedRows
from exchanges.request_pool import RequestPool
from exchanges.venues import Venue
from exchanges.weight import WeightBudget
from tests.fuzz.mutations import written
from tests.unit.exchanges.fakes import ManualClock


@dataclass
class RawVenue:
    """`good` are payloads by the last part of the path, `bodies` the bytes in place of some."""

    good: Mapping[str, Any]
    bodies: dict[str, bytes] = field(default_factory=dict)
    market: Any = None
    derivatives: Any = None

    async def serve(self, request: web.Request) -> web.Response:
        name = request.path.rpartition("/")[2]
        body = self.bodies.get(name) or written(self.good[name])
        return web.Response(body=body, content_type="application/json")


@asynccontextmanager
async def raw_venue(where: Venue, good: Mapping[str, Any]) -> AsyncIterator[RawVenue]:
    """The venue, with the product's facts of it."""
    venue = RawVenue(good)
    application = web.Application()
    application.add_routes([web.get("/{anything:.*}", venue.serve)])
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    clock, rejected = ManualClock(), RejectedRows()
    budget = WeightBudget(clock, weight_per_minute=where.weight_per_minute)
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    client = open_client(where, budget, rejected, rest_url=url)
    client.timeout_on_exit = 0
    venue.market = CcxtMarketFacts(client, where, clock, budget, rejected)
    venue.derivatives = CcxtDerivativeFacts(
        client,
        where,
        budget,
        rejected,
        pool=RequestPool(clock, requests=where.share_requests, share=0.8),
        name_of=venue.market.name_of,
    )
    try:
        yield venue
    finally:
        await venue.market.close()
        await runner.cleanup()
