"""A live run over a recorded stream decides what the decision function decides, field by field.

Live is the product's decoders, candle stores, mender, order flow, market state and round of a
close. Beside it stands `decide` over the closed candles of the same market, read in one piece, with
more history, over the trades and books that the market itself tells up to the boundary, and over
what providers outside had told by then.
The hours played cross the edge of an anchored block in three timeframes.
"""

from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Final

import pytest

from domain.candles import CandleSeries
from domain.decisions import Decision
from domain.evidence import LayerName
from domain.feeds import FeedAnswer
from domain.market import MarketSnapshot
from domain.order_flow import OrderFlow
from domain.timeframes import ANCHORED_WINDOWS, Timeframe, from_ms, to_ms
from domain.watchlist import WatchedPair
from engine.close import DecideAtClose
from engine.confluence_parameters import ConfluenceParameters
from engine.decide import DecisionParameters, decide
from engine.issue import IssueParameters, IssueSignals
from engine.market_state import MarketState
from engine.order_flow import OrderFlowState
from engine.outside import OutsideState
from exchanges.candle_feed import LiveCandleFeed
from exchanges.simulator import Market, synthetic_market
from risk.gate import RiskParameters
from tests.fakes.clock import HandClock
from tests.fakes.market import make_outside_state, make_ticker
from tests.fakes.storage import InMemoryStorage
from tests.parity.outside_answers import answers, outcomes
from tests.parity.recorded_stream import (
    RecordedFrame,
    ReplayedStream,
    VenueFacts,
    boundaries,
    floor_of,
    record,
)
from tests.parity.venue_candles import closed_at, history_of, instrument_of
from tests.parity.venue_flow import ToldFlow
from tests.unit.engine.plain_presenter import PlainPresenter

pytestmark = pytest.mark.timeout(240)

START_MS: Final = 1_767_571_200_000 + 7 * Timeframe.H1.milliseconds
"""2026-01-05 07:00 UTC; the 15m and 1h candles of 08:00 begin a new block."""

UNTIL_MS: Final = START_MS + 2 * Timeframe.H1.milliseconds
HEARD_MS: Final = 2_000
"""A close is decided on so long after its boundary; what was not heard by then comes from REST."""

EAGER: Final = DecisionParameters(
    confluence=ConfluenceParameters(medium_threshold=54.0, high_threshold=65.0)
)

_BITCOIN_KNOWN_MS: Final = 20 * Timeframe.H1.milliseconds

Journey = Callable[[list[RecordedFrame]], Iterable[RecordedFrame]]
"""What happens to frames on their way."""


@cache
def market() -> Market:
    return synthetic_market(pairs=4, seed=8, start_ms=START_MS, forward_minutes=121)


SYMBOLS: Final = ("BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT")


@cache
def recording() -> tuple[RecordedFrame, ...]:
    return tuple(record(market(), list(SYMBOLS), UNTIL_MS + HEARD_MS))


@dataclass
class LiveRun:
    """The bot from frames to stored decisions, at the venue's own pace."""

    storage: InMemoryStorage = field(default_factory=InMemoryStorage)
    symbols: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = HandClock(from_ms(START_MS))
        self.facts = VenueFacts(market(), SYMBOLS, self.clock)
        self.decided: dict[tuple[int, str, int], Decision] = {}
        """By boundary, pair, and the instant since which the pair is listened to."""
        self.outside = deepcopy(_outside_until(START_MS))
        self.told = [answer for answer in all_answers() if answer.answered_ms > START_MS]
        self.restart()

    def restart(self) -> None:
        """As a new process: nothing of the exchange is known but what REST tells.

        What is outside comes back from storage, which has tests of its own.
        """
        self.stream = ReplayedStream(self.clock, lambda: 0.5)
        self.feed = LiveCandleFeed(self.facts, self.stream, self.clock, lambda: 0.5)
        order_flow = OrderFlowState(EAGER.orderflow, self.clock)
        self.stream.play_to(self.feed, order_flow)
        self.state = MarketState(order_flow, self.outside)
        self.since: dict[str, int] = {}

    async def watch(self, *symbols: str) -> None:
        self.symbols = list(symbols)
        self.since = dict.fromkeys(symbols, to_ms(self.clock.now())) | self.since
        instruments = await self.facts.fetch_instruments()
        self.state.observe(instruments=instruments, tickers=await self.facts.fetch_tickers())
        self.state.watch([WatchedPair(symbol=symbol, score=60.0) for symbol in symbols])
        await self.feed.stream(symbols)

    def hear(self, frames: Iterable[RecordedFrame]) -> None:
        for frame in frames:
            self.clock.set(max(self.clock.now(), from_ms(frame.at_ms)))
            self._ask_outside(frame.at_ms)
            self.stream.replay(frame)

    def _ask_outside(self, until_ms: int) -> None:
        while self.told and self.told[0].answered_ms <= until_ms:
            self.outside.observe(self.told.pop(0))

    async def close(self, boundary_ms: int) -> None:
        self.clock.set(max(self.clock.now(), from_ms(boundary_ms + HEARD_MS)))
        self.outside.observe_bitcoin(bitcoin(boundary_ms))
        result = await self._decide_at_close()(from_ms(boundary_ms))
        assert result.missing == {}
        async with self.storage() as unit:
            for symbol in self.symbols:
                record = await unit.decisions.find_latest(symbol)
                assert record is not None
                self.decided[boundary_ms, symbol, self.since[symbol]] = record.decision

    def _decide_at_close(self) -> DecideAtClose:
        issuing = IssueParameters()
        return DecideAtClose(
            market=self.state,
            feed=self.feed,
            issue=IssueSignals(
                storage=self.storage,
                presenter=PlainPresenter(),
                clock=self.clock,
                risk=RiskParameters(),
                parameters=issuing,
            ),
            clock=self.clock,
            decision=EAGER,
            issuing=issuing,
            patience_wall_seconds=0.0,
            mend_wall_seconds=10.0,
        )


