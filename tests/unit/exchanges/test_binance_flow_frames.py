"""Binance's frames of books, trades and liquidations, and how they are handed over."""

import asyncio

import msgspec
import pytest

from domain.derivatives import Liquidation
from domain.directions import Direction
from domain.tape import Trade
from exchanges.binance.flow_frames import FlowFrames
from exchanges.binance.routes import ALL_LIQUIDATIONS, Route, book_stream, route_of, trade_stream
from tests.unit.exchanges.flow_fakes import (
    AT_MS,
    BOOK,
    LIQUIDATION,
    TRADE,
    HeardFlow,
    book_frame,
    changed,
    trade_frame,
)


@pytest.fixture
def heard() -> HeardFlow:
    return HeardFlow()


@pytest.fixture
def frames(heard: HeardFlow) -> FlowFrames:
    frames = FlowFrames()
    frames.listener = heard
    frames.set_symbols(["BTCUSDT", "ETHUSDT"], 7.0)
    return frames


async def test_a_book_arrives_as_numbers_at_the_matching_engines_time(
    frames: FlowFrames, heard: HeardFlow
) -> None:
    frames.on_book_frame(BOOK, 9.0)
    assert not heard.books
    await asyncio.sleep(0)

    bids, asks = [(64210.5, 1.25), (64210.4, 0.004)], [(64210.6, 2.0), (64211.0, 0.75)]
    assert heard.books == [("BTCUSDT", AT_MS + 101, bids, asks)]
    assert frames.book_streams["BTCUSDT"].last_frame_at == 9.0
    assert frames.book_streams["ETHUSDT"].last_frame_at == 7.0


async def test_a_book_without_that_time_has_the_time_it_was_sent(
    frames: FlowFrames, heard: HeardFlow
) -> None:
    frames.on_book_frame(changed(BOOK, T=None), 9.0)
    frames.hand_over_books()

    assert heard.books[0][1] == AT_MS + 105


async def test_the_best_price_comes_first_however_the_venue_orders_them(
    frames: FlowFrames, heard: HeardFlow
) -> None:
    levels = [["99", "1"], ["100", "1"], ["98", "1"]]
    frames.on_book_frame(changed(BOOK, b=levels, a=levels), 9.0)
    frames.hand_over_books()

    ((_, _, bids, asks),) = heard.books
    assert [price for price, _ in bids] == [100.0, 99.0, 98.0]
    assert [price for price, _ in asks] == [98.0, 99.0, 100.0]


@pytest.mark.parametrize(("buyer_waited", "is_buy"), [(False, True), (True, False)])
def test_a_trade_is_handed_over_at_once(
    frames: FlowFrames, heard: HeardFlow, buyer_waited: bool, is_buy: bool
) -> None:
    frames.on_trade_frame(changed(TRADE, m=buyer_waited), 9.0)

    trade = Trade(5933014, AT_MS + 117, 64210.6, 0.125, is_buy)
    assert heard.trades == [("BTCUSDT", trade)]
    assert frames.trade_streams["BTCUSDT"].last_frame_at == 9.0


@pytest.mark.parametrize(
    ("side", "liquidated"), [("SELL", Direction.LONG), ("BUY", Direction.SHORT)]
)
def test_a_liquidation_tells_what_was_filled_and_whose_position_ended(
    frames: FlowFrames, heard: HeardFlow, side: str, liquidated: Direction
) -> None:
    frames.on_trade_frame(changed(LIQUIDATION, S=side), 9.0)

    told = Liquidation(AT_MS + 498, 64180.25, 1.4, liquidated)
    assert heard.liquidations == [("BTCUSDT", told)]


def test_a_forced_order_that_tells_no_fill_counts_as_asked_for(
    frames: FlowFrames, heard: HeardFlow
) -> None:
    frames.on_trade_frame(changed(LIQUIDATION, ap=None, z=None), 9.0)
    frames.on_trade_frame(changed(LIQUIDATION, ap="0", z="0"), 9.0)

    told = Liquidation(AT_MS + 498, 64100.0, 1.5, Direction.LONG)
    assert heard.liquidations == [("BTCUSDT", told)] * 2


