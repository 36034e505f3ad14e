"""A recording is played as it was recorded: byte for byte, in order, at its own pace."""

import asyncio
import time
from pathlib import Path

import pytest

from domain.errors import ConfigurationError
from exchanges.recordings import RecordedMessage, Recording
from exchanges.simulator import Fault, FaultKind
from exchanges.simulator.playback import PlaybackVenue
from tests.contract.simulator.conftest import spawn
from tests.contract.simulator.playing import (
    BEGUN_MS,
    BEGUN_NS,
    asked,
    frame,
    held,
    listening,
    until_ended,
    until_true,
    write,
)

TRADES = "btcusdt@aggTrade"
BOOK = "btcusdt@depth20@100ms"
ODD = [b'{ "e" : "aggTrade",\t"p":1.50 }', b'{"e":"aggTrade","p":1.5}', "{…}\n".encode(), b"{}"]
"""Bodies that no two encoders would write alike."""


async def test_every_frame_arrives_byte_for_byte_and_in_order(tmp_path: Path) -> None:
    big = b'{"b":[' + b"1," * 40_000 + b"2]}"
    trades = [frame(TRADES, body, 10 * n) for n, body in enumerate([*ODD, big])]
    books = [frame(BOOK, b'{"n":%d}' % n, 7 * n) for n in range(9)]
    folder = write(tmp_path, sorted([*trades, *books], key=lambda each: each.local_ns))

    async with (
        held(folder, speed=1.0) as venue,
        listening(venue, "/market/ws") as market,
        listening(venue, "/public/ws") as public,
    ):
        await market.subscribe([TRADES])
        await public.subscribe([BOOK])
        venue.clock.release()

        assert await market.hear_many(len(trades)) == [each.body for each in trades]
        assert await public.hear_many(len(books)) == [each.body for each in books]


async def test_a_combined_stream_holds_the_same_bytes_in_its_envelope(tmp_path: Path) -> None:
    folder = write(tmp_path, [frame(TRADES, ODD[0], 0)])

    path = f"/market/stream?streams={TRADES}"
    async with held(folder, speed=1.0) as venue, listening(venue, path) as client:
        venue.clock.release()

        assert await client.hear() == b'{"stream":"%b","data":%b}' % (TRADES.encode(), ODD[0])


async def test_who_subscribed_something_else_hears_nothing(tmp_path: Path) -> None:
    folder = write(tmp_path, [frame(TRADES, b"1", 0), frame("ethusdt@aggTrade", b"2", 1)])

    async with held(folder, speed=1.0) as venue, listening(venue, "/market/ws") as client:
        await client.subscribe(["ethusdt@aggTrade"])
        venue.clock.release()

        assert await client.hear() == b"2"


async def test_a_liquidation_is_heard_on_the_stream_of_all_pairs_too(tmp_path: Path) -> None:
    folder = write(tmp_path, [frame("btcusdt@forceOrder", b'{"e":"forceOrder"}', 0)])

    async with (
        held(folder, speed=1.0) as venue,
        listening(venue, "/market/ws/btcusdt@forceOrder") as one,
        listening(venue, "/market/ws/!forceOrder@arr") as every,
    ):
        venue.clock.release()

        assert await one.hear() == await every.hear() == b'{"e":"forceOrder"}'


@pytest.mark.parametrize("speed", [1.0, 4.0])
async def test_frames_keep_their_spacing_divided_by_the_speed(tmp_path: Path, speed: float) -> None:
    spacing_ms = int(200 * speed)
    folder = write(tmp_path, [frame(TRADES, b"%d" % n, spacing_ms * n) for n in range(4)])

    async with held(folder, speed) as venue, listening(venue, f"/market/ws/{TRADES}") as client:
        venue.clock.release()
        begun = time.monotonic()
        await client.hear_many(4)
        took = time.monotonic() - begun

    assert 0.595 <= took < 2.4, "2.4 s is what it would take undivided at the higher speed"