def between(frames: Iterable[RecordedFrame], after: int, until: int) -> list[RecordedFrame]:
    return [frame for frame in frames if after < frame.at_ms <= until]


async def play(run: LiveRun, journey: Journey) -> None:
    """Frames up to two seconds after each boundary, then the close, and on to the next."""
    arriving = sorted(journey(list(recording())), key=lambda frame: frame.at_ms)
    heard = START_MS
    for boundary in boundaries(START_MS, UNTIL_MS):
        run.hear(between(arriving, heard, boundary + HEARD_MS))
        heard = boundary + HEARD_MS
        await run.close(boundary)


@cache
def computed(boundary_ms: int, symbol: str, since_ms: int) -> Decision:
    """The answer of the function alone, about a pair that was listened to since an instant."""
    pair, as_of = market().by_symbol[symbol], from_ms(boundary_ms)
    outside, instrument = _outside_until(boundary_ms), instrument_of(pair)
    return decide(
        MarketSnapshot(
            instrument=instrument,
            as_of=as_of,
            candles=closed_at(_all_candles(symbol), boundary_ms),
            spread_percent=make_ticker(symbol).spread_percent,
            order_flow=_told(symbol, since_ms, boundary_ms),
            onchain=outside.onchain(instrument, as_of),
            sentiment=outside.sentiment(instrument, as_of),
            memory=outside.memory(as_of),
        ),
        EAGER,
    )


@cache
def _outside_until(until_ms: int) -> OutsideState:
    """What providers had told by then, and not a moment later; made from the quarter before."""
    if until_ms <= START_MS:
        outside = make_outside_state()
        outside.remember(outcomes(START_MS))
        _tell(outside, 0, until_ms, boundaries(START_MS - _BITCOIN_KNOWN_MS, until_ms))
        return outside
    sooner_ms = until_ms - Timeframe.M15.milliseconds
    outside = deepcopy(_outside_until(sooner_ms))
    _tell(outside, sooner_ms, until_ms, [until_ms])
    return outside


def _tell(outside: OutsideState, after_ms: int, until_ms: int, quarters: Iterable[int]) -> None:
    waiting = list(quarters)
    for answer in all_answers():
        while waiting and waiting[0] <= answer.answered_ms:
            outside.observe_bitcoin(bitcoin(waiting.pop(0)))
        if after_ms < answer.answered_ms <= until_ms:
            outside.observe(answer)


@cache
def all_answers() -> list[FeedAnswer]:
    return answers(START_MS, UNTIL_MS + HEARD_MS)


def bitcoin(boundary_ms: int) -> CandleSeries:
    """Its candles as the round of that close sees them."""
    return closed_at(_all_candles(SYMBOLS[0]), boundary_ms)[Timeframe.M15]


@cache
def _told(symbol: str, since_ms: int, until_ms: int) -> OrderFlow | None:
    return ToldFlow(floor_of(market()), market().by_symbol[symbol], since_ms).at(until_ms)


@cache
def _all_candles(symbol: str) -> dict[Timeframe, CandleSeries]:
    return history_of(market().by_symbol[symbol], START_MS, UNTIL_MS, spare=100)


