"""Events are read out of ccxt's caches: each once, none lost unnoticed."""

import pytest

from domain.derivatives import Liquidation
from domain.directions import Direction
from domain.tape import Trade
from domain.timeframes import to_ms
from exchanges.ccxt_flow_caches import BOOK_LEVELS, FlowCaches
from exchanges.rejected_rows import RejectedRows
from tests.unit.exchanges.fake_pro_client import BTC, ETH, FakeProClient
from tests.unit.exchanges.fakes import NOON, ManualClock
from tests.unit.exchanges.flow_fakes import HeardFlow

NAMES = {BTC: "BTCUSDT", ETH: "ETHUSDT"}


class Desk:
    """Caches, and who is told of what is in them."""

    def __init__(self) -> None:
        self.client = FakeProClient()
        self.rejected = RejectedRows()
        self.caches = FlowCaches(self.client, ManualClock(), self.rejected)
        self.heard = HeardFlow()

    def look(self) -> None:
        self.caches.hand_over(NAMES, self.heard)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_every_trade_is_told_once_and_numbered_by_pair(desk: Desk) -> None:
    desk.client.trade(BTC, id="f3a", price=101.0)
    desk.client.trade(ETH, id="f3b")
    desk.look()
    desk.client.trade(BTC, id="f3c", side="sell", timestamp=1001)
    desk.look()
    desk.look()

    assert desk.heard.trades == [
        ("BTCUSDT", Trade(1, 1000, 101.0, 2.0, True)),
        ("ETHUSDT", Trade(1, 1000, 100.0, 1.0, True)),
        ("BTCUSDT", Trade(2, 1001, 100.0, 2.0, False)),
    ]
    assert desk.caches.trades == 3


def test_a_trade_that_comes_again_is_known_by_its_id(desk: Desk) -> None:
    for _ in range(2):
        desk.client.trade(BTC, id="f3a")
        desk.client.trade(ETH, id="f3a")
        desk.look()

    assert desk.heard.trade_ids("BTCUSDT") == desk.heard.trade_ids("ETHUSDT") == [1]


def test_trades_without_ids_are_all_told(desk: Desk) -> None:
    for _ in range(2):
        desk.client.trade(BTC)
        desk.look()

    assert desk.heard.trade_ids("BTCUSDT") == [1, 2]


def test_a_cache_that_was_full_is_a_gap_of_its_pair(desk: Desk) -> None:
    for number in range(6):
        desk.client.trade(BTC, id=str(number))
    desk.client.trade(ETH)
    desk.look()

    assert desk.heard.gaps == [{"BTCUSDT"}]
    assert desk.heard.trade_ids("BTCUSDT") == [1, 2, 3, 4, 5]


def test_an_emptied_cache_has_room_again(desk: Desk) -> None:
    for number in range(12):
        desk.client.trade(BTC, id=str(number))
        if number % 4 == 3:
            desk.look()

    assert desk.heard.trade_ids("BTCUSDT") == list(range(1, 13))
    assert not desk.heard.gaps


def test_what_came_of_unwanted_pairs_is_let_go_of(desk: Desk) -> None:
    for _ in range(7):
        desk.client.trade("DOGE/USDT:USDT")
    desk.client.liquidate("DOGE/USDT:USDT")
    desk.client.book("DOGE/USDT:USDT", 1, [[1.0, 1.0]], [[2.0, 1.0]])
    desk.look()

    assert desk.heard == HeardFlow()
    assert len(desk.client.trades["DOGE/USDT:USDT"]) == 0


@pytest.mark.parametrize(
    "nonsense",
    [
        {"side": None},
        {"price": None},
        {"price": 0.0},
        {"amount": float("nan")},
        {"amount": "?"},
        {"timestamp": None},
    ],
)
def test_a_trade_that_makes_no_sense_is_skipped_and_counted(
    desk: Desk, nonsense: dict[str, object]
) -> None:
    desk.client.trade(BTC, **nonsense)
    desk.client.trade(BTC)
    desk.look()

    assert desk.heard.trade_ids("BTCUSDT") == [1]
    assert desk.rejected.counts == {"trade": 1}


def test_a_liquidation_is_told_once_in_base_units(desk: Desk) -> None:
    for _ in range(2):
        desk.client.liquidate(ETH)
        desk.client.liquidate(BTC, side="buy")
        desk.look()

    assert desk.heard.liquidations == [
        ("ETHUSDT", Liquidation(1000, 90.0, 1.5, Direction.LONG)),
        ("BTCUSDT", Liquidation(1000, 90.0, 3.0, Direction.SHORT)),
    ]


def test_a_liquidation_without_a_side_is_skipped_and_counted(desk: Desk) -> None:
    desk.client.liquidate(BTC, side=None)
    desk.look()

    assert not desk.heard.liquidations
    assert desk.rejected.counts == {"liquidation": 1}


def test_a_book_is_told_when_it_changed_and_stays_as_it_was_told(desk: Desk) -> None:
    bids = [[100.0 - level, 1.0] for level in range(30)]
    desk.client.book(ETH, 1000, bids, [[101.0, 5.0, "an order's id"]])
    desk.look()
    desk.look()
    bids[0][1] = 9.0
    desk.look()

    (_, at, first_bids, asks), (_, _, second_bids, _) = desk.heard.books
    assert (at, len(first_bids), asks) == (1000, BOOK_LEVELS, [(101.0, 2.5)])
    assert first_bids[0] == (100.0, 0.5)
    assert second_bids[0] == (100.0, 4.5)


def test_a_later_time_alone_is_news_of_a_book(desk: Desk) -> None:
    for at in (1000, 1100):
        desk.client.book(BTC, at, [[100.0, 1.0]], [[101.0, 1.0]])
        desk.look()

    assert [at for _, at, _, _ in desk.heard.books] == [1000, 1100]


def test_a_book_without_a_time_is_of_now(desk: Desk) -> None:
    desk.client.book(BTC, None, [[100.0, 1.0]], [])
    desk.look()

    assert desk.heard.books == [("BTCUSDT", to_ms(NOON), [(100.0, 1.0)], [])]


def test_a_book_that_has_not_come_yet_is_no_book(desk: Desk) -> None:
    desk.client.book(BTC, None, [], [])
    desk.look()

    assert not desk.heard.books


def test_a_book_that_makes_no_sense_is_skipped_and_counted(desk: Desk) -> None:
    desk.client.book(BTC, 1, [["?", 1.0]], [])
    desk.look()

    assert not desk.heard.books
    assert desk.rejected.counts == {"book": 1}
