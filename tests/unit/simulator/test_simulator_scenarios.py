"""Scenes on one pair: what each shows in trades, books and open interest, and that all agree."""

from collections.abc import Callable
from itertools import pairwise

import msgspec
import numpy as np
import pytest

from domain.errors import ConfigurationError
from exchanges.simulator import SCENARIOS, Market, Scenario, with_scenarios
from exchanges.simulator.market.bars import CLOSE, HIGH, LOW, MINUTE_MS, OPEN, TAKER_BUY, VOLUME
from exchanges.simulator.market.book import Book, book_at, usual_level
from exchanges.simulator.market.derivatives import open_interest
from exchanges.simulator.market.pairs import Pair
from exchanges.simulator.market.script import ASK, BID, Script
from exchanges.simulator.market.tape import Tape
from exchanges.simulator.market.trades import AggregateTrade
from exchanges.simulator.streams.frames import Slice
from exchanges.simulator.streams.liquidations import LiquidationPublisher
from exchanges.simulator.streams.names import parse_stream
from tests.unit.simulator.conftest import Standing

SYMBOLS = ("BTCUSDT", "SOLUSDT", "LINKUSDT")
every_scene = pytest.mark.parametrize("name", list(SCENARIOS))
every_pair = pytest.mark.parametrize("symbol", SYMBOLS)


class Played:
    """A scene on a pair, five minutes after the market's start."""

    def __init__(self, market: Market, name: str, symbol: str = "SOLUSDT", detail: int = 4) -> None:
        self.begin_ms = market.start_ms + 5 * MINUTE_MS
        scene = Scenario(name=name, symbol=symbol, start_ms=self.begin_ms)
        self.market = with_scenarios(market, [scene])
        self.pair: Pair = self.market.by_symbol[symbol]
        self.tape = Tape(detail)

    @property
    def script(self) -> Script:
        (script,) = self.pair.scripts
        return script

    @property
    def trades(self) -> list[AggregateTrade]:
        return [t for minute in self.script.minutes for t in self.tape.minute(self.pair, minute)]

    def book(self, at_ms: int, levels: int = 20) -> Book:
        return book_at(self.tape, self.pair, at_ms, levels)

    def share_of_buys(self, minute: int) -> float:
        _, _, _, _, volume, bought = self.pair.bars.columns[
            :, self.pair.bars.position(minute)
        ].tolist()
        return float(bought / volume)


@every_scene
@every_pair
def test_candles_of_a_scene_are_the_sums_and_extremes_of_its_trades(
    market: Market, name: str, symbol: str
) -> None:
    played = Played(market, name, symbol)
    for minute in played.script.minutes:
        trades = played.tape.minute(played.pair, minute)
        bar = played.pair.bars.columns[:, played.pair.bars.position(minute)].tolist()
        prices = [trade.price for trade in trades]
        assert bar[OPEN : CLOSE + 1] == [prices[0], max(prices), min(prices), prices[-1]]
        assert bar[VOLUME] == sum(trade.quantity for trade in trades)
        assert bar[TAKER_BUY] == sum(t.quantity for t in trades if not t.buyer_is_maker)
        assert trades[0].at_ms == minute * MINUTE_MS
        assert len(trades) > 200


@every_scene
@every_pair
def test_trades_of_a_scene_print_at_the_best_price(market: Market, name: str, symbol: str) -> None:
    played = Played(market, name, symbol)
    for trade in list({trade.at_ms: trade for trade in played.trades}.values())[::7]:
        book = played.book(trade.at_ms, 5)
        best = max(book.bids) if trade.buyer_is_maker else min(book.asks)
        assert best == trade.price
        assert max(book.bids) < min(book.asks)


@every_scene
def test_before_a_scene_nothing_is_different_and_after_it_prices_go_on(
    market: Market, name: str
) -> None:
    played, before = Played(market, name), market.by_symbol["SOLUSDT"]
    first = played.pair.bars.position(min(played.script.minutes))
    after = played.pair.bars.position(max(played.script.minutes)) + 1
    ours, theirs = played.pair.bars.columns, before.bars.columns

    assert (ours[:, :first] == theirs[:, :first]).all()
    assert ours[OPEN, first] == ours[CLOSE, first - 1]
    assert ours[OPEN, after] == ours[CLOSE, after - 1]
    assert (np.diff(ours[: CLOSE + 1, after:]) == np.diff(theirs[: CLOSE + 1, after:])).all()
    assert (ours[VOLUME:, after:] == theirs[VOLUME:, after:]).all()
    rest = [pair for pair in played.market.pairs if pair.symbol != "SOLUSDT"]
    assert rest == [pair for pair in market.pairs if pair.symbol != "SOLUSDT"]


