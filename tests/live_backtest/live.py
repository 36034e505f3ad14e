"""The live half: the whole bot over sockets on an accelerated market, until an instant."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from domain.ledger import LedgerEntry
from engine.record_reading import read_ledger
from exchanges.simulator import Market
from tests.e2e.line import EAGER, Line, open_line

_GRACE: Final = timedelta(minutes=2)
"""What happened in the last minute is written down in the next one."""

ALL_WATCHED: Final[Mapping[str, Any]] = {
    # A backtest has no scanner: every pair that is there is watched at all times.
    "scanner": EAGER["scanner"],
    "delivery": EAGER["delivery"],
    # Nobody sends /resume to the live bot.
    "backtest": {"resume_hours": 8760.0},
    # Everything a decision looks at beside candles is kept, and given to the backtest.
    "inputs": {"keep_observations": True},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRun:
    """What the live bot left behind; the venue is still there to be asked for its candles."""

    line: Line
    entries: Sequence[LedgerEntry]
    start: datetime
    end: datetime


@asynccontextmanager
async def live_run(
    database_url: str,
    *,
    market: Market,
    hours: float,
    speed: float,
    strategy: Mapping[str, Any],
) -> AsyncIterator[LiveRun]:
    """Run the bot from the market's start for so many hours of its time, then stop it in order."""
    async with open_line(database_url, market=market, speed=speed, strategy=strategy) as line:
        start = line.now()
        end = start + timedelta(hours=hours)
        async with line.bot():
            await line.pass_time(end + _GRACE)
        async with line.storage() as unit:
            entries = await read_ledger(unit.ledger)
        kept = [entry for entry in entries if entry.at < end]
        yield LiveRun(line=line, entries=kept, start=start, end=end)
