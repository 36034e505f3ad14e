"""The tested half: the venue's candles downloaded, and the same strategy replayed over them."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from app.backtest.runner import CheckedRun, RunProgress, RunRequest, run_checked
from app.backtest.scoring import open_scoring
from app.backtest.strategies import strategy_under_test
from app.history.download import DownloadOptions, run_download
from app.recorded_observations import read_observations
from app.settings import Settings
from app.settings.strategy import Strategy
from domain.ledger import LedgerEntry
from domain.timeframes import Timeframe
from engine.ports.storage import Storage
from tests.live_backtest.recorded_times import LedgerTimes


class Silence(RunProgress):
    """Nobody watches."""

    def reading(self, done: int, total: int) -> None:
        """Nothing is told."""

    def scored(self, done: int, total: int) -> None:
        """Nothing is told."""

    def replayed(self, *_: object) -> None:
        """Nothing is told."""


async def download_all(settings: Settings, root: Path, days: int) -> None:
    """What the venue says now of the candles of all its pairs."""
    options = DownloadOptions(
        pairs="top400", days=days, timeframes=",".join(Timeframe), root=root, until=None
    )
    await run_download(options, settings)


async def backtest_of(
    storage: Storage,
    strategy: Strategy,
    root: Path,
    entries: Sequence[LedgerEntry],
    end: datetime,
) -> CheckedRun:
    """Test what a live bot did until `end`, with what it recorded besides candles, at its times."""
    async with storage() as unit:
        rows = await unit.inputs.list_observations(datetime.fromtimestamp(0, end.tzinfo), end)
    request = RunRequest(
        root=root,
        pairs="all",
        # The first close after the bot was ready: the one at its start it never saw.
        start=min(boundary for _, boundary, _ in rows),
        end=end,
        strategy=strategy_under_test(strategy),
        observations=await read_observations(storage, None, end),
        times=LedgerTimes(entries),
    )
    with open_scoring(1) as score:
        return await run_checked(request, score, Silence())
