"""The whole line with five layers: in decisions and posts, without providers, and with them again.

What becomes of coverage provider by provider is measured in test_providers_killed.py.
"""

from collections.abc import AsyncIterator

import pytest

from domain.decisions import Decision, Discard
from domain.evidence import LayerName
from domain.feeds import FeedState
from exchanges.simulator import Fault, FaultKind
from tests.e2e.line import EAGER, number_of, open_line
from tests.e2e.scene import Scene
from tests.e2e.waiting import until, until_seen
from tests.servers.databases import MigratedDatabases

pytestmark = pytest.mark.timeout(240)

OUTSIDE = (LayerName.ONCHAIN, LayerName.SENTIMENT)
ENOUGH = 0.65
FIVE = {
    **EAGER,
    # Candles and order flow alone make 0.6, what providers told long ago a little more.
    "confluence": {**EAGER["confluence"], "layers": tuple(LayerName), "minimum_coverage": ENOUGH},
    # Four minutes of the market between two questions, so that answers are young at each close.
    "feeds": {"shortest_wall_seconds": 0.5},
}


@pytest.fixture(scope="module")
async def scene(databases: MigratedDatabases) -> AsyncIterator[Scene]:
    """A line with a bot at work whose providers all answer."""
    database = await databases.blank("sqlite")
    async with open_line(database, strategy=FIVE) as line, line.bot() as bot:
        scene = Scene(line=line, bot=bot)
        await until_seen(lambda: all_answer(scene), "not all providers answer")
        await scene.wait_for_whole_close()
        yield scene


def all_answer(scene: Scene) -> bool:
    return {one.state for one in scene.bot.work.outside.rounds.health()} == {FeedState.GOOD}


async def newest_decisions(scene: Scene) -> list[Decision]:
    """One for each watched pair, but for those that have just joined."""
    async with scene.line.storage() as unit:
        found = [await unit.decisions.find_latest(symbol) for symbol in scene.symbols]
    return [record.decision for record in found if record is not None]


def coverage_outside(decision: Decision) -> list[float]:
    """That of chains and sentiment."""
    return [layer.coverage for layer in decision.layers if layer.layer in OUTSIDE]


def is_well_covered(decision: Decision) -> bool:
    return decision.coverage >= ENOUGH and min(coverage_outside(decision)) > 0


async def test_all_five_layers_are_in_the_decisions_and_those_outside_speak(scene: Scene) -> None:
    async def find() -> list[Decision] | None:
        found = await newest_decisions(scene)
        return found if any(is_well_covered(one) for one in found) else None

    for decision in await until(find, "no decision knew chains and sentiment"):
        assert tuple(layer.layer for layer in decision.layers) == tuple(LayerName)
        assert decision.layers_on == len(LayerName)


async def test_a_post_tells_chains_and_sentiment_with_their_reasons(scene: Scene) -> None:
    post = (await scene.line.wait_for_posts(1))[-1]
    async with scene.line.storage() as unit:
        followed = await unit.signals.find(number_of(post))
    assert followed is not None
    assert coverage_outside(followed.signal.decision)
    assert "On-chain" in post.text
    assert "Sentiment" in post.text
    answer = await scene.line.ask(f"/why {followed.signal.id}", "On-chain")
    assert "Memory" in answer.text


async def test_signals_end_without_providers_and_come_back_with_them(scene: Scene) -> None:
    scene.faults.inject(
        Fault(kind=FaultKind.REST_STATUS, match="/feeds/", status=503, seconds=3600)
    )
    killed_at = scene.line.now()

    async def find_uncovered() -> list[Decision] | None:
        found = await newest_decisions(scene)
        is_after = all(one.as_of > killed_at and one.coverage < ENOUGH for one in found)
        return found if is_after else None

    uncovered = await until(find_uncovered, "coverage does not fall")
    directed = [one for one in uncovered if one.direction is not None]
    assert directed
    assert all(Discard.LOW_COVERAGE in one.discards for one in directed)
    assert not any(one.is_signal for one in uncovered)
    assert not all_answer(scene)

    scene.faults.clear()
    cleared_at = scene.line.now()

    async def is_back() -> bool:
        found = await newest_decisions(scene)
        return any(one.as_of > cleared_at and is_well_covered(one) for one in found)

    # Should the machine be slow: what has failed five times in a row is left alone for a minute.
    await until(is_back, "coverage does not come back", seconds=90)
