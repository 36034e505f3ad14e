"""Shadows on real databases: noted, followed over a restart, judged."""

from sqlalchemy.ext.asyncio import AsyncEngine

from db.unit_of_work import SqlStorage
from domain.directions import Direction
from domain.signals import SignalState
from engine.shadow_verdicts import ReadRuleVerdicts
from tests.unit.engine.following import CALM, ENTRY, STOP
from tests.unit.engine.shadowing import Shadowing, candidate, denied, discarded

FAR_BELOW = (-90.0, -89.0, -91.0, -90.0)


async def test_round_is_noted_followed_and_judged(engine: AsyncEngine) -> None:
    bench = Shadowing(SqlStorage(engine))
    short = candidate("ETH", Direction.SHORT)
    noted = await bench.note(denied(candidate(), "revenge", "paused"), discarded(short))
    assert noted.begun == tuple(await bench.live())
    bench.goes("SOL", [ENTRY, CALM, STOP])
    bench.goes("ETH", [FAR_BELOW] * 15)
    await bench.after(1)
    bench.follow = bench.new_follower()
    await bench.after(3)
    await bench.after(15)
    assert await bench.live() == []
    states = {id_: course.state for id_, course in (await bench.courses()).items()}
    assert states == {1: SignalState.STOPPED, 2: SignalState.EXPIRED}
    verdicts = await ReadRuleVerdicts(bench.storage, bench.clock)(7)
    assert [(each.rule, each.entered, each.alone) for each in verdicts] == [
        ("paused", 1, 0),
        ("revenge", 1, 0),
        ("LOW_SCORE", 0, 1),
    ]
    assert verdicts[0].total_r < -1
