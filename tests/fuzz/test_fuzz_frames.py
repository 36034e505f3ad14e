"""Frames of the venue's sockets: whatever comes, nothing is raised, and what is true stays so."""

import json
import math
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.candles import TAKER_BUY_VOLUME
from domain.timeframes import Timeframe, to_ms
from engine.order_flow import OrderFlowState
from exchanges.binance.flow_stream import BinanceFlowStream
from exchanges.binance.kline_stream import BinanceKlineStream
from exchanges.candle_feed import LiveCandleFeed
from exchanges.candle_mender import FeedLimits
from exchanges.ccxt_broker.account_frames import AccountHint, hint_of
from exchanges.kline_stream import KlineListener
from layers.orderflow.parameters import OrderFlowParameters
from tests.builders.market import make_instrument
from tests.fuzz.mutations import damaged_json
from tests.unit.exchanges.fakes import NOON, ManualClock, TrueFacts, rows_of, true_values
from tests.unit.exchanges.flow_fakes import LIQUIDATION, TRADE, book_frame

BTC = "BTCUSDT"
BOOK = book_frame(0)
LISTED_MS = 2 * Timeframe.H1.milliseconds
QUARTER = NOON + timedelta(minutes=15)
NOON_INDEX = Timeframe.M1.index_of(to_ms(NOON))
ACCOUNT: dict[str, Any] = {
    "e": "ACCOUNT_UPDATE",
    "E": to_ms(NOON),
    "a": {"m": "ORDER", "P": [{"s": BTC, "pa": "0.1", "ep": "100"}, {"s": "ETHUSDT"}]},
    "o": {"s": BTC, "X": "FILLED"},
}
REFUSAL: dict[str, Any] = {"error": {"code": 2, "msg": "too many"}, "id": 4}


def kline(index: int, timeframe: Timeframe = Timeframe.M1, *, final: bool = True) -> dict[str, Any]:
    """A candle's frame as the venue writes it."""
    names = ("o", "h", "l", "c", "v", "V")
    values = {name: repr(value) for name, value in zip(names, true_values(index), strict=True)}
    candle = {"t": index * timeframe.milliseconds, "i": timeframe.value, "x": final, **values}
    return {"e": "kline", "E": to_ms(NOON), "s": BTC, "st": 1, "k": candle}


class Played(BinanceKlineStream):
    """The product's decoder, with frames put in where a socket would have brought them."""

    def listen(self, listener: KlineListener) -> None:
        self._listener = listener

    def play(self, frame: bytes) -> None:
        self._set._on_frame(frame, 1.0)


