"""What the engine knows of order flow: events in, readings as of an instant out."""

from datetime import timedelta

import pytest

from domain.derivatives import (
    Funding,
    Liquidation,
    OpenInterestObservation,
    Positioning,
)
from domain.directions import Direction
from domain.order_book import BookSide, Level
from domain.order_flow import OrderFlow
from domain.timeframes import from_ms, to_ms
from engine.order_flow import OrderFlowState
from layers.orderflow import OrderFlowParameters
from tests.builders.market import make_instrument
from tests.fakes.clock import AFTERNOON, HandClock

BTC, ETH = "BTCUSDT", "ETHUSDT"
BOUNDARY_MS = to_ms(AFTERNOON)
SECOND = 1000


def levels(side: BookSide, *, best: float, quantity: float = 1.0, wall: float = 0.0) -> list[Level]:
    """Ten levels, 0.1 apart; the third holds the wall."""
    return [
        (best - side.sign * 0.1 * step, wall if wall and step == 2 else quantity)
        for step in range(10)
    ]


class Desk:
    """Two pairs that are listened to from a minute before the boundary on."""

    def __init__(self, *, speed: float = 1.0) -> None:
        self.clock = HandClock(AFTERNOON - timedelta(minutes=1))
        self.state = OrderFlowState(OrderFlowParameters(), self.clock, speed=speed)
        self.state.watch([make_instrument("BTC"), make_instrument("ETH")])
        self._next_id = 1

    def hear(self, at_ms: int) -> None:
        """Time has come to an event, if it had not."""
        self.clock.set(max(self.clock.now(), from_ms(at_ms)))

    def book(self, at_ms: int, *, bid: float = 99.9, ask: float = 100.0, wall: float = 0.0) -> None:
        self.hear(at_ms)
        bids = levels(BookSide.BID, best=bid)
        self.state.on_book(BTC, at_ms, bids, levels(BookSide.ASK, best=ask, wall=wall))

    def trade(
        self, at_ms: int, *, price: float = 100.0, quantity: float = 1.0, is_buy: bool = True
    ) -> None:
        self.hear(at_ms)
        self.state.on_trade(BTC, self._next_id, at_ms, price, quantity, is_buy)
        self._next_id += 1

    def flow(self, symbol: str = BTC) -> OrderFlow:
        flow = self.state.order_flow(symbol, AFTERNOON)
        assert flow is not None
        return flow


def test_book_trades_and_facts_of_a_pair_come_out_as_its_readings() -> None:
    desk = Desk()
    desk.book(BOUNDARY_MS - 100)
    desk.trade(BOUNDARY_MS - 50, quantity=2.0)
    interest = OpenInterestObservation(exchange_ms=BOUNDARY_MS - 20, quantity=500.0)
    desk.state.observe_open_interest(BTC, interest)
    shares = positioning(BOUNDARY_MS - 60 * SECOND)
    desk.state.observe_positioning(BTC, shares)
    funding = Funding(rate=0.0003, next_at=AFTERNOON + timedelta(hours=2))
    desk.state.observe_funding({BTC: funding}, BOUNDARY_MS - 10 * SECOND)
    desk.state.on_liquidation(BTC, Liquidation(BOUNDARY_MS - 5, 100.0, 3.0, Direction.LONG))

    flow = desk.flow()

    assert flow.book is not None
    assert (flow.book.best_bid, flow.book.best_ask, flow.book_problem) == (99.9, 100.0, "")
    assert flow.tape is not None
    assert flow.tape.window(60).buy_volume == 2.0
    assert flow.derivatives is not None
    assert (flow.derivatives.positioning, flow.derivatives.funding) == (shares, funding)
    assert flow.derivatives.longs_liquidated == pytest.approx(300.0)


def test_nothing_later_than_the_instant_is_in_a_reading() -> None:
    desk = Desk()
    desk.book(BOUNDARY_MS)
    desk.trade(BOUNDARY_MS)
    before = desk.flow()
    desk.clock.advance(62)
    desk.book(BOUNDARY_MS + 1, bid=109.9, ask=110.0)
    desk.trade(BOUNDARY_MS + 1, price=110.0, is_buy=False)
    late = Liquidation(BOUNDARY_MS + 1, 110.0, 3.0, Direction.LONG)
    desk.state.on_liquidation(BTC, late)
    assert desk.flow() == before
    assert before.newest_ms == BOUNDARY_MS


