"""A live run of hours and the backtest of the same hours leave the same record, hash by hash."""

from pathlib import Path

import pytest

from domain.ledger import EntryKind
from domain.timeframes import to_ms
from exchanges.simulator import synthetic_market
from tests.e2e.line import EAGER, MORNING
from tests.live_backtest.differences import compare_ledgers
from tests.live_backtest.live import ALL_WATCHED, live_run
from tests.live_backtest.tested import backtest_of, download_all
from tests.servers.databases import MigratedDatabases

pytestmark = pytest.mark.timeout(180)

HOURS = 3.0
SPEED = 360.0
HISTORY_DAYS = 19
PAIRS = 4


async def test_the_backtest_leaves_the_record_of_the_live_run(
    databases: MigratedDatabases, tmp_path: Path
) -> None:
    market = synthetic_market(
        pairs=PAIRS, seed=11, start_ms=to_ms(MORNING), forward_minutes=round(HOURS * 60) + 60
    )
    layers = ("technical", "orderflow", "memory")
    strategy = {**EAGER, **ALL_WATCHED, "confluence": {**EAGER["confluence"], "layers": layers}}
    async with live_run(
        await databases.blank("sqlite"),
        market=market,
        hours=HOURS,
        speed=SPEED,
        strategy=strategy,
    ) as live:
        line, root = live.line, tmp_path / "history"
        await download_all(line.settings, root, HISTORY_DAYS)
        run = await backtest_of(line.storage, line.settings.strategy, root, live.entries, live.end)
    kinds = {entry.kind for entry in live.entries}
    assert kinds == {EntryKind.SIGNAL, EntryKind.OUTCOME}
    compared = compare_ledgers(live.entries, run.result.entries)
    assert compared.is_identical, "\n".join(compared.lines())
    assert run.recomputed > 0
