"""Looks at the exchange: whether it answers, its clock against ours, and the request weight."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from app.clock import ExchangeClock, wall_now
from app.doctor.check import CheckResult, Examination, Status, failure, ok, warning
from app.settings.sections import ExchangeSettings
from domain.errors import TemporaryVenueError, VenueRefusedError
from engine.ports.clock import Clock
from exchanges.ccxt_client import open_client
from exchanges.ccxt_facts import CcxtMarketFacts
from exchanges.exchange_time import ClockReading, TellsTime, measure
from exchanges.rejected_rows import RejectedRows
from exchanges.venues import venue
from exchanges.weight import WeightBudget

_TOLERATED_SKEW_SECONDS = 1.0
_HIGH_WEIGHT_SHARE = 0.5
_SAMPLES = 3


async def examine_exchange(settings: ExchangeSettings) -> Examination:
    """Ask the exchange of the settings for its time, and judge what came back."""
    clock, limit = ExchangeClock(), venue(settings.name).weight_per_minute
    budget = WeightBudget(clock, weight_per_minute=limit)
    async with asking(settings, clock, budget) as facts:
        async for line in examine_venue(facts, settings, clock):
            yield line
        if limit is not None and line.status is not Status.FAILURE:
            yield judge_weight(budget.used, limit)


@asynccontextmanager
async def asking(
    settings: ExchangeSettings, clock: Clock, budget: WeightBudget
) -> AsyncIterator[CcxtMarketFacts]:
    """What anybody may ask of the exchange of the settings, without a key."""
    kind, rejected = venue(settings.name), RejectedRows()
    client = open_client(kind, budget, rejected, rest_url=settings.rest_url, ws_url=settings.ws_url)
    facts = CcxtMarketFacts(client, kind, clock, budget, rejected)
    try:
        yield facts
    finally:
        await facts.close()


async def examine_venue(facts: TellsTime, settings: ExchangeSettings, clock: Clock) -> Examination:
    """Two lines: whether the venue answers, and how its clock stands."""
    place = f"{settings.name} at {settings.rest_url}" if settings.rest_url else settings.name
    try:
        reading = await measure(facts, clock, samples=_SAMPLES)
    except (TemporaryVenueError, VenueRefusedError) as error:
        mend = "check the network and EXCHANGE_REST_URL; some countries are blocked by the exchange"
        yield failure("exchange", f"{place} does not answer: {error}", mend)
        return
    yield ok("exchange", f"{place} answers within {reading.round_trip_seconds * 1000:.0f} ms")
    if settings.rest_url is None:
        yield judge_skew(reading, wall_now(), clock.monotonic())
    else:
        yield ok("clock", f"the venue's time is {reading.exchange_now:%Y-%m-%d %H:%M:%S} UTC")


def judge_skew(reading: ClockReading, host_now: datetime, monotonic_now: float) -> CheckResult:
    """How far this machine's clock is from the exchange's. The bot follows the exchange's."""
    passed = monotonic_now - reading.at_monotonic
    skew = (host_now - reading.exchange_now).total_seconds() - passed
    detail = (
        f"this machine is {abs(skew):.2f} s {'ahead of' if skew > 0 else 'behind'} the exchange"
    )
    if abs(skew) <= _TOLERATED_SKEW_SECONDS:
        return ok("clock", detail)
    mend = "keep the clock right with NTP: timedatectl set-ntp true"
    return warning("clock", detail, mend)


def judge_weight(used: float, limit: int) -> CheckResult:
    """How much of this minute's request weight is gone, as the exchange counts it."""
    detail = f"{used:.0f} of {limit} used in this minute"
    if used <= limit * _HIGH_WEIGHT_SHARE:
        return ok("request weight", detail)
    mend = "another program uses the exchange from this address; give each its own"
    return warning("request weight", detail, mend)