async def test_a_recording_that_outruns_its_clients_waits_for_them(tmp_path: Path) -> None:
    frames = [frame(TRADES, b'{"n":%d,"x":"%b"}' % (n, b"x" * 12_000), n) for n in range(3000)]
    folder = write(tmp_path, frames)

    path = f"/market/ws/{TRADES}"
    async with held(folder, speed=1e6) as venue, listening(venue, path) as client:
        venue.clock.release()
        await asyncio.sleep(0.3)
        assert venue.info["framesPlayed"] < 3000

        assert await client.hear_many(3000) == [each.body for each in frames]


async def test_time_begins_with_the_first_frame_and_stands_still_at_the_end(
    tmp_path: Path,
) -> None:
    folder = write(tmp_path, [frame(TRADES, b"1", 0), frame(TRADES, b"2", 250)])

    async with held(folder, speed=5.0) as venue:
        assert await asked(venue, "/fapi/v1/time") == {"serverTime": BEGUN_MS}
        venue.clock.release()
        await until_ended(venue)

        assert await asked(venue, "/fapi/v1/time") == {"serverTime": BEGUN_MS + 250}
        assert (await asked(venue, "/simulator/info"))["framesPlayed"] == 2


async def test_after_a_clock_was_put_back_the_later_session_follows_the_earlier(
    tmp_path: Path,
) -> None:
    write(tmp_path, [frame(TRADES, b"1", 10_000), frame(TRADES, b"2", 10_100)])
    folder = write(tmp_path, [frame(TRADES, b"3", 0), frame(TRADES, b"4", 100)])

    async with held(folder, 1.0) as venue, listening(venue, f"/market/ws/{TRADES}") as client:
        venue.clock.release()

        assert await client.hear_many(4, within=5) == [b"1", b"2", b"3", b"4"]
        await until_ended(venue)
        assert venue.clock.now_ms() == BEGUN_MS + 10_000 + 200


async def test_faults_disturb_a_playback_like_any_other_venue(tmp_path: Path) -> None:
    folder = write(tmp_path, [frame(TRADES, b"%d" % n, n) for n in range(4)])

    path = f"/market/ws/{TRADES}"
    async with held(folder, speed=1.0) as venue, listening(venue, path) as client:
        venue.faults.inject(Fault(kind=FaultKind.FRAME_LOSS, match=TRADES, count=2))
        venue.clock.release()

        assert await client.hear_many(2) == [b"2", b"3"]


async def test_answers_are_the_newest_recorded_ones_up_to_now(tmp_path: Path) -> None:
    path = "/fapi/v1/openInterest?symbol=BTCUSDT"
    folder = write(
        tmp_path,
        [
            frame(path, b'{"openInterest":"1.0"}', -500),
            frame(TRADES, b"1", 0),
            frame(path, b'{"openInterest":"2.0"}', 100),
            frame(TRADES, b"2", 200),
        ],
    )

    async with held(folder, speed=1.0) as venue:
        before = await asked(venue, "/fapi/v1/openInterest", symbol="BTCUSDT")
        other = await asked(venue, "/fapi/v1/openInterest", symbol="ETHUSDT")
        unknown = await asked(venue, "/fapi/v1/openInterest", symbol="NOPEUSDT")
        venue.clock.release()
        await until_ended(venue)
        after = await asked(venue, "/fapi/v1/openInterest", symbol="BTCUSDT")

    assert (before, after) == ({"openInterest": "1.0"}, {"openInterest": "2.0"})
    assert other["code"] == -1000
    assert unknown == {"code": -1121, "msg": "Invalid symbol."}