@every_scene
def test_trade_ids_run_on_through_a_scene_at_any_detail(market: Market, name: str) -> None:
    for detail in (4, 600):
        played = Played(market, name, detail=detail)
        begin = played.script.start_ms - 2 * MINUTE_MS
        trades = played.tape.between(played.pair, begin, played.script.end_ms + 2 * MINUTE_MS)
        assert [t.id for t in trades] == list(range(trades[0].id, trades[0].id + len(trades)))
        assert all(b.first_trade == a.last_trade + 1 for a, b in pairwise(trades))
        assert all(trade.last_trade >= trade.first_trade for trade in trades)


@every_pair
@pytest.mark.parametrize(("name", "side"), [("ask-wall", ASK), ("bid-wall", BID)])
def test_a_wall_is_eaten_at_its_price_until_it_is_gone_and_then_passed(
    market: Market, name: str, side: int, symbol: str
) -> None:
    played = Played(market, name, symbol)
    (wall,) = played.script.orders
    fills = [
        t for t in played.trades if t.price == wall.price and t.buyer_is_maker == (side == BID)
    ]
    eaten = [trade for trade in fills if trade.at_ms < wall.until_ms]
    assert wall.side == side
    assert wall.quantity == sum(trade.quantity for trade in eaten) > 15 * usual_level(played.pair)

    begin, gone = played.begin_ms, eaten[-1].at_ms
    sizes = []
    for at_ms in range(begin, gone, 1_000):
        book = played.book(at_ms)
        levels = book.bids if side == BID else book.asks
        sizes.append(levels[wall.price] - wall.left_at(at_ms))
        assert (max(book.bids) >= wall.price) if side == BID else (min(book.asks) <= wall.price)
    assert max(sizes) < 4 * usual_level(played.pair)
    left = [wall.left_at(at_ms) for at_ms in range(begin, gone, 1_000)]
    assert left == sorted(left, reverse=True)
    assert wall.left_at(gone) == 0

    last = played.book(played.script.end_ms - 1)
    assert (max(last.bids) < wall.price) if side == BID else (min(last.asks) > wall.price)


@every_pair
@pytest.mark.parametrize(("name", "side"), [("spoofed-bids", BID), ("spoofed-asks", ASK)])
def test_spoofed_walls_vanish_within_five_seconds_and_are_never_traded(
    market: Market, name: str, side: int, symbol: str
) -> None:
    played = Played(market, name, symbol)
    orders = played.script.orders
    assert len(orders) > 20
    touched = {trade.price for trade in played.trades}
    for order in orders:
        seen = []
        for at_ms in (order.from_ms - 1, order.from_ms, order.until_ms - 1, order.until_ms):
            book = played.book(at_ms)
            levels = book.bids if side == BID else book.asks
            seen.append(levels[order.price] > 20 * usual_level(played.pair))
        assert seen == [False, True, True, False]
        assert order.until_ms - order.from_ms < 5_000
        assert order.side == side
        assert order.price not in touched


@every_pair
@pytest.mark.parametrize(("name", "way"), [("absorbed-buying", 1), ("absorbed-selling", -1)])
def test_absorbed_takers_are_most_of_each_minute_and_do_not_move_the_price(
    market: Market, name: str, way: int, symbol: str
) -> None:
    played = Played(market, name, symbol)
    bars = played.pair.bars.columns[
        :, [played.pair.bars.position(m) for m in played.script.minutes]
    ]
    shares = [played.share_of_buys(minute) for minute in played.script.minutes]
    assert len(shares) == 5
    assert all(share > 0.75 if way > 0 else share < 0.25 for share in shares)
    assert bars[HIGH].max() - bars[LOW].min() < 0.0006 * bars[LOW].min()
    assert abs(bars[CLOSE, -1] - bars[OPEN, 0]) < 0.0003 * bars[LOW].min()
    assert bars[VOLUME].min() > 1.5 * played.pair.usual_volume