class Candles:
    """A feed at a quarter past noon, with everything up to noon loaded."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.stream = Played(self.clock, lambda: 0.5)
        self.facts = TrueFacts(self.clock)
        self.facts.listed_from[BTC] = to_ms(NOON) - LISTED_MS
        limits = FeedLimits(grace=0.0, first_retry=0.0, longest_retry=0.0)
        self.feed = LiveCandleFeed(self.facts, self.stream, self.clock, lambda: 0.5, limits=limits)
        self.stream.listen(self.feed)

    async def begin(self) -> None:
        await self.feed.stream([BTC])
        self.clock.advance(15 * 60 + 2)

    def rows(self, timeframe: Timeframe) -> list[tuple[float, ...]]:
        return rows_of(self.feed.series(BTC, QUARTER)[timeframe])


@given(
    st.lists(
        st.one_of(
            damaged_json(kline(NOON_INDEX)),
            damaged_json(kline(NOON_INDEX + 1, final=False)),
            damaged_json(kline(Timeframe.M15.index_of(to_ms(NOON)), Timeframe.M15)),
            damaged_json(REFUSAL),
        ),
        min_size=1,
        max_size=6,
    )
)
async def test_any_candle_frames_leave_a_feed_that_mends_to_the_truth(frames: list[bytes]) -> None:
    candles = Candles()
    await candles.begin()

    for frame in frames:
        candles.stream.play(frame)
    for index in range(NOON_INDEX, NOON_INDEX + 15):
        candles.stream.play(json.dumps(kline(index)).encode())
    ready = await candles.feed.mend([BTC], QUARTER)

    assert ready == {BTC}
    newest = NOON_INDEX + 14
    assert candles.rows(Timeframe.M1)[-15:] == [
        true_values(index) for index in range(newest - 14, newest + 1)
    ]


@given(damaged_json(kline(NOON_INDEX)))
async def test_a_stored_candle_is_a_possible_one_whatever_its_frame_was(frame: bytes) -> None:
    candles = Candles()
    await candles.begin()

    candles.stream.play(frame)

    found = await candles.feed.minute_candles(BTC, after_index=NOON_INDEX - 3)
    for candle in found:
        assert 0 < candle.low <= candle.high < math.inf
        bought = candle.values[TAKER_BUY_VOLUME]
        assert math.isnan(bought) or 0 <= bought < math.inf


@given(st.lists(damaged_json(kline(NOON_INDEX, final=False)), min_size=1, max_size=6))
async def test_a_forming_candle_of_no_time_is_not_remembered(frames: list[bytes]) -> None:
    candles = Candles()
    await candles.begin()

    for frame in frames:
        candles.stream.play(frame)

    seen = candles.feed._pairs[BTC].stores[Timeframe.M1]._seen_open
    newest = Timeframe.M1.index_of(to_ms(candles.clock.now())) + 1
    assert seen is None or 0 <= seen <= newest


class Flow:
    """The order-flow line from the socket to its readings."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.clock.advance(1_788_264_001 - NOON.timestamp())
        self.state = OrderFlowState(OrderFlowParameters(), self.clock)
        self.state.watch([make_instrument()])
        self.stream = BinanceFlowStream(self.clock, lambda: 0.5)
        self.stream.set_symbols([BTC])
        self.frames = self.stream._frames
        self.frames.listener = self.state

    def play(self, books: list[bytes], trades: list[bytes]) -> None:
        for frame in books:
            self.stream._books._on_frame(frame, 1.0)
        for frame in trades:
            self.stream._trades._on_frame(frame, 1.0)
        self.frames.hand_over_books()


@given(
    st.lists(st.one_of(damaged_json(json.loads(BOOK)), damaged_json(REFUSAL)), max_size=4),
    st.lists(
        st.one_of(damaged_json(json.loads(TRADE)), damaged_json(json.loads(LIQUIDATION))),
        max_size=4,
    ),
)
async def test_any_flow_frames_leave_a_line_that_goes_on(
    books: list[bytes], trades: list[bytes]
) -> None:
    flow = Flow()

    flow.play(books, trades)
    before = flow.frames.books, flow.frames.trades, flow.frames.liquidations
    flow.clock.advance(1.0)
    moved = [changed_time(frame, to_ms(flow.clock.now())) for frame in (BOOK, TRADE, LIQUIDATION)]
    flow.play(moved[:1], moved[1:])

    after = flow.frames.books, flow.frames.trades, flow.frames.liquidations
    assert after == tuple(count + 1 for count in before)
    reading = flow.state.order_flow(BTC, flow.clock.now())
    assert reading is not None
    assert reading.book is not None
    assert (reading.book.best_bid, reading.book.best_ask) == (100.0, 101.0)


def changed_time(frame: bytes, at_ms: int) -> bytes:
    """The same event at another instant, with ids that follow."""
    event = json.loads(frame)
    event["E"] = event["T"] = at_ms
    if "o" in event:
        event["o"]["T"] = at_ms
    if event["e"] == "aggTrade":
        event["a"] = 2**62
    return json.dumps(event).encode()


@given(st.one_of(damaged_json(ACCOUNT), damaged_json({"e": "listenKeyExpired"})))
def test_any_account_frame_is_at_most_a_hint(frame: bytes) -> None:
    hint = hint_of(frame)

    assert isinstance(hint, AccountHint)
    assert all(hint.venue_ids)
