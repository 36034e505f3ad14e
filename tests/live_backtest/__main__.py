"""`python -m tests.live_backtest`: days of recorded candles, live and tested, and what differs.

Example: python -m tests.live_backtest --candles ../candles/um_1m --start 2025-05-19 --days 4.5
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.backtest.runner import CheckedRun
from app.settings import load_settings
from db.engine import create_database_engine
from db.unit_of_work import SqlStorage
from domain.evidence import LayerName
from domain.ledger import LedgerEntry
from domain.timeframes import to_ms
from engine.record_reading import read_ledger
from exchanges.simulator import Market, recorded_market, synthetic_market
from tests.live_backtest.differences import compare_ledgers
from tests.live_backtest.live import ALL_WATCHED, live_run
from tests.live_backtest.tested import backtest_of, download_all

_DAY_MINUTES = 1440
_HISTORY_DAYS = 18


async def main(arguments: Sequence[str] | None = None) -> int:
    asked = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.again or asked.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        if asked.again is None:
            await _run_live(asked, folder)
        live, run = await _test(asked, folder)
    compared = compare_ledgers(live, run.result.entries)
    lines = (
        f"{asked.days:g} days from {asked.start} at {asked.speed:g} times real time",
        f"{run.recomputed} decisions recomputed by the guards, {run.result.candidates} candidates",
        *compared.lines(),
    )
    sys.stdout.write("\n".join((*lines, "")))
    return 0 if compared.is_identical else 1


async def _run_live(asked: argparse.Namespace, folder: Path) -> None:
    """The live half, and the candles that the venue tells afterwards."""
    async with live_run(
        _database(folder),
        market=_market(asked, to_ms(_start(asked))),
        hours=asked.days * 24,
        speed=asked.speed,
        strategy=_strategy(asked),
    ) as live:
        days = _HISTORY_DAYS + round(asked.days + 1)
        await download_all(live.line.settings, folder / "history", days)


async def _test(
    asked: argparse.Namespace, folder: Path
) -> tuple[Sequence[LedgerEntry], CheckedRun]:
    """The tested half, from what the live one has left in a folder."""
    strategy = load_settings({}, env_file=None, overrides={"strategy": _strategy(asked)}).strategy
    engine = create_database_engine(_database(folder))
    try:
        end = _start(asked) + timedelta(days=asked.days)
        storage = SqlStorage(engine)
        async with storage() as unit:
            entries = [entry for entry in await read_ledger(unit.ledger) if entry.at < end]
        return entries, await backtest_of(storage, strategy, folder / "history", entries, end)
    finally:
        await engine.dispose()


def _strategy(asked: argparse.Namespace) -> Mapping[str, Any]:
    return {
        **ALL_WATCHED,
        "confluence": {
            "layers": tuple(asked.layers.split(",")),
            "medium_threshold": asked.threshold,
        },
        "issue": {"maximum_lateness_seconds": 850.0},
    }


def _start(asked: argparse.Namespace) -> datetime:
    return datetime.fromisoformat(asked.start).replace(tzinfo=UTC)


def _database(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder}/live.db"


def _market(asked: argparse.Namespace, start_ms: int) -> Market:
    forward = round((asked.days + 0.5) * _DAY_MINUTES)
    if asked.candles is None:
        return synthetic_market(
            pairs=asked.pairs, seed=11, start_ms=start_ms, forward_minutes=forward
        )
    return recorded_market(
        asked.candles,
        start_ms,
        history_minutes=_HISTORY_DAYS * _DAY_MINUTES,
        forward_minutes=forward,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--candles", type=Path, help="folder of recorded candles; else made up")
    parser.add_argument("--pairs", type=int, default=10, help="pairs of a made-up market")
    parser.add_argument("--start", default="2026-01-06", help="UTC day or instant")
    parser.add_argument("--days", type=float, default=5.0)
    parser.add_argument("--speed", type=float, default=480.0, help="exchange seconds in a second")
    parser.add_argument("--layers", default=",".join(LayerName))
    parser.add_argument("--keep", type=Path, help="folder for what the live half leaves")
    parser.add_argument("--again", type=Path, help="such a folder: only the tested half")
    parser.add_argument("--threshold", type=float, default=65.0, help="score of a signal")
    return parser


raise SystemExit(asyncio.run(main()))
