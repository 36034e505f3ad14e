"""The whole line while its venue fails in every way the simulator knows.

One bot lives through all of it. After each trouble every pair is decided on again with both layers,
each decision is the one that REST's candles lead to, and the channel shows each signal once.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from domain.decisions import Discard
from domain.timeframes import Timeframe, to_ms
from exchanges.simulator import Fault, FaultKind
from tests.e2e.line import EAGER, SPEED, open_line
from tests.e2e.record import assert_channel_tells_the_record
from tests.e2e.scene import FLOW_SOCKETS, FLOW_STREAMS, CloseMissedError, Scene, flow_of
from tests.e2e.waiting import until_seen
from tests.servers.databases import MigratedDatabases

pytestmark = pytest.mark.timeout(240)

Trouble = Callable[[Scene], Awaitable[None]]

SPOILT = (
    FaultKind.FRAME_LOSS,
    FaultKind.FRAME_UNPARSABLE,
    FaultKind.FRAME_WRONG_TYPE,
    FaultKind.FRAME_DUPLICATE,
    FaultKind.FRAME_DELAY,
)
POLLED = ("/fapi/v1/openInterest", "/futures/data/")
BROKEN = {FaultKind.REST_STATUS, FaultKind.REST_HTML}
SOCKETS = 1 + len(FLOW_SOCKETS)
"""One for candles, the others for order flow."""

STALE = timedelta(minutes=10)
"""Age from which a book says nothing; short enough for a freeze to be seen between two closes."""

STRATEGY = {
    **EAGER,
    # More than candles and what is polled can cover together.
    "confluence": {**EAGER["confluence"], "minimum_coverage": 0.75},
    "orderflow": {"book": {"stale_seconds": STALE.total_seconds() / SPEED}},
    "polling": {"shortest_wall_seconds": 0.5},
}


@pytest.fixture(scope="module")
async def scene(databases: MigratedDatabases) -> AsyncIterator[Scene]:
    """A bot at work."""
    database = await databases.blank("sqlite")
    async with open_line(database, strategy=STRATEGY) as line, line.bot() as bot:
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


async def connections_cut(scene: Scene) -> None:
    """All of them just before a close, which goes on by REST."""
    boundary, before = scene.coming_boundary(), scene.bot.data.feed.health()
    await scene.shortly_before(boundary)
    assert scene.faults.drop() == SOCKETS
    await scene.wait_for_close(boundary)
    await _stream_is_back(scene, before.reconnects)


async def connections_half_open(scene: Scene) -> None:
    """Nothing comes any more over open sockets; the close goes on by REST."""
    boundary, before = scene.coming_boundary(), scene.bot.data.feed.health()
    await scene.shortly_before(boundary)
    assert scene.faults.half_open() == SOCKETS
    await scene.wait_for_close(boundary)
    assert scene.bot.data.feed.health().reconnects == before.reconnects
    assert scene.faults.drop() == SOCKETS
    await _stream_is_back(scene, before.reconnects)


async def order_flow_cut(scene: Scene) -> None:
    """Books and trades end, and the sockets that come back bring none: nobody is told to trade."""
    candles, flow = scene.bot.data.feed.health(), scene.bot.data.flow.health()
    for stream in FLOW_STREAMS:
        _lose_frames(scene, stream, until=scene.line.now() + timedelta(days=1))
    for socket in FLOW_SOCKETS:
        assert scene.faults.drop(socket) == 1
    await _order_flow_is_back(scene, flow.reconnects)
    boundary = scene.coming_boundary()
    await scene.wait_for_close(boundary)
    for record in await scene.decided_on(boundary):
        assert flow_of(record.decision).coverage < 0.4
        assert record.decision.direction is None or Discard.LOW_COVERAGE in record.decision.discards
        assert record.signal_id is None
    assert scene.bot.data.feed.health().reconnects == candles.reconnects


async def books_frozen(scene: Scene) -> None:
    """No new book comes over a socket that is open; old ones are not read as if they were new."""
    boundary = scene.coming_boundary() + Timeframe.M15.length
    _lose_frames(scene, "@depth20", until=boundary + timedelta(minutes=1))
    await scene.wait_for_close(boundary)
    for record in await scene.decided_on(boundary):
        layer = flow_of(record.decision)
        texts = {one.name: one.text for one in layer.evidence}
        assert "Order book not known" in texts["book_imbalance"]
        assert 0 < layer.coverage < 0.8


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


async def polls_refused(scene: Scene) -> None:
    """What is polled for order flow is refused with a time to wait; closes need none of it."""
    before = scene.bot.data.budget.refusals
    for path in POLLED:
        scene.faults.inject(
            Fault(
                kind=FaultKind.REST_STATUS, status=429, retry_after_seconds=1, count=1, match=path
            )
        )
    await until_seen(lambda: not scene.faults.any, f"{POLLED} were not asked")
    boundary = scene.coming_boundary()
    await scene.wait_for_close(boundary)
    assert scene.bot.data.budget.refusals == before + len(POLLED)
    assert all(flow_of(one.decision).coverage > 0.5 for one in await scene.decided_on(boundary))


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
        pytest.param(connections_cut, id="connections cut", marks=pytest.mark.soak),
        pytest.param(books_frozen, id="books frozen", marks=pytest.mark.soak),
        pytest.param(polls_refused, id="polls refused", marks=pytest.mark.soak),
        pytest.param(told_to_be_silent(429), id="429", marks=pytest.mark.soak),
        pytest.param(told_to_be_silent(418), id="418", marks=pytest.mark.soak),
        pytest.param(rest_broken, id="REST broken"),
        # Far from the other cut: pauses before a reconnect grow while cuts follow each other.
        pytest.param(connections_half_open, id="connections half-open", marks=pytest.mark.soak),
        pytest.param(rest_slow, id="REST slow", marks=pytest.mark.soak),
        pytest.param(order_flow_cut, id="order flow cut", marks=pytest.mark.soak),
        pytest.param(venue_gone, id="venue gone"),
    ],
)
async def test_after_a_trouble_the_line_goes_on_as_if_nothing_had_been(
    scene: Scene, trouble: Trouble
) -> None:
    watched = scene.symbols
    await _meet(trouble, scene)
    scene.faults.clear()
    await scene.wait_for_whole_close()
    await scene.wait_for_order_flow()
    assert scene.symbols == watched
    await scene.assert_as_rest_tells(watched[: len(SPOILT)])
    assert scene.bot.data.feed.health().contradictions == 0
    await assert_channel_tells_the_record(scene.line)


async def _meet(trouble: Trouble, scene: Scene) -> None:
    """Let a trouble happen; again, at most twice, where the machine was too busy for its close."""
    for _ in range(2):
        try:
            return await trouble(scene)
        except CloseMissedError:
            scene.faults.clear()
            await scene.wait_for_whole_close()
    return await trouble(scene)


def _lose_frames(scene: Scene, stream: str, *, until: datetime) -> None:
    """From now on, by their own times."""
    scene.faults.inject(Fault(kind=FaultKind.FRAME_LOSS, match=stream, to_ms=to_ms(until)))


async def _stream_is_back(scene: Scene, reconnects_before: int) -> None:
    def look() -> bool:
        health = scene.bot.data.feed.health()
        return health.reconnects > reconnects_before and health.open_connections == 1

    await until_seen(look, "the stream did not come back")


async def _order_flow_is_back(scene: Scene, reconnects_before: int) -> None:
    def look() -> bool:
        health = scene.bot.data.flow.health()
        every = len(FLOW_SOCKETS)
        return health.reconnects >= reconnects_before + every and health.open_connections == every

    await until_seen(look, "the sockets of order flow did not come back")


async def _rest_works(scene: Scene) -> None:
    def look() -> bool:
        return BROKEN.isdisjoint(fault.kind for fault in scene.faults.active)

    await until_seen(look, "REST was not asked often enough")