def test_trades_tell_the_book_what_was_eaten() -> None:
    """A wall that takers bought away is broken; nobody can take it for a spoof."""
    desk = Desk()
    begin, price = BOUNDARY_MS - 20 * SECOND, 100.2
    for step in range(60):
        desk.book(begin + step * 100, wall=60.0)
    for step in range(60, 120):
        desk.trade(begin + step * 100, price=price)
        desk.book(begin + step * 100, wall=119.0 - step)
    for step in range(120, 200):
        desk.book(begin + step * 100, bid=100.3, ask=100.4)
    book = desk.flow().book
    assert book is not None
    assert [(wall.side, wall.price) for wall in book.broken_walls] == [(BookSide.ASK, price)]
    assert book.spoofing == 0.0


def test_interruption_makes_the_book_unusable_and_the_tape_young() -> None:
    desk = Desk()
    desk.book(BOUNDARY_MS - 55 * SECOND)
    desk.trade(BOUNDARY_MS - 55 * SECOND)
    desk.hear(BOUNDARY_MS - 30 * SECOND)
    desk.state.on_gap([BTC])
    desk.hear(BOUNDARY_MS - 5 * SECOND)
    desk.state.on_trade(ETH, 1, BOUNDARY_MS - 5 * SECOND, 10.0, 1.0, True)
    flow = desk.flow()
    assert flow.book is None
    assert "interrupted" in flow.book_problem
    assert flow.tape is not None
    assert flow.tape.covered_seconds == pytest.approx(30.0)
    desk.book(BOUNDARY_MS - 200)
    assert desk.flow().book is not None


def test_stale_book_is_missing_unless_time_itself_runs_fast() -> None:
    for speed, is_there in ((1.0, False), (600.0, True)):
        desk = Desk(speed=speed)
        desk.book(BOUNDARY_MS - 30 * SECOND)
        assert (desk.flow().book is not None) is is_there


def test_pair_that_leaves_is_forgotten_and_one_that_stays_is_not() -> None:
    desk = Desk()
    desk.trade(BOUNDARY_MS - 50)
    desk.state.watch([make_instrument("BTC")])
    assert desk.state.order_flow(ETH, AFTERNOON) is None
    tape = desk.flow().tape
    assert tape is not None
    assert tape.window(60).trades == 1
    desk.state.watch([])
    desk.book(BOUNDARY_MS - 10)
    desk.trade(BOUNDARY_MS - 10)
    desk.state.on_gap([BTC])
    assert desk.state.order_flow(BTC, AFTERNOON) is None


def test_open_interest_without_a_price_says_nothing() -> None:
    desk = Desk()
    interest = OpenInterestObservation(exchange_ms=BOUNDARY_MS - 20, quantity=500.0)
    desk.state.observe_open_interest(BTC, interest)
    derivatives = desk.flow().derivatives
    assert derivatives is not None
    assert derivatives.open_interest is None


def test_close_that_is_looked_at_too_late_has_no_tape() -> None:
    desk = Desk()
    desk.trade(BOUNDARY_MS - 50)
    desk.trade(BOUNDARY_MS + 16 * 60 * SECOND)
    assert desk.flow().tape is None


def test_tally_counts_what_the_tapes_met() -> None:
    desk = Desk()
    desk.hear(BOUNDARY_MS)
    for trade_id in (1, 2, 2, 5):
        desk.state.on_trade(BTC, trade_id, BOUNDARY_MS - 10, 100.0, 1.0, True)
    desk.state.on_trade(BTC, 6, BOUNDARY_MS - 10, -1.0, 1.0, True)
    tally = desk.state.tally()
    assert (tally.pairs, tally.books_unusable) == (2, 2)
    assert (tally.duplicates, tally.missing, tally.refused) == (1, 2, 1)


