"""A scan of a market told by hand: what is asked of the venue, stored, and streamed."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from db.cache import MemoryCache
from domain.candles import Candle, CandleSeries
from domain.errors import (
    InvalidDataError,
    QuorumError,
    RateLimitedError,
    StorageUnavailableError,
    TemporaryVenueError,
    VenueRefusedError,
)
from domain.timeframes import Timeframe, to_ms
from engine.market_state import MarketState
from engine.opportunity import ScannerParameters
from engine.ports.cache import Cache
from engine.ports.storage import Storage
from engine.scan import ScanMarket
from tests.builders.market import make_instrument
from tests.fakes.clock import AFTERNOON, HandClock
from tests.fakes.market import HandFacts, HandFeed, HandFlowStreams, make_market_state, make_ticker
from tests.fakes.storage import InMemoryStorage
from tests.unit.engine.failing_storage import FailingStorage

BTC, ETH, SOL = "BTCUSDT", "ETHUSDT", "SOLUSDT"
PARAMETERS = ScannerParameters()


def quarter_hours(count: int, closed_at: datetime, range_percent: float = 1.0) -> CandleSeries:
    """Candles around 100 with the same range each, so that this is their ATR in percent."""
    last = Timeframe.M15.last_closed_index(to_ms(closed_at))
    return CandleSeries.of(
        [
            Candle(
                timeframe=Timeframe.M15,
                index=last - count + 1 + position,
                open=100.0,
                high=100.0 + range_percent / 2,
                low=100.0 - range_percent / 2,
                close=100.0,
                volume=1.0,
            )
            for position in range(count)
        ]
    )


@dataclass
class Bench:
    """A venue by hand and a scanner over it."""

    parameters: ScannerParameters = PARAMETERS
    clock: HandClock = field(default_factory=HandClock)
    market: MarketState = field(default_factory=make_market_state)
    storage: InMemoryStorage = field(default_factory=InMemoryStorage)

    def __post_init__(self) -> None:
        self.facts = HandFacts(self.clock)
        self.feed = HandFeed(clock=self.clock)
        self.flow_streams = HandFlowStreams()
        self.restart()

    def restart(self, storage: Storage | None = None, cache: Cache | None = None) -> None:
        self.market = make_market_state(self.clock)
        self.scan = ScanMarket(
            facts=self.facts,
            feed=self.feed,
            flow_streams=self.flow_streams,
            market=self.market,
            storage=storage or self.storage,
            cache=cache or MemoryCache(self.clock),
            clock=self.clock,
            parameters=self.parameters,
        )

    def list_pair(
        self, symbol: str, *, candles: int = 300, range_percent: float = 1.0, volume: float = 5e6
    ) -> None:
        """A pair that passes the filter; it scores 100 * (.35 + .2 + .25 * range + .1)."""
        self.facts.instruments[symbol] = make_instrument(symbol.removesuffix("USDT"))
        self.facts.tickers[symbol] = make_ticker(symbol, volume=volume)
        day_ahead = self.clock.now() + timedelta(days=1)
        self.facts.candles[symbol] = quarter_hours(candles + 96, day_ahead, range_percent)

    def delist(self, symbol: str) -> None:
        del self.facts.instruments[symbol], self.facts.tickers[symbol]

    async def stored(self) -> dict[str, float]:
        async with self.storage() as unit:
            return {pair.symbol: pair.score for pair in await unit.watchlist.list_pairs()}

    async def history(self) -> list[tuple[str, str, str]]:
        async with self.storage() as unit:
            changes = await unit.watchlist.list_changes(limit=100)
        return [(change.symbol, change.kind, change.reason) for change in changes[::-1]]


async def test_good_pairs_are_stored_watched_and_streamed_with_their_reasons() -> None:
    bench = Bench()
    bench.list_pair(BTC)
    bench.list_pair(ETH, range_percent=0.6)
    bench.list_pair(SOL, volume=400_000.0)

    changes = await bench.scan()

    words = "volume 5.0 M USDT, spread 0.020 %, ATR {} %, 24 h +2.0 %"
    assert await bench.history() == [
        (BTC, "join", f"score 90.0: {words.format('1.00')}"),
        (ETH, "join", f"score 80.0: {words.format('0.60')}"),
    ]
    assert [(change.symbol, change.at) for change in changes] == [
        (BTC, AFTERNOON),
        (ETH, AFTERNOON),
    ]
    assert await bench.stored() == pytest.approx({BTC: 90.0, ETH: 80.0})
    assert [pair.symbol for pair in bench.market.watchlist] == [BTC, ETH]
    assert bench.feed.streamed == [BTC, ETH]


async def test_history_is_asked_of_those_only_that_pass_the_cheap_filter() -> None:
    bench = Bench()
    bench.list_pair(BTC)
    bench.list_pair(SOL, volume=400_000.0)
    await bench.scan()
    assert BTC in bench.facts.requests
    assert SOL not in bench.facts.requests


async def test_snapshots_can_be_taken_of_what_was_scanned() -> None:
    bench = Bench()
    bench.list_pair(BTC)
    await bench.scan()
    assert bench.flow_streams.symbols == [BTC]
    bench.feed.markets[BTC] = {}
    bench.feed.delays[BTC] = 0.0
    snapshot = bench.market.snapshot(BTC, AFTERNOON, bench.feed)
    assert snapshot.instrument == bench.facts.instruments[BTC]
    assert snapshot.spread_percent == pytest.approx(0.02)
    assert snapshot.order_flow is not None


@pytest.mark.parametrize(
    ("candles", "joins"), [(199, False), (200, True)], ids=["one too few", "just enough"]
)
async def test_young_pair_waits_until_it_has_two_hundred_candles(candles: int, joins: bool) -> None:
    bench = Bench()
    bench.list_pair(BTC)
    bench.facts.candles[BTC] = quarter_hours(candles, AFTERNOON)
    await bench.scan()
    assert bool(await bench.stored()) is joins


async def test_pair_without_a_ticker_is_passed_over() -> None:
    bench = Bench()
    bench.list_pair(BTC)
    bench.list_pair(ETH)
    del bench.facts.tickers[ETH]
    await bench.scan()
    assert set(await bench.stored()) == {BTC}


async def test_ticker_of_a_pair_that_is_not_listed_is_passed_over() -> None:
    bench = Bench()
    bench.list_pair(BTC)
    bench.facts.tickers["币安USDT"] = make_ticker("币安USDT")
    await bench.scan()
    assert set(await bench.stored()) == {BTC}


async def test_volatility_is_asked_once_per_quarter_hour() -> None:
    bench = Bench(clock=HandClock(AFTERNOON + timedelta(minutes=7)))
    bench.list_pair(BTC)
    for _ in range(8):
        await bench.scan()
        bench.clock.advance(59)
    assert bench.facts.requests.count(BTC) == 1
    bench.clock.set(AFTERNOON + timedelta(minutes=15))
    await bench.scan()
    assert bench.facts.requests.count(BTC) == 2


async def test_volatility_in_the_cache_is_not_asked_again_after_a_restart() -> None:
    bench, cache = Bench(), MemoryCache(HandClock())
    bench.list_pair(BTC)
    bench.restart(cache=cache)
    await bench.scan()
    before = await bench.stored()
    bench.restart(cache=cache)
    await bench.scan()
    assert bench.facts.requests.count(BTC) == 1
    assert await bench.stored() == before


class AbsentCache(Cache):
    async def get(self, key: str) -> bytes | None:
        raise StorageUnavailableError("the cache is away")

    async def put(self, key: str, value: bytes, *, seconds: float) -> None:
        raise StorageUnavailableError("the cache is away")


async def test_cache_that_is_away_only_costs_requests() -> None:
    bench = Bench()
    bench.list_pair(BTC)
    bench.restart(cache=AbsentCache())
    for _ in range(2):
        await bench.scan()
    assert bench.facts.requests.count(BTC) == 2
    assert set(await bench.stored()) == {BTC}


async def test_newest_closed_candle_counts() -> None:
    bench = Bench()
    bench.list_pair(BTC, range_percent=1.0)
    await bench.scan()
    wild = quarter_hours(300, AFTERNOON + timedelta(minutes=15), range_percent=0.4)
    bench.facts.candles[BTC] = wild
    bench.clock.advance(899)
    await bench.scan()
    assert await bench.stored() == pytest.approx({BTC: 90.0})
    bench.clock.advance(1)
    await bench.scan()
    assert await bench.stored() == pytest.approx({BTC: 75.0})


async def test_list_of_instruments_is_kept_for_a_quarter_of_an_hour() -> None:
    bench = Bench()
    bench.list_pair(BTC)
    for _ in range(3):
        await bench.scan()
        bench.clock.advance(299)
    assert bench.facts.requests.count("instruments") == 1
    assert bench.facts.requests.count("tickers") == 3
    bench.clock.advance(3)
    await bench.scan()
    assert bench.facts.requests.count("instruments") == 2


async def test_delisted_pair_leaves_after_three_scans_and_its_reason_is_kept() -> None:
    bench = Bench()
    bench.list_pair(BTC)
    bench.list_pair(ETH)
    await bench.scan()
    bench.delist(ETH)
    for _ in range(3):
        bench.clock.advance(900)
        await bench.scan()
    assert (await bench.history())[-1] == (
        ETH,
        "leave",
        "failed 3 scans in a row: no longer traded",
    )
    assert bench.feed.streamed == [BTC]


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (TemporaryVenueError("HTTP 502"), "venue did not answer: HTTP 502"),
        (VenueRefusedError("no such pair"), "history unusable: no such pair"),
        (InvalidDataError("a hole"), "history unusable: a hole"),
    ],
)
async def test_trouble_with_one_pair_is_not_the_end_of_the_scan(
    failure: QuorumError, reason: str
) -> None:
    bench = Bench()
    bench.list_pair(BTC)
    bench.list_pair(ETH)
    await bench.scan()
    bench.facts.failures[ETH] = failure
    for _ in range(3):
        bench.clock.advance(900)
        await bench.scan()
    assert (await bench.history())[-1] == (ETH, "leave", f"failed 3 scans in a row: {reason}")
    assert set(await bench.stored()) == {BTC}


async def test_pair_that_did_not_answer_is_asked_again_at_the_next_scan() -> None:
    bench = Bench()
    bench.list_pair(BTC)
    bench.facts.failures[BTC] = TemporaryVenueError("HTTP 502")
    await bench.scan()
    del bench.facts.failures[BTC]
    await bench.scan()
    assert set(await bench.stored()) == {BTC}


async def test_call_for_silence_ends_the_scan_and_nothing_more_is_asked() -> None:
    bench = Bench()
    for number in range(40):
        bench.list_pair(f"PAIR{number:02d}USDT")
    bench.facts.failures["PAIR03USDT"] = RateLimitedError("HTTP 429", 30.0)
    with pytest.raises(RateLimitedError) as raised:
        await bench.scan()
    assert raised.value.retry_after_seconds == 30.0
    asked = len(bench.facts.requests)
    for _ in range(100):
        await bench.clock.sleep(0)
    assert len(bench.facts.requests) == asked < 20
    assert await bench.stored() == {}


@pytest.mark.parametrize("what", ["instruments", "tickers"])
async def test_venue_that_does_not_answer_at_all_leaves_everything_as_it_was(what: str) -> None:
    bench = Bench()
    bench.list_pair(BTC)
    await bench.scan()
    before = await bench.history(), bench.market.watchlist, bench.feed.streamed
    bench.clock.advance(900)
    bench.facts.failures[what] = TemporaryVenueError("HTTP 502")
    with pytest.raises(TemporaryVenueError, match="502"):
        await bench.scan()
    assert (await bench.history(), bench.market.watchlist, bench.feed.streamed) == before


@pytest.mark.parametrize("fails_at", range(3))
async def test_storage_that_is_away_changes_neither_watchlist_nor_streams(fails_at: int) -> None:
    bench = Bench()
    bench.list_pair(BTC)
    failing = FailingStorage(bench.storage, fails_at)
    bench.restart(failing.storage)
    with pytest.raises(StorageUnavailableError):
        await bench.scan()
    assert await bench.stored() == {}
    assert bench.market.watchlist == ()
    assert bench.feed.streamed == []


async def test_watchlist_survives_a_restart_with_its_hysteresis() -> None:
    bench = Bench()
    bench.list_pair(BTC, range_percent=0.5)
    await bench.scan()
    bench.list_pair(BTC, range_percent=0.5, volume=1_000_000.0)
    bench.restart()
    assert await bench.scan() == []
    assert await bench.stored() == pytest.approx({BTC: 7.0 + 20.0 + 12.5 + 10.0})
    assert [pair.symbol for pair in bench.market.watchlist] == [BTC]