async def test_a_candle_is_final_from_its_final_frame_on_and_never_before(tmp_path: Path) -> None:
    stream, minute = "btcusdt@kline_1m", 60_000
    folder = write(
        tmp_path,
        [
            _history(f"[{_row(-2 * minute, '9.0')},{_row(-minute, '8.0')}]", 0),
            frame(stream, _kline(0, "1.0", is_final=False), minute - 300),
            frame(stream, _kline(0, "2.0", is_final=True), minute + 600),
            frame(TRADES, b"{}", minute + 700),
        ],
    )

    async def closes() -> list[str]:
        rows = await asked(venue, "/fapi/v1/klines", symbol="BTCUSDT", interval="1m")
        return [row[4] for row in rows]

    async with held(folder, speed=1.0) as venue, listening(venue, f"/market/ws/{stream}") as client:
        assert await closes() == ["9.0"], "the last of a history may still have been forming"
        venue.clock.release()
        await client.hear()
        assert await closes() == ["9.0", "1.0"]
        await asyncio.sleep(0.4)
        assert await closes() == ["9.0"], "it is over, and its final values are not known yet"
        await client.hear()
        assert await closes() == ["9.0", "2.0"]


def _history(body: str, after_ms: int) -> RecordedMessage:
    source = "/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=99"
    return frame(source, body.encode(), after_ms)


def _row(opened_ms: int, close: str) -> str:
    opened = BEGUN_MS + opened_ms
    return f'[{opened},"1","1","1","{close}","1",{opened + 59_999},"1",1,"1","1","0"]'


def _kline(opened_ms: int, close: str, *, is_final: bool) -> bytes:
    opened, final = BEGUN_MS + opened_ms, "true" if is_final else "false"
    return (
        f'{{"e":"kline","s":"BTCUSDT","k":{{"t":{opened},"T":{opened + 59_999},"i":"1m","o":"1",'
        f'"h":"1","l":"1","c":"{close}","v":"1","q":"1","n":1,"V":"1","Q":"1","x":{final}}}}}'
    ).encode()


def test_a_recording_without_a_frame_is_refused(tmp_path: Path) -> None:
    answer = RecordedMessage(local_ns=BEGUN_NS, exchange_ms=0, source="/fapi/v1/time", body=b"{}")
    folder = write(tmp_path, [answer])

    with pytest.raises(ConfigurationError, match="holds no frame of a stream"):
        PlaybackVenue(Recording(folder), speed=1.0, wall=time.monotonic, spawn=spawn)


async def test_a_client_that_reads_nothing_is_cut_off_and_the_others_hear_everything(
    tmp_path: Path,
) -> None:
    bodies = [b"[%d,%b]" % (n, b" " * 1_000_000) for n in range(20)]
    folder = write(tmp_path, [frame(TRADES, body, n) for n, body in enumerate(bodies)])

    async with (
        held(folder, speed=1.0, patience_seconds=5.0) as venue,
        listening(venue, "/market/ws") as sleeper,
        listening(venue, "/market/ws") as reader,
    ):
        await sleeper.subscribe([TRADES])
        await reader.subscribe([TRADES])
        venue.clock.release()

        assert await reader.hear_many(len(bodies)) == bodies
        await until_true(lambda: venue.info["connections"] == 1)


async def test_a_file_that_is_missing_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = write(tmp_path, [frame(TRADES, b"{}", 60_000 * n) for n in range(3)])
    next(folder.glob("000002_*")).unlink()

    async with held(folder, speed=1.0) as venue:
        assert venue.info["missingFiles"] == 1
    assert "lacks the files [2]" in caplog.text


async def test_a_recording_of_damaged_files_says_so(tmp_path: Path) -> None:
    write(tmp_path, [frame(TRADES, b"{}", 0)])
    file = Recording(tmp_path).files[0]
    file.write_bytes(b"plain text")

    with pytest.raises(ConfigurationError, match=rf"nothing to play; {file.name} is damaged"):
        PlaybackVenue(Recording(tmp_path), speed=1.0, wall=time.monotonic, spawn=spawn)


async def test_a_port_that_is_taken_is_told_and_nothing_stays_open(tmp_path: Path) -> None:
    folder = write(tmp_path, [frame(TRADES, b"{}", 0)])

    async with held(folder, speed=1.0) as venue:
        port = int(venue.rest_url.rpartition(":")[2])
        second = PlaybackVenue(
            Recording(folder), speed=1.0, wall=time.monotonic, spawn=spawn, port=port
        )
        with pytest.raises(OSError, match="in use"):
            await second.start()
        await second.stop()