def test_one_event_from_the_far_future_spoils_nothing() -> None:
    desk = Desk()
    desk.book(BOUNDARY_MS - 200)
    desk.trade(BOUNDARY_MS - 200)
    before = desk.flow()
    far_ms = BOUNDARY_MS + 3_600_000
    desk.state.on_trade(BTC, 9, far_ms, 100.0, 1.0, True)
    bids, asks = levels(BookSide.BID, best=99.9), levels(BookSide.ASK, best=100.0)
    desk.state.on_book(BTC, far_ms, bids, asks)
    desk.state.on_liquidation(BTC, Liquidation(far_ms, 100.0, 3.0, Direction.LONG))
    desk.state.observe_open_interest(BTC, OpenInterestObservation(exchange_ms=far_ms, quantity=5.0))
    desk.state.observe_positioning(BTC, positioning(far_ms))
    assert desk.flow() == before
    assert desk.state.tally().refused == 5
    desk.book(BOUNDARY_MS - 100, bid=99.8)
    desk.trade(BOUNDARY_MS - 100)
    book, tape = desk.flow().book, desk.flow().tape
    assert book is not None
    assert tape is not None
    assert (book.best_bid, tape.window(5).trades) == (99.8, 2)


def test_events_a_little_ahead_of_the_clock_are_believed_more_so_when_time_runs_fast() -> None:
    for speed, ahead, is_believed in (
        (1.0, 10, True),
        (1.0, 11, False),
        (60.0, 600, True),
        (60.0, 601, False),
    ):
        desk = Desk(speed=speed)
        now_ms = to_ms(desk.clock.now())
        desk.state.on_trade(BTC, 1, now_ms + ahead * SECOND, 100.0, 1.0, True)
        assert (desk.state.tally().refused == 0) is is_believed


def test_book_that_is_ahead_of_the_clock_counts_as_usable_now() -> None:
    desk = Desk()
    bids, asks = levels(BookSide.BID, best=99.9), levels(BookSide.ASK, best=100.0)
    desk.state.on_book(BTC, to_ms(desk.clock.now()) + 40, bids, asks)
    assert desk.state.tally().books_unusable == 1  # that of the other pair


def test_interruption_after_the_boundary_does_not_show_in_it() -> None:
    desk = Desk()
    desk.book(BOUNDARY_MS - 100)
    desk.trade(BOUNDARY_MS - 100)
    before = desk.flow()
    desk.hear(BOUNDARY_MS + SECOND)
    desk.state.on_gap([BTC])
    assert desk.flow() == before
    desk.book(BOUNDARY_MS + 2 * SECOND, bid=98.9)
    assert desk.flow() == before


def positioning(exchange_ms: int) -> Positioning:
    return Positioning(
        exchange_ms=exchange_ms,
        crowd_long_share=0.6,
        top_accounts_long_share=None,
        top_positions_long_share=None,
    )


def test_silence_of_all_pairs_is_no_calm_market_but_an_interruption() -> None:
    desk = Desk()
    desk.trade(BOUNDARY_MS - 25 * SECOND)
    assert desk.flow().tape is None
    desk.state.on_trade(ETH, 1, BOUNDARY_MS - 15 * SECOND, 10.0, 1.0, True)
    assert desk.flow().tape is not None


def test_silence_is_seen_from_its_own_time_also_after_it_has_ended() -> None:
    desk = Desk()
    desk.trade(BOUNDARY_MS - 25 * SECOND)
    before = desk.flow()
    desk.hear(BOUNDARY_MS + 2 * SECOND)
    desk.trade(BOUNDARY_MS + SECOND)
    assert desk.flow() == before
    assert before.tape is None


def test_age_of_the_newest_trade_counts_from_the_begin_of_listening_before_there_was_one() -> None:
    desk = Desk()
    desk.trade(BOUNDARY_MS - 40 * SECOND)
    desk.trade(BOUNDARY_MS - 25 * SECOND)
    desk.hear(BOUNDARY_MS)
    assert desk.state.trade_age_seconds(BTC) == 25.0
    assert desk.state.trade_age_seconds(ETH) == 60.0
    assert desk.state.trade_age_seconds("NOBODYUSDT") is None


def test_a_trade_a_little_ahead_of_our_clock_is_new() -> None:
    desk = Desk()
    desk.hear(BOUNDARY_MS)
    desk.state.on_trade(BTC, 1, BOUNDARY_MS + SECOND, 100.0, 1.0, True)
    assert desk.state.trade_age_seconds(BTC) == 0.0