@pytest.mark.parametrize("frame", [TRADE, LIQUIDATION, BOOK])
@pytest.mark.parametrize("changes", [{"st": 2}, {"s": "BTCUSD_PERP"}, {"s": "SOLUSDT"}])
async def test_other_markets_and_pairs_are_passed_over(
    frames: FlowFrames, heard: HeardFlow, frame: bytes, changes: dict[str, object]
) -> None:
    read = frames.on_book_frame if frame is BOOK else frames.on_trade_frame
    read(changed(frame, **changes), 9.0)
    frames.hand_over_books()

    assert heard == HeardFlow()
    assert (frames.books, frames.trades, frames.liquidations) == (0, 0, 0)


async def test_frames_of_before_the_merge_count_as_ours(frames: FlowFrames) -> None:
    frames.on_book_frame(changed(BOOK, st=None), 9.0)
    frames.on_trade_frame(changed(TRADE, st=None), 9.0)
    frames.on_trade_frame(changed(LIQUIDATION, st=None), 9.0)

    assert (frames.books, frames.trades, frames.liquidations) == (1, 1, 1)


@pytest.mark.parametrize(
    "frame",
    [
        b"not json",
        b'{"result":null,"id":1}',
        BOOK,
        TRADE[:-20],
        changed(TRADE, p="nan"),
        changed(TRADE, p="inf"),
        changed(TRADE, q="0"),
        changed(TRADE, p="-1"),
        changed(LIQUIDATION, S="HOLD"),
        changed(LIQUIDATION, z="nan"),
    ],
)
def test_what_is_no_trade_is_no_trade(frames: FlowFrames, heard: HeardFlow, frame: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        frames.on_trade_frame(frame, 9.0)
    assert heard == HeardFlow()


@pytest.mark.parametrize(
    "frame",
    [
        b"\xff",
        TRADE,
        changed(BOOK, b=[["1", "nan"]]),
        changed(BOOK, a=[["inf", "1"]]),
        changed(BOOK, a=[["1"]]),
        changed(BOOK, b=None),
    ],
)
def test_what_is_no_book_is_no_book(frames: FlowFrames, frame: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        frames.on_book_frame(frame, 9.0)


async def test_books_of_one_burst_collapse_to_the_newest_of_each_pair(
    frames: FlowFrames, heard: HeardFlow
) -> None:
    for number in range(1, 6):
        frames.on_book_frame(book_frame(number), 9.0)
        frames.on_book_frame(book_frame(number, "ETHUSDT"), 9.0)
        frames.on_trade_frame(trade_frame(number), 9.0)
    frames.on_book_frame(book_frame(3), 9.0)  # late, from the other socket of a change-over
    await asyncio.sleep(0)

    assert [(symbol, at) for symbol, at, _, _ in heard.books] == [
        ("BTCUSDT", AT_MS + 5),
        ("ETHUSDT", AT_MS + 5),
    ]
    assert heard.trade_ids("BTCUSDT") == [1, 2, 3, 4, 5]
    assert (frames.books, frames.dropped_books, frames.trades) == (11, 9, 5)


async def test_books_that_come_one_by_one_are_all_handed_over(
    frames: FlowFrames, heard: HeardFlow
) -> None:
    for number in range(1, 6):
        frames.on_book_frame(book_frame(number), 9.0)
        await asyncio.sleep(0)

    assert [at for _, at, _, _ in heard.books] == [AT_MS + number for number in range(1, 6)]
    assert frames.dropped_books == 0


def test_streams_that_stay_keep_their_place(frames: FlowFrames) -> None:
    before = frames.book_streams["ETHUSDT"], frames.trade_streams["ETHUSDT"]
    frames.set_symbols(["ETHUSDT", "SOLUSDT"], 20.0)

    assert (frames.book_streams["ETHUSDT"], frames.trade_streams["ETHUSDT"]) == before
    assert frames.book_streams.keys() == frames.trade_streams.keys() == {"ETHUSDT", "SOLUSDT"}
    assert frames.trade_streams["SOLUSDT"].last_frame_at == 20.0


@pytest.mark.parametrize(
    ("stream", "name", "route"),
    [
        (book_stream("BTCUSDT"), "btcusdt@depth20@100ms", Route.PUBLIC),
        (trade_stream("BTCUSDT"), "btcusdt@aggTrade", Route.MARKET),
        (ALL_LIQUIDATIONS, "!forceOrder@arr", Route.MARKET),
    ],
)
def test_each_stream_has_its_name_and_route(stream: str, name: str, route: Route) -> None:
    assert (stream, route_of(stream)) == (name, route)
