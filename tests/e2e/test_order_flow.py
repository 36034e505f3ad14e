"""The whole line shows order flow: in the stored decision, in the post, and in answers to /why."""

import re
from collections.abc import AsyncIterator

import pytest

from domain.evidence import LayerName
from domain.signals import FollowedSignal
from tests.e2e.line import EAGER, Line, number_of, open_line
from tests.e2e.scene import flow_of
from tests.servers.databases import MigratedDatabases

pytestmark = pytest.mark.timeout(240)

LAYERS = (LayerName.TECHNICAL, LayerName.ORDERFLOW)
QUORUM = {**EAGER["confluence"], "medium_threshold": 52.0, "supporting_support": 52.0}
"""Both layers must lean clearly to one side, and that side is the signal's."""


@pytest.fixture(scope="module")
async def line(databases: MigratedDatabases) -> AsyncIterator[Line]:
    """A line with a bot at work."""
    strategy = {**EAGER, "confluence": QUORUM}
    database = await databases.blank("sqlite")
    async with open_line(database, strategy=strategy) as opened, opened.bot():
        await opened.wait_for_posts(1)
        yield opened


async def test_a_signal_stands_on_two_layers_that_support_its_direction(line: Line) -> None:
    decision = (await _first_signal(line)).signal.decision
    assert decision.direction is not None
    assert tuple(layer.layer for layer in decision.layers) == LAYERS
    assert decision.layers_on == len(LAYERS)
    assert decision.coverage >= line.settings.strategy.confluence.minimum_coverage
    for layer in decision.layers:
        assert decision.direction.support(layer.bullishness) > QUORUM["supporting_support"]


async def test_a_post_tells_the_order_flow_with_its_age_and_reasons(line: Line) -> None:
    followed = await _first_signal(line)
    post = next(one for one in line.posts() if number_of(one) == followed.signal.id)
    told = post.text.splitlines()
    assert "💬 2 of 5 layers spoke: technical, order flow" in told
    begin = next(number for number, text in enumerate(told) if text.startswith("🔸 Order flow"))
    assert re.fullmatch(
        r"🔸 Order flow \d+ \((fresh|\d+ (s|min) old)(, \d+% of its data)?\)", told[begin]
    )
    assert told[begin + 1].startswith("   + ")
    assert told[begin + 1].removeprefix("   + ") in _flow_texts(followed)


async def test_why_tells_every_component_of_the_order_flow(line: Line) -> None:
    followed = await _first_signal(line)
    answer = await line.ask(f"/why {followed.signal.id}", "Order flow")
    heading = r"^🔸 Order flow \d+ \(bullishness \d+, .+, \d+% of its data\)$"
    assert re.search(heading, answer.text, re.MULTILINE)
    for text in _flow_texts(followed):
        assert text in answer.text


async def test_why_of_a_pair_tells_the_order_flow_of_its_newest_decision(line: Line) -> None:
    answer = await line.ask("/why BTCUSDT", "BTCUSDT")
    assert "Order flow" in answer.text
    assert "not switched on" in answer.text.partition("🔸 Order flow")[2]


async def _first_signal(line: Line) -> FollowedSignal:
    async with line.storage() as unit:
        followed = await unit.signals.find(1)
    assert followed is not None
    return followed


def _flow_texts(followed: FollowedSignal) -> list[str]:
    return [one.text for one in flow_of(followed.signal.decision).evidence]
