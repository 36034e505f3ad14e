"""Book, tape and candles of the simulated market tell one story, and favour neither side."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from exchanges.simulator import Market
from exchanges.simulator.floor import TradingFloor
from exchanges.simulator.market.bars import MINUTE_MS, MinuteBars
from exchanges.simulator.market.book import Book, book_at, usual_level
from exchanges.simulator.market.klines import forming_kline
from exchanges.simulator.market.minute_trades import is_violent
from exchanges.simulator.market.pairs import Pair
from exchanges.simulator.market.tape import Tape
from exchanges.simulator.market.trades import AggregateTrade
from exchanges.simulator.rest import all_endpoints
from exchanges.simulator.rest.endpoints import Query
from exchanges.simulator.streams import all_publishers
from exchanges.simulator.streams.frames import Slice
from exchanges.simulator.streams.names import parse_stream
from tests.unit.simulator.conftest import Standing, contract, random_pair

seeds = st.integers(0, 10_000)
details = st.sampled_from([4, 15, 60, 600])


def tradable(market: Market) -> list[Pair]:
    return list(market.pairs[:12])


def imbalance(book: Book, levels: int = 10) -> float:
    bids, asks = (sum(list(side.values())[:levels]) for side in (book.bids, book.asks))
    return (bids - asks) / (bids + asks)


def newest_of_each_instant(trades: list[AggregateTrade]) -> Iterator[AggregateTrade]:
    yield from {trade.at_ms: trade for trade in trades}.values()


@given(seed=seeds, minute=st.integers(0, 399), detail=details)
@settings(max_examples=60)
def test_a_trade_prints_at_the_best_price_of_the_side_it_took_from(
    seed: int, minute: int, detail: int
) -> None:
    pair, tape = random_pair(seed), Tape(detail)
    assume(pair.bars.columns[2, minute] > 20)
    for trade in newest_of_each_instant(tape.minute(pair, pair.bars.first_minute + minute)):
        book = book_at(tape, pair, trade.at_ms, 5)
        best = max(book.bids) if trade.buyer_is_maker else min(book.asks)
        assert best == trade.price


@given(seed=seeds, minute=st.integers(0, 399), detail=details, part=st.floats(0.0, 0.999))
@settings(max_examples=60)
def test_a_forming_minute_is_what_its_trades_have_made_it(
    seed: int, minute: int, detail: int, part: float
) -> None:
    pair, tape = random_pair(seed), Tape(detail)
    begin_ms = (pair.bars.first_minute + minute) * MINUTE_MS
    at_ms = begin_ms + int(part * MINUTE_MS)
    trades = tape.between(pair, begin_ms - 1, at_ms)
    kline = forming_kline(tape, pair, 1, at_ms)

    assert kline is not None
    assert kline.volume == sum(trade.quantity for trade in trades)
    assert kline.taker_buy == sum(t.quantity for t in trades if not t.buyer_is_maker)
    assert kline.trades == (trades[-1].last_trade - trades[0].first_trade + 1 if trades else 0)
    if trades:
        prices = [trade.price for trade in trades]
        assert (kline.open, kline.close) == (prices[0], prices[-1])
        assert (kline.high, kline.low) == (max(prices), min(prices))


@given(seed=seeds, detail=details, at=st.integers(0, 400 * MINUTE_MS - 1))
@settings(max_examples=40)
def test_the_same_question_gets_the_same_answer_whatever_was_asked_before(
    seed: int, detail: int, at: int
) -> None:
    pair, used = random_pair(seed), Tape(detail)
    at_ms = pair.bars.start_ms + at
    for other in range(pair.bars.start_ms, pair.bars.end_ms, 40 * MINUTE_MS):
        used.touch(pair, other)

    assert book_at(used, pair, at_ms, 20) == book_at(Tape(detail), pair, at_ms, 20)
    assert used.so_far(pair, at_ms) == Tape(detail).so_far(pair, at_ms)


def test_all_books_at_an_instant_are_one_book(
    market: Market, standing: Callable[[Market], Standing]
) -> None:
    at_ms = market.start_ms + 31_700
    floor = standing(market).at(at_ms)
    best, top = _published(floor, "btcusdt@bookTicker"), _published(floor, "btcusdt@depth20@100ms")
    endpoints = {endpoint.path: endpoint for endpoint in all_endpoints(floor)}
    query = Query({"symbol": "BTCUSDT", "limit": "50"})
    depth = endpoints["/fapi/v1/depth"].answer(query)
    ticker = endpoints["/fapi/v1/ticker/bookTicker"].answer(query)

    assert best["u"] == top["u"] == depth["lastUpdateId"] == at_ms
    assert [best["b"], best["B"]] == top["b"][0] == list(depth["bids"][0])
    assert [best["a"], best["A"]] == top["a"][0] == list(depth["asks"][0])
    assert top["b"] == [list(level) for level in depth["bids"][:20]]
    assert top["a"] == [list(level) for level in depth["asks"][:20]]
    assert (ticker["bidPrice"], ticker["askQty"]) == (best["b"], best["A"])


def _published(floor: TradingFloor, name: str) -> dict[str, Any]:
    stream = parse_stream(name)
    assert stream is not None
    publisher = next(one for one in all_publishers(floor) if stream.kind in one.kinds)
    span = Slice(floor.now_ms() - 100, floor.now_ms(), wall=1.0)
    *_, frame = publisher.frames(span, [stream])
    decoded: dict[str, Any] = msgspec.json.decode(frame.body)
    return decoded


def test_what_a_taker_takes_is_gone_from_the_best_price_for_a_moment(market: Market) -> None:
    tape, pair = Tape(600), market.pairs[0]
    large = [t for t in _hour(tape, market, pair) if t.quantity > 0.2 * usual_level(pair)][:100]
    taken_from, other = [], []
    for trade in large:
        bids, asks = (next(iter(s.values())) for s in book_at(tape, pair, trade.at_ms, 1)[1:])
        taken_from.append(bids if trade.buyer_is_maker else asks)
        other.append(asks if trade.buyer_is_maker else bids)
    assert len(large) > 60
    assert np.mean(taken_from) < 0.8 * np.mean(other)


def _hour(tape: Tape, market: Market, pair: Pair) -> list[AggregateTrade]:
    return tape.between(pair, market.start_ms, market.start_ms + 60 * MINUTE_MS)


def test_books_lean_the_way_the_last_minute_traded(market: Market) -> None:
    tape, bought, leans = Tape(60), [], []
    for pair in tradable(market):
        for minute in range(60):
            at_ms = market.start_ms + minute * MINUTE_MS + 30_000
            *_, volume, taker_buy = pair.bars.columns[
                :, pair.bars.position(at_ms // MINUTE_MS - 1)
            ].tolist()
            bought.append(taker_buy / volume)
            leans.append(imbalance(book_at(tape, pair, at_ms, 20), 20))
    assert 0.3 < float(np.corrcoef(bought, leans)[0, 1]) < 0.95


def balanced_pair(symbol: str) -> Pair:
    """A pair that goes nowhere, with as many taker buys as sells in every minute."""
    row = np.ones(500, dtype=np.int64)
    columns = np.vstack((row * 20_000, row * 20_010, row * 19_990, row * 20_000))
    volumes = np.vstack((row * 40_000, row * 20_000))
    return Pair(contract(symbol), MinuteBars(29_000_000, np.vstack((columns, volumes))))


def test_without_a_surplus_of_takers_neither_side_of_the_book_is_heavier() -> None:
    tape, seen = Tape(240), []
    for number in range(10):
        pair = balanced_pair(f"N{number}USDT")
        times = range(pair.bars.start_ms + 61_234, pair.bars.end_ms, 4 * MINUTE_MS)
        seen += [imbalance(book_at(tape, pair, at_ms, 20)) for at_ms in times]
    assert abs(np.mean(seen)) < 4.0 * np.std(seen) / len(seen) ** 0.5
    assert np.std(seen) > 0.05


def test_takers_of_a_balanced_market_favour_no_side_at_any_time_of_the_minute() -> None:
    pair = balanced_pair("ABCUSDT")
    trades = [t for minute in range(200) for t in Tape(240).minute(pair, 29_000_000 + minute)]
    sign = np.array([-1.0 if trade.buyer_is_maker else 1.0 for trade in trades])
    size = np.array([trade.quantity for trade in trades])

    assert abs(sign.mean()) < 0.02
    assert size[sign > 0].mean() == pytest.approx(size[sign < 0].mean(), rel=0.02)
    assert (size[sign > 0] > 5 * size.mean()).sum() == pytest.approx(
        (size[sign < 0] > 5 * size.mean()).sum(), rel=0.25
    )


def test_takers_come_in_runs_and_bursts_and_few_trades_are_large(market: Market) -> None:
    for pair in tradable(market)[:4]:
        trades = _hour(Tape(600), market, pair)
        buys = np.array([not trade.buyer_is_maker for trade in trades])
        sizes = np.array([trade.quantity for trade in trades]) / np.mean(
            [trade.quantity for trade in trades]
        )
        gaps = np.diff([trade.at_ms for trade in trades])

        assert len(trades) > 60 * 60
        assert 0.1 < (buys[1:] != buys[:-1]).mean() < 0.35
        assert 0.01 < (sizes > 3.0).mean() < 0.08
        assert 0.001 < (sizes > 10.0).mean() < 0.02
        assert gaps.std() > 1.3 * gaps.mean()


def test_left_to_itself_a_market_has_no_big_order_that_vanishes_within_seconds(
    market: Market,
) -> None:
    tape, gone = Tape(600), 0
    for pair in tradable(market):
        big: dict[int, int] = {}
        for at_ms in range(market.start_ms, market.start_ms + 120_000, 500):
            bids = dict(list(book_at(tape, pair, at_ms, 40).bids.items())[1:])
            gone += sum(
                since > at_ms - 5_000 and bids.get(price, 10**18) < 3.0 * usual_level(pair)
                for price, since in big.items()
            )
            size = 6.0 * usual_level(pair)
            big = {price: big.get(price, at_ms) for price, q in bids.items() if q > size}
    assert gone <= 2


def test_spreads_are_tight_where_much_trades_and_wider_after_a_wild_minute(market: Market) -> None:
    def spread(pair: Pair, at_ms: int) -> float:
        book = book_at(Tape(60), pair, at_ms, 1)
        return (min(book.asks) - max(book.bids)) / min(book.asks)

    at_ms = market.start_ms + 30_000
    spreads = [spread(pair, at_ms) for pair in tradable(market)]
    assert spreads[0] == min(spreads)
    assert max(spreads) < 0.0002

    pair = balanced_pair("ABCUSDT")
    columns = pair.bars.columns.copy()
    columns[1, 200] += 400
    wild = replace(pair, bars=MinuteBars(pair.bars.first_minute, columns))
    after_ms = pair.bars.start_ms + 201 * MINUTE_MS + 100
    assert spread(wild, after_ms) > spread(pair, after_ms)


@given(seed=seeds, minute=st.integers(0, 399), detail=details)
@settings(max_examples=60)
def test_liquidations_are_trades_of_a_violent_minute_that_went_with_its_main_leg(
    seed: int, minute: int, detail: int
) -> None:
    pair, tape = random_pair(seed), Tape(detail)
    number = pair.bars.first_minute + minute
    opened, _, _, close, volume, bought = pair.bars.columns[:, minute].tolist()
    forced = tape.forced(pair, number)

    assert set(forced) <= set(tape.minute(pair, number))
    rising = close >= opened
    takers = bought if rising else volume - bought
    assert bool(forced) == (is_violent(pair, number) and takers > 0)
    assert all(trade.buyer_is_maker != rising for trade in forced)
    assert len({trade.at_ms // 1000 for trade in forced}) == len(forced) <= 6
