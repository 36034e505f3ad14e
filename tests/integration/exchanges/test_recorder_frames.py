"""What the recorder does with frames that nobody asked for, against a scripted server."""

import asyncio
from contextlib import suppress
from pathlib import Path

from aiohttp import web
from structlog.testing import capture_logs

from exchanges.recordings import Recording, RecordingWriter, Session
from exchanges.recordings.messages import UNKNOWN
from exchanges.recordings.recorder import Recorder
from exchanges.recordings.rest_answers import Question
from exchanges.recordings.rest_source import RestSource
from exchanges.weight import WeightBudget
from tests.integration.exchanges.scripted_venue import patient, scripted_venue
from tests.unit.exchanges.fakes import WallClock, soon
from tests.unit.exchanges.flow_fakes import TRADE, changed, trade_frame


async def _nothing(_: web.Request) -> web.Response:
    return web.json_response({})


ANSWERS = [web.get("/fapi/{path:.*}", _nothing), web.get("/futures/{path:.*}", _nothing)]

ODD = [
    changed(TRADE, s="BTC\tUSDT"),
    changed(TRADE, s="A" * 2000),
    changed(TRADE, s="SOLUSDT"),
    b"{",
    b'{"e":"trade"}',
]


async def test_frames_of_no_asked_stream_are_kept_as_unknown_and_end_nothing(
    tmp_path: Path,
) -> None:
    clock = WallClock()
    session = Session(begun="", origin="", pairs=("BTCUSDT",), streams=())
    async with (
        scripted_venue(ANSWERS) as venue,
        RestSource(venue.url.replace("ws:", "http:"), WeightBudget(clock)) as source,
    ):
        with RecordingWriter(tmp_path, session, rotate_ns=60_000_000_000) as writer:
            recorder = Recorder(
                writer,
                source,
                clock,
                lambda: 0.5,
                pairs=["BTCUSDT"],
                ws_url=venue.url,
                limits=patient(),
            )
            running = asyncio.create_task(recorder.run())
            await soon(lambda: bool(venue.requests))
            await venue.send("aggTrade", *ODD, trade_frame(1))
            await soon(lambda: recorder.tally.unknown == len(ODD))
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running

    kept = [each for each in Recording(tmp_path).messages() if not each.is_answer]
    assert [each.body for each in kept if each.source == UNKNOWN] == ODD
    assert [each.body for each in kept if each.source == "btcusdt@aggTrade"] == [trade_frame(1)]


async def test_a_question_that_stays_unanswered_is_told_once_until_it_is_answered() -> None:
    statuses = [500, 404, 200, 503]

    async def answer(_: web.Request) -> web.Response:
        return web.json_response({}, status=statuses.pop(0))

    async with (
        scripted_venue([web.get("/fapi/{path:.*}", answer)]) as venue,
        RestSource(venue.url.replace("ws:", "http:"), WeightBudget(WallClock())) as source,
    ):
        with capture_logs() as told:
            bodies = [await source.fetch(Question(path="/fapi/v1/time")) for _ in range(4)]

    assert bodies == [None, None, b"{}", None]
    assert [one["reason"] for one in told] == ["status 500", "status 503"]
