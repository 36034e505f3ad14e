"""A recorder that is killed loses the last second at most, and the next one goes on beside it."""

import asyncio
import time
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest_asyncio

from app.clock import ExchangeClock
from app.supervisor import Supervisor
from exchanges.recordings import RecordedMessage, Recording
from exchanges.simulator import SimulatedVenue, SimulatorClock, synthetic_market
from tests.e2e.bot_process import forked
from tests.e2e.waiting import until

SPEED = 30.0
_LOST_SECONDS = 1.0


@pytest_asyncio.fixture
async def venue() -> AsyncIterator[SimulatedVenue]:
    market = synthetic_market(pairs=3, seed=11, history_minutes=1500, forward_minutes=1500)
    supervisor = Supervisor(ExchangeClock())
    clock = SimulatorClock(market.start_ms, SPEED, time.monotonic)
    async with SimulatedVenue(market, clock, spawn=supervisor.spawn) as running:
        yield running
    await supervisor.stop()


def variables(venue: SimulatedVenue) -> dict[str, str]:
    return {
        "EXCHANGE_REST_URL": venue.rest_url,
        "EXCHANGE_WS_URL": venue.ws_url,
        "CLOCK_SPEED": f"{SPEED:g}",
    }


def arguments(folder: Path, pairs: str = "BTCUSDT") -> list[str]:
    return ["record", "--pairs", pairs, "--out", str(folder)]


def trades(folder: Path) -> list[RecordedMessage]:
    if not any(folder.glob("*.gz")):
        return []
    found = Recording(folder).messages()
    return [each for each in found if each.source == "btcusdt@aggTrade"]


async def until_recorded(folder: Path, count: int) -> None:
    async def enough() -> bool:
        return len(await asyncio.to_thread(trades, folder)) >= count

    await until(enough, f"{folder.name} does not get {count} trades")


async def test_a_killed_recorder_loses_a_second_at_most_and_is_continued(
    venue: SimulatedVenue, tmp_path: Path
) -> None:
    folder = tmp_path / "recording"
    async with forked(tmp_path / "first", arguments(folder), variables(venue)) as recorder:
        await until_recorded(folder, 50)
        await recorder.kill()
        killed_ms = venue.clock.now_ms()

    kept = Recording(folder)
    first = {path: path.read_bytes() for path in kept.files}
    before = trades(folder)
    last_ms = max(each.exchange_ms for each in kept.messages())
    assert killed_ms - last_ms < (_LOST_SECONDS + 0.5) * SPEED * 1000
    assert [tail.reason for tail in kept.cut_tails] in ([], ["cut short"])

    async with forked(tmp_path / "second", arguments(folder), variables(venue)) as recorder:
        await until_recorded(folder, len(before) + 20)
        assert await recorder.terminate() == 0

    assert "messages" in recorder.logged
    assert {path: path.read_bytes() for path in first} == first
    after = trades(folder)
    assert after[: len(before)] == before
    ids = [msgspec.json.decode(each.body)["a"] for each in after[len(before) :]]
    assert all(later == sooner + 1 for sooner, later in pairwise(ids))
    assert len(Recording(folder).manifest.sessions) == 2


async def test_a_pair_that_is_not_listed_is_one_clear_error(
    venue: SimulatedVenue, tmp_path: Path
) -> None:
    folder = tmp_path / "recording"
    command = arguments(folder, "BTCUSDT,NOPEUSDT")
    async with forked(tmp_path / "recorder", command, variables(venue)) as recorder:
        assert await recorder.wait() == 2

    assert recorder.logged.startswith(f"error: --pairs: {venue.rest_url} does not list NOPEUSDT")
    assert not await asyncio.to_thread(folder.exists)


async def test_a_folder_that_is_no_recording_is_one_clear_error(tmp_path: Path) -> None:
    command = ["simulate", "--port", "0", "--recording", str(tmp_path)]
    async with forked(tmp_path / "simulator", command, {}) as simulator:
        assert await simulator.wait() == 2

    assert simulator.logged.startswith(f"error: {tmp_path} holds no recording")
    assert "python -m app record" in simulator.logged
