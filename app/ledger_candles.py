"""`python -m app ledger candles`: the venue's 1-minute candles that a check of the record needs."""

import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from tenacity import (
    AsyncRetrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_exponential,
)

from app.clock import ExchangeClock
from app.output_files import write_file
from app.settings import load_settings
from app.settings.sections import ExchangeSettings
from domain.candles import Candle, CandleSeries
from domain.counting import many
from domain.errors import (
    ConfigurationError,
    InvalidDataError,
    TemporaryVenueError,
    VenueRefusedError,
)
from domain.ledger import LedgerEntry
from domain.timeframes import Timeframe
from engine.ledger import parse_export
from engine.ledger.candles import Span, dump_files, needed_spans
from engine.ports.market import MarketFacts
from exchanges.ccxt_client import open_client
from exchanges.ccxt_facts import CcxtMarketFacts
from exchanges.exchange_time import measure
from exchanges.rejected_rows import RejectedRows
from exchanges.venues import venue
from exchanges.weight import WeightBudget

_ATTEMPTS = 4


async def fetch_candles(ledger: Path, out: Path) -> int:
    """Fetch and write them; the exit code is 1 when some could not be had."""
    entries = _read_export(ledger)
    settings = load_settings().exchange
    clock = ExchangeClock(speed=settings.clock_speed)
    async with opened_facts(settings, clock) as facts:
        spans = needed_spans(entries, clock.now())
        obstacles = await write_candles(facts, spans, out, Console(stderr=True))
    for symbol, obstacle in obstacles.items():
        print(f"{symbol}: not fetched: {obstacle}", file=sys.stderr)  # noqa: T201 - its answer
    fetched = many(len(spans) - len(obstacles), "pair")
    print(f"candles of {fetched} in {out}")  # noqa: T201 - its answer
    return 1 if obstacles else 0


@asynccontextmanager
async def opened_facts(
    settings: ExchangeSettings, clock: ExchangeClock
) -> AsyncIterator[MarketFacts]:
    """The exchange's REST, with the clock set to its time."""
    kind, rejected = venue(settings.name), RejectedRows()
    budget = WeightBudget(clock, weight_per_minute=kind.weight_per_minute)
    client = open_client(kind, budget, rejected, rest_url=settings.rest_url, ws_url=settings.ws_url)
    facts = CcxtMarketFacts(client, kind, clock, budget, rejected)
    try:
        reading = await measure(facts, clock, samples=1)
        clock.align(reading.exchange_now, reading.at_monotonic)
        yield facts
    finally:
        await facts.close()


async def write_candles(
    facts: MarketFacts, spans: Mapping[str, Sequence[Span]], out: Path, console: Console
) -> dict[str, str]:
    """A file for each pair and day; by symbol why candles could not be had."""
    obstacles: dict[str, str] = {}
    with Progress(console=console, disable=not console.is_terminal) as progress:
        for symbol in progress.track(spans, description="fetching candles"):
            try:
                candles = [
                    one for span in spans[symbol] for one in await _fetch(facts, symbol, span)
                ]
            except (TemporaryVenueError, VenueRefusedError, InvalidDataError) as error:
                obstacles[symbol] = str(error)
                continue
            for name, text in dump_files(symbol, candles):
                write_file(out / name, text.encode("ascii"))
    return obstacles


async def _fetch(facts: MarketFacts, symbol: str, span: Span) -> list[Candle]:
    first, last = span
    attempts = AsyncRetrying(
        retry=retry_if_exception_type(TemporaryVenueError),
        stop=stop_after_attempt(_ATTEMPTS),
        wait=wait_exponential(max=30),
        reraise=True,
    )
    series: CandleSeries | None = await attempts(
        facts.fetch_candles, symbol, Timeframe.M1, first_index=first, count=last - first + 1
    )
    return [] if series is None else [series.candle(position) for position in range(len(series))]


def _read_export(path: Path) -> list[LedgerEntry]:
    try:
        return parse_export(path.read_text(encoding="ascii"))
    except (OSError, ValueError, InvalidDataError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise ConfigurationError(
            f"{path} is no exported record: {reason}. Make one: python -m app ledger export "
            f"--out {path}"
        ) from error