def differences(run: LiveRun) -> list[str]:
    """Every field of every decision that is not the same, bit for bit."""
    found = []
    for (boundary_ms, symbol, since_ms), live in run.decided.items():
        expected = computed(boundary_ms, symbol, since_ms)
        found += [
            f"{from_ms(boundary_ms)} {symbol} {each.name}: live {getattr(live, each.name)!r}, "
            f"computed {getattr(expected, each.name)!r}"
            for each in fields(Decision)
            if getattr(live, each.name) != getattr(expected, each.name)
        ]
    return found


def as_recorded(frames: list[RecordedFrame]) -> list[RecordedFrame]:
    return frames


def twice(frames: list[RecordedFrame]) -> list[RecordedFrame]:
    return [frame for frame in frames for _ in range(2)]


def finals_lost(frames: list[RecordedFrame]) -> list[RecordedFrame]:
    return [frame for number, frame in enumerate(frames) if not frame.is_final or number % 3]


def one_pair_late(frames: list[RecordedFrame]) -> list[RecordedFrame]:
    """Its candles come ten seconds late: after the close was decided with REST's help."""
    return [
        RecordedFrame(frame.at_ms + 10_000, frame.stream, frame.body)
        if frame.stream.startswith("ethusdt@kline")
        else frame
        for frame in frames
    ]


def in_any_order(frames: list[RecordedFrame]) -> list[RecordedFrame]:
    return sorted(frames, key=lambda frame: (frame.at_ms, frame.stream[::-1]))


@pytest.mark.parametrize("journey", [as_recorded, twice, finals_lost, one_pair_late, in_any_order])
async def test_live_decisions_equal_those_of_the_function(journey: Journey) -> None:
    run = LiveRun()
    await run.watch(*SYMBOLS)
    await play(run, journey)
    assert len(run.decided) == 8 * len(SYMBOLS)
    assert differences(run) == []
    assert any(decision.is_signal for decision in run.decided.values())
    assert all(len(decision.layers) == 5 for decision in run.decided.values())
    spoken = [layer for each in run.decided.values() for layer in each.layers if layer.coverage]
    assert {layer.layer for layer in spoken} == set(LayerName)


async def test_undisturbed_stream_needs_no_rest_after_the_start() -> None:
    run = LiveRun()
    await run.watch(*SYMBOLS)
    asked = run.facts.requests
    await play(run, as_recorded)
    assert run.facts.requests == asked


async def test_lost_frames_are_asked_of_rest() -> None:
    run = LiveRun()
    await run.watch(*SYMBOLS)
    asked = run.facts.requests
    await play(run, finals_lost)
    assert run.facts.requests > asked


async def test_pair_that_joins_later_is_decided_alike() -> None:
    run = LiveRun()
    frames = recording()
    joined_ms = START_MS + 50 * Timeframe.M1.milliseconds
    await run.watch(*SYMBOLS[:2])
    heard = START_MS
    for boundary in boundaries(START_MS, UNTIL_MS):
        if heard < joined_ms <= boundary:
            run.hear(between(frames, heard, joined_ms))
            heard = joined_ms
            await run.watch(*SYMBOLS)
        run.hear(between(frames, heard, boundary + HEARD_MS))
        heard = boundary + HEARD_MS
        await run.close(boundary)
    assert len(run.decided) == 3 * 2 + 5 * 4
    assert differences(run) == []


async def test_process_that_restarts_decides_alike() -> None:
    run = LiveRun()
    frames = recording()
    await run.watch(*SYMBOLS)
    heard = START_MS
    for number, boundary in enumerate(boundaries(START_MS, UNTIL_MS)):
        if number in (2, 5):
            run.hear(between(frames, heard, boundary - 400_000))
            run.restart()
            run.clock.set(from_ms(boundary - 200_000))
            await run.watch(*SYMBOLS)
            heard = boundary - 200_000
        run.hear(between(frames, heard, boundary + HEARD_MS))
        heard = boundary + HEARD_MS
        await run.close(boundary)
    assert differences(run) == []


def test_hours_played_cross_the_edge_of_a_block() -> None:
    crossed = {
        timeframe
        for timeframe, window in ANCHORED_WINDOWS.items()
        if window.start_of(timeframe.last_closed_index(START_MS))
        != window.start_of(timeframe.last_closed_index(UNTIL_MS))
    }
    assert crossed >= {Timeframe.M15, Timeframe.H1, Timeframe.M1}


def test_recording_holds_every_final_candle_once_and_forming_ones_too() -> None:
    finals = [frame.body for frame in recording() if frame.is_final]
    minutes = (UNTIL_MS - START_MS) // 60_000
    # One more in each timeframe: those that closed at the start.
    per_pair = sum(minutes // length + 1 for length in (1, 5, 15, 60))
    assert len(finals) == len(set(finals)) == len(SYMBOLS) * per_pair
    assert len(recording()) > 5 * len(finals)
