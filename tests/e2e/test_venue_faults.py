"""The whole line while its venue fails in every way the simulator knows.

One bot lives through all of it. After each trouble every pair is decided on again, each decision is
the one that REST's candles lead to, and the channel shows each signal once.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from exchanges.simulator import Fault, FaultKind
from tests.e2e.bot_process import forked, telegram_variables, variables_for
from tests.e2e.line import open_line
from tests.e2e.record import assert_channel_tells_the_record
from tests.e2e.scene import Scene
from tests.e2e.waiting import until_seen
from tests.servers.databases import MigratedDatabases

pytestmark = pytest.mark.timeout(120)

Trouble = Callable[[Scene], Awaitable[None]]

SPOILT = (
    FaultKind.FRAME_LOSS,
    FaultKind.FRAME_UNPARSABLE,
    FaultKind.FRAME_WRONG_TYPE,
    FaultKind.FRAME_DUPLICATE,
    FaultKind.FRAME_DELAY,
)
BROKEN = {FaultKind.REST_STATUS, FaultKind.REST_HTML}


@pytest.fixture(scope="module")
async def scene(databases: MigratedDatabases) -> AsyncIterator[Scene]:
    """A bot at work."""
    async with open_line(await databases.blank("sqlite")) as line, line.bot() as bot:
        await line.wait_for_posts(1)
        yield Scene(line=line, bot=bot)


async def frames_lost_torn_wrong_doubled_and_late(scene: Scene) -> None:
    """Each on a pair of its own; REST makes up for them at the very same close."""
    boundary, before = scene.coming_boundary(), scene.bot.data.feed.health()
    for kind, symbol in zip(SPOILT, scene.symbols, strict=False):
        scene.spoil(kind, symbol, boundary)
    await scene.wait_for_close(boundary)
    health = scene.bot.data.feed.health()
    assert health.bad_frames > before.bad_frames
    assert health.mends > before.mends
    assert health.reconnects == before.reconnects


async def connection_cut(scene: Scene) -> None:
    """Just before a close, which goes on by REST."""
    boundary, before = scene.coming_boundary(), scene.bot.data.feed.health()
    await scene.shortly_before(boundary)
    assert scene.faults.drop() == 1
    await scene.wait_for_close(boundary)
    await _stream_is_back(scene, before.reconnects)


async def connection_half_open(scene: Scene) -> None:
    """Nothing comes any more over an open socket; the close goes on by REST."""
    boundary, before = scene.coming_boundary(), scene.bot.data.feed.health()
    await scene.shortly_before(boundary)
    assert scene.faults.half_open() == 1
    await scene.wait_for_close(boundary)
    assert scene.bot.data.feed.health().reconnects == before.reconnects
    assert scene.faults.drop() == 1
    await _stream_is_back(scene, before.reconnects)


def told_to_be_silent(status: int) -> Trouble:
    """Refused with a time to wait, while one pair needs REST: only that pair is left out."""

    async def trouble(scene: Scene) -> None:
        boundary, before = scene.coming_boundary(), scene.bot.data.budget.refusals
        scene.spoil(FaultKind.FRAME_LOSS, scene.symbols[0], boundary)
        await scene.shortly_before(boundary)
        scene.faults.inject(
            Fault(kind=FaultKind.REST_STATUS, status=status, retry_after_seconds=1, count=1)
        )
        await scene.wait_for_close(boundary, without=1)
        assert scene.bot.data.budget.refusals == before + 1

    return trouble


async def rest_broken(scene: Scene) -> None:
    """Overloaded, failing, and hidden behind a gateway's page, while one pair needs REST."""
    boundary = scene.coming_boundary()
    scene.spoil(FaultKind.FRAME_LOSS, scene.symbols[0], boundary)
    await scene.shortly_before(boundary)
    for status in (503, 500):
        scene.faults.inject(Fault(kind=FaultKind.REST_STATUS, status=status, count=2))
    for status in (502, 200):
        scene.faults.inject(Fault(kind=FaultKind.REST_HTML, status=status, count=2))
    await scene.wait_for_close(boundary, without=1)
    await _rest_works(scene)


async def rest_slow(scene: Scene) -> None:
    """Every answer half a second late, while one pair needs REST."""
    boundary = scene.coming_boundary()
    scene.spoil(FaultKind.FRAME_LOSS, scene.symbols[0], boundary)
    await scene.shortly_before(boundary)
    scene.faults.inject(Fault(kind=FaultKind.REST_DELAY, delay_seconds=0.5, seconds=1.0))
    await scene.wait_for_close(boundary, without=1)


async def venue_gone(scene: Scene) -> None:
    """Streams and REST at once, over a close."""
    boundary, before = scene.coming_boundary(), scene.bot.data.feed.health()
    await scene.shortly_before(boundary)
    await scene.line.venue.stop()
    await scene.line.pass_time(boundary)
    await scene.line.venue.start()
    await _stream_is_back(scene, before.reconnects)


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(frames_lost_torn_wrong_doubled_and_late, id="frames"),
        pytest.param(connection_cut, id="connection cut"),
        pytest.param(connection_half_open, id="connection half-open"),
        pytest.param(told_to_be_silent(429), id="429"),
        pytest.param(told_to_be_silent(418), id="418"),
        pytest.param(rest_broken, id="REST broken"),
        pytest.param(rest_slow, id="REST slow"),
        pytest.param(venue_gone, id="venue gone"),
    ],
)
async def test_after_a_trouble_the_line_goes_on_as_if_nothing_had_been(
    scene: Scene, trouble: Trouble
) -> None:
    watched = scene.symbols
    await trouble(scene)
    scene.faults.clear()
    await scene.wait_for_whole_close()
    assert scene.symbols == watched
    await scene.assert_as_rest_tells(watched[: len(SPOILT)])
    assert scene.bot.data.feed.health().contradictions == 0
    await assert_channel_tells_the_record(scene.line)


async def test_a_bot_that_starts_while_the_venue_is_away_answers_and_waits_for_it(
    tmp_path: Path,
) -> None:
    async with open_line(f"sqlite:///{tmp_path}/quorum.sqlite", pairs=4) as line:
        await line.venue.stop()
        variables = {**variables_for(line, tmp_path), **telegram_variables(line)}
        async with forked(tmp_path / "bot", ["run"], variables) as bot:
            await line.telegram.wait_for_poll(30.0)
            await line.ask("/status", "Status")
            await line.venue.start()
            await line.wait_for_posts(1)
            assert await bot.terminate() == 0
            assert "Traceback" not in bot.logged


async def _stream_is_back(scene: Scene, reconnects_before: int) -> None:
    def look() -> bool:
        health = scene.bot.data.feed.health()
        return health.reconnects > reconnects_before and health.open_connections == 1

    await until_seen(look, "the stream did not come back")


async def _rest_works(scene: Scene) -> None:
    def look() -> bool:
        return BROKEN.isdisjoint(fault.kind for fault in scene.faults.active)

    await until_seen(look, "REST was not asked often enough")
