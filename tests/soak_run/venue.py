"""The simulated venue in a process of its own, and how the driver disturbs it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession

from app.venue_process import simulated_venue
from tests.soak_run.plan import SoakPlan

_SPARE_DAYS = 0.5
_OK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueControl:
    """The running venue as the driver sees it."""

    rest_url: str
    ws_url: str
    session: ClientSession

    async def now_ms(self) -> int:
        """Exchange time."""
        async with self.session.get(f"{self.rest_url}/simulator/info") as answer:
            return int((await answer.json())["serverTime"])

    async def disturb(self, fault: Mapping[str, Any]) -> None:
        """Order a fault. Raises `RuntimeError` for one that the venue does not know."""
        order = dict(fault)
        async with self.session.post(f"{self.rest_url}/simulator/faults", json=order) as answer:
            if answer.status != _OK:
                raise RuntimeError(f"the venue refuses the fault {order}: {await answer.text()}")

    async def clear(self) -> None:
        """End all faults."""
        async with self.session.delete(f"{self.rest_url}/simulator/faults"):
            pass


@asynccontextmanager
async def venue_process(plan: SoakPlan) -> AsyncIterator[VenueControl]:
    """Start the venue of a plan; stopped on leaving."""
    arguments = [
        *("--port", "0", "--speed", str(plan.speed), "--pairs", str(plan.pairs)),
        *("--seed", str(plan.seed), "--start", f"{plan.start:%Y-%m-%dT%H:%M}"),
        *("--days", str(plan.simulated_days + _SPARE_DAYS)),
    ]
    async with simulated_venue(arguments) as address, ClientSession() as session:
        yield VenueControl(rest_url=address.rest_url, ws_url=address.ws_url, session=session)
