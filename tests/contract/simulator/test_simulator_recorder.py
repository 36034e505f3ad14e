"""What the recorder makes of a venue serves, played back, whoever could use the venue itself."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
import pytest_asyncio

from app.clock import ExchangeClock
from domain.errors import ConfigurationError
from domain.timeframes import from_ms
from exchanges.recordings import Recording, RecordingWriter, Session
from exchanges.recordings.event_times import streams_of
from exchanges.recordings.listed_pairs import checked_pairs
from exchanges.recordings.recorder import Recorder
from exchanges.recordings.rest_source import RestSource
from exchanges.simulator import Fault, FaultKind, Market, SimulatedVenue
from exchanges.weight import WeightBudget
from tests.contract.simulator.conftest import RawClient, spawn, venue_of
from tests.contract.simulator.playing import (
    asked,
    bodies,
    ccxt_of,
    held,
    listening,
    until_ended,
    until_true,
)

SPEED = 60.0
PAIRS = ["BTCUSDT", "ETHUSDT"]
BTC = "BTC/USDT:USDT"


def clock_of(venue: SimulatedVenue) -> ExchangeClock:
    return ExchangeClock(speed=venue.clock.speed)


def source_of(venue: SimulatedVenue, clock: ExchangeClock) -> RestSource:
    return RestSource(venue.rest_url, WeightBudget(clock))


@asynccontextmanager
async def recording_of(venue: SimulatedVenue, folder: Path) -> AsyncIterator[Recorder]:
    """A recorder at work within the block; the recording is finished after it."""
    clock = clock_of(venue)
    session = Session(
        begun="", origin=venue.ws_url, pairs=tuple(PAIRS), streams=tuple(streams_of(PAIRS))
    )
    with RecordingWriter(folder, session, rotate_ns=60_000_000_000) as writer:
        async with source_of(venue, clock) as source:
            recorder = Recorder(
                writer, source, clock, lambda: 0.5, pairs=PAIRS, ws_url=venue.ws_url
            )
            task = spawn("recorder", recorder.run())
            try:
                yield recorder
            finally:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task


async def until(recorder: Recorder, folder: Path, final_minutes: int) -> None:
    """Wait until so many final one-minute candles of each pair are on disk."""
    await until_true(lambda: min(map(len, _finals(folder).values())) >= final_minutes)
    assert recorder.tally.failed == 0


def _finals(folder: Path) -> dict[str, list[Any]]:
    finals: dict[str, list[Any]] = {pair: [] for pair in PAIRS}
    if any(folder.glob("*.gz")):
        for pair in PAIRS:
            klines = [
                msgspec.json.decode(body)["k"]
                for body in bodies(folder, f"{pair.lower()}@kline_1m")
            ]
            finals[pair] = [kline for kline in klines if kline["x"]]
    return finals


@pytest_asyncio.fixture(scope="module")
async def source_venue(market: Market) -> AsyncIterator[SimulatedVenue]:
    async with venue_of(market, SPEED) as venue:
        yield venue


@pytest_asyncio.fixture(scope="module")
async def recorded(source_venue: SimulatedVenue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recorded")
    async with recording_of(source_venue, folder) as recorder:
        await until(recorder, folder, final_minutes=2)
    return folder


async def test_all_channels_of_all_pairs_and_all_answers_are_there(recorded: Path) -> None:
    recording = Recording(recorded)
    counts = Counter(each.source.partition("?")[0] for each in recording.messages())

    for stream in streams_of(PAIRS):
        assert counts[stream] or stream.endswith("@forceOrder"), stream
    assert counts["/fapi/v1/klines"] >= 8
    assert counts["/fapi/v1/openInterest"] > counts["/fapi/v1/premiumIndex"] >= 2
    assert counts["unknown"] == 0
    assert recording.cut_tails == []


async def test_no_trade_is_missing_and_times_are_those_of_the_messages(recorded: Path) -> None:
    trades = [msgspec.json.decode(body) for body in bodies(recorded, "btcusdt@aggTrade")]

    assert all(later["a"] == sooner["a"] + 1 for sooner, later in pairwise(trades))
    told = [
        (each.exchange_ms, msgspec.json.decode(each.body)["E"])
        for each in Recording(recorded).messages()
        if not each.is_answer
    ]
    assert all(at_ms == event_ms for at_ms, event_ms in told)


async def test_what_was_recorded_is_heard_again_byte_for_byte(recorded: Path) -> None:
    depth, trades = "btcusdt@depth20@100ms", "ethusdt@aggTrade"
    async with (
        held(recorded, speed=600.0) as venue,
        listening(venue, f"/public/ws/{depth}") as public,
        listening(venue, f"/market/ws/{trades}") as market,
    ):
        venue.clock.release()

        books, sizes = bodies(recorded, depth), bodies(recorded, trades)
        assert len(books) > 10
        assert await public.hear_many(len(books)) == books
        assert await market.hear_many(len(sizes)) == sizes


async def test_candles_played_back_are_those_of_the_venue_without_a_hole(
    recorded: Path, source_venue: SimulatedVenue
) -> None:
    async with held(recorded, speed=2000.0) as venue, aiohttp.ClientSession() as session:
        venue.clock.release()
        await until_ended(venue)
        for interval, length in (("1m", 60_000), ("15m", 900_000)):
            query = {"symbol": "BTCUSDT", "interval": interval, "limit": 400}
            rows = await asked(venue, "/fapi/v1/klines", **query)
            final = [row for row in rows if row[6] < venue.clock.now_ms()]
            begin = {"startTime": final[0][0], "endTime": final[-1][0], "limit": 1500}
            theirs = await RawClient(session, source_venue).get(
                "/fapi/v1/klines", **(query | begin)
            )

            assert len(final) > 200
            assert {later[0] - sooner[0] for sooner, later in pairwise(final)} == {length}
            assert final == theirs
            assert final[-1][6] > venue.clock.now_ms() - 2 * length


async def test_ccxt_takes_the_recording_for_the_venue(recorded: Path) -> None:
    async with held(recorded, speed=1.0) as venue, ccxt_of(venue) as client:
        markets = await client.load_markets()
        assert sorted(markets) == [BTC, "ETH/USDT:USDT"]
        assert markets[BTC]["precision"]["price"] == 0.1

        assert await client.fetch_time() == venue.clock.now_ms()
        candles = await client.fetch_ohlcv(BTC, "15m", limit=200)
        assert len(candles) == 200
        assert candles[-1][0] <= venue.clock.now_ms()
        tickers = await client.fetch_tickers()
        assert tickers[BTC]["last"] > 0
        best = await client.fetch_bids_asks()
        assert best[BTC]["bid"] < best[BTC]["ask"]
        rates = await client.fetch_funding_rates()
        assert set(rates) == set(markets)
        assert rates[BTC]["fundingTimestamp"] > venue.clock.now_ms() - 60_000
        interest = await client.fetch_open_interest(BTC)
        assert interest["openInterestAmount"] > 0
        ratios = await client.fetch_long_short_ratio_history(BTC, "5m", limit=2)
        assert len(ratios) == 2


async def test_ccxt_streams_from_the_recording(recorded: Path) -> None:
    async with held(recorded, speed=30.0) as venue, ccxt_of(venue) as client:
        venue.clock.release()
        async with asyncio.timeout(20):
            trades = await client.watch_trades(BTC, params={"name": "aggTrade"})
            candles = await client.watch_ohlcv(BTC, "1m")

    assert trades[-1]["symbol"] == BTC
    assert candles[-1][0] <= from_ms(venue.clock.now_ms()).timestamp() * 1000


async def test_a_broken_connection_is_noted_and_leaves_no_hole_in_the_candles(
    source_venue: SimulatedVenue, tmp_path: Path
) -> None:
    async with recording_of(source_venue, tmp_path) as recorder:
        await until(recorder, tmp_path, final_minutes=1)
        assert source_venue.faults.drop(match="/market") > 0
        await until_true(lambda: recorder.tally.gaps > 0)
        answers = recorder.tally.answers
        await until(recorder, tmp_path, final_minutes=len(_finals(tmp_path)["BTCUSDT"]) + 1)
        await until_true(lambda: recorder.tally.answers >= answers + 8)

    assert bodies(tmp_path, "gap") == [b"BTCUSDT ETHUSDT"]
    async with held(tmp_path, speed=2000.0) as venue:
        venue.clock.release()
        await until_ended(venue)
        rows = await asked(venue, "/fapi/v1/klines", symbol="BTCUSDT", interval="1m", limit=60)
        final = [row for row in rows if row[6] < venue.clock.now_ms()]
    assert {later[0] - sooner[0] for sooner, later in pairwise(final)} == {60_000}


async def test_unknown_pairs_are_named_with_what_was_meant(own_venue: SimulatedVenue) -> None:
    async with source_of(own_venue, clock_of(own_venue)) as source:
        assert await checked_pairs(source, "btc/usdt, ETHUSDT,BTCUSDT") == PAIRS
        with pytest.raises(ConfigurationError, match=r"does not list NOPE, ETHUSD; .*ETHUSDT"):
            await checked_pairs(source, "BTCUSDT,NOPE,ETHUSD")
        with pytest.raises(ConfigurationError, match="--pairs is empty"):
            await checked_pairs(source, " , ")


async def test_a_venue_that_does_not_answer_is_named(own_venue: SimulatedVenue) -> None:
    own_venue.faults.inject(Fault(kind=FaultKind.REST_HTML, status=502, seconds=10))
    async with source_of(own_venue, clock_of(own_venue)) as source:
        with pytest.raises(ConfigurationError, match="does not tell what it lists"):
            await checked_pairs(source, "BTCUSDT")


async def test_a_full_disk_ends_the_recorder_with_a_clear_text(
    own_venue: SimulatedVenue, tmp_path: Path
) -> None:
    clock = clock_of(own_venue)
    session = Session(begun="", origin="", pairs=tuple(PAIRS), streams=())
    with RecordingWriter(tmp_path, session, rotate_ns=1) as writer:
        await asyncio.to_thread(tmp_path.rename, tmp_path.with_name("away"))
        async with source_of(own_venue, clock) as source:
            recorder = Recorder(
                writer, source, clock, lambda: 0.5, pairs=PAIRS, ws_url=own_venue.ws_url
            )
            async with asyncio.timeout(20):
                with pytest.raises(ConfigurationError, match="cannot write the recording to"):
                    await recorder.run()