@every_pair
@pytest.mark.parametrize(("name", "way"), [("short-cascade", 1), ("long-cascade", -1)])
def test_a_cascade_liquidates_in_a_thinning_book_while_open_interest_falls(
    market: Market, name: str, way: int, symbol: str
) -> None:
    played = Played(market, name, symbol)
    begin = played.begin_ms
    forced = [t for m in played.script.minutes for t in played.tape.forced(played.pair, m)]
    price = [played.tape.last_price(played.pair, begin + s * 1000) for s in range(0, 181, 60)]

    assert way * (price[3] / price[1] - 1.0) > 0.025
    assert len(forced) > 50
    assert {trade.buyer_is_maker for trade in forced} == {way < 0}
    assert all(begin + 60_000 <= trade.at_ms < begin + 180_000 for trade in forced)
    share = played.share_of_buys(begin // MINUTE_MS + 2)
    assert share > 0.8 if way > 0 else share < 0.2
    assert _depth(played, begin + 170_000) < 0.3 * _depth(played, begin + 20_000)
    interest = [open_interest(played.pair, begin + s * 1000) for s in (60, 120, 180)]
    assert interest[1] < 0.992 * interest[0]
    assert interest[2] < 0.98 * interest[1]


def _depth(played: Played, at_ms: int) -> int:
    book = played.book(at_ms)
    return sum(book.bids.values()) + sum(book.asks.values())


def test_liquidations_of_a_cascade_are_streamed_with_their_side_and_a_traded_price(
    market: Market, standing: Callable[[Market], Standing]
) -> None:
    played = Played(market, "long-cascade")
    floor = standing(played.market).at(played.script.end_ms)
    streams = [parse_stream(name) for name in ("solusdt@forceOrder", "!forceOrder@arr")]
    frames = LiquidationPublisher(floor).frames(
        Slice(played.begin_ms, played.script.end_ms - 1, 1.0), [one for one in streams if one]
    )
    events = [msgspec.json.decode(frame.body) for frame in frames]
    orders = [event["o"] for event in events if event["o"]["s"] == "SOLUSDT"]
    prints = {(t.at_ms, played.pair.contract.prices.text(t.price)) for t in played.trades}

    assert len(orders) > 100
    assert {order["S"] for order in orders} == {"SELL"}
    assert {(order["T"], order["ap"]) for order in orders} <= prints
    seconds = [order["T"] // 1000 for order in orders[: len(orders) // 2]]
    assert len(set(seconds)) == len(seconds)


def test_several_scenes_follow_each_other_on_one_pair(market: Market) -> None:
    minute = market.start_ms // MINUTE_MS
    scenes = [
        Scenario(name=name, symbol="SOLUSDT", start_ms=(minute + after) * MINUTE_MS)
        for name, after in (("long-cascade", 40), ("ask-wall", 10), ("absorbed-buying", 14))
    ]
    pair = with_scenarios(market, scenes).by_symbol["SOLUSDT"]
    assert [script.start_ms for script in pair.scripts] == sorted(s.start_ms for s in scenes)
    assert (pair.bars.columns[OPEN, 1:] - pair.bars.columns[CLOSE, :-1]).max() < 20


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "nonsense"}, "ask-wall, bid-wall"),
        ({"symbol": "NOPEUSDT"}, "no pair 'NOPEUSDT'"),
        ({"start_ms": 0}, "outside of the pair's bars"),
    ],
)
def test_a_scene_that_cannot_be_played_is_refused(
    market: Market, changes: dict[str, object], words: str
) -> None:
    usual = {"name": "ask-wall", "symbol": "SOLUSDT", "start_ms": market.start_ms}
    with pytest.raises(ConfigurationError, match=words):
        with_scenarios(market, [Scenario(**(usual | changes))])  # type: ignore[arg-type] # a test's choice


def test_two_scenes_at_once_on_a_pair_are_refused(market: Market) -> None:
    scene = Scenario(name="ask-wall", symbol="SOLUSDT", start_ms=market.start_ms)
    with pytest.raises(ConfigurationError, match="while another is played"):
        with_scenarios(market, [scene, scene])
