"""The trading desk shows accounts the market in order, and words what happens to them."""

from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

import pytest

from domain.errors import ConfigurationError
from exchanges.matching.events import Event
from exchanges.simulator import Market, SimulatedAccount, SimulatorClock, SimulatorSettings
from exchanges.simulator.faults import Faults
from exchanges.simulator.floor import TradingFloor
from exchanges.simulator.market.derivatives import FUNDING_MS
from exchanges.simulator.rest.endpoints import Query, VenueError
from exchanges.simulator.trading.desk import TradingDesk
from exchanges.simulator.trading.entrance import SentRequest
from exchanges.simulator.trading.happenings import happenings
from exchanges.simulator.trading.rest.conditionals import ConditionalOrders
from exchanges.simulator.trading.rest.http import answered
from exchanges.simulator.trading.rest.orders import PlainOrders
from exchanges.simulator.trading.stream.events import messages
from exchanges.simulator.trading.terms import symbol_terms
from exchanges.simulator.trading.trader import Trader
from tests.unit.simulator.conftest import HandClock, Standing

MINUTE_MS = 60_000
ORDER_FIELDS = "s c S o f q p ap sp x X i l z L N n T t m R wt ot ps cp rp V pm gtd er"
ALGO_FIELDS = "caid aid at o s S ps f q X ai ap aq act tp p wt cp pP R tt gtd rm ia"
POSITION_FIELDS = "s pa ep bep cr up mt iw ps"


class Hall:
    """A trading desk without a network; time is a test's own."""

    def __init__(self, market: Market, start_ms: int, *accounts: SimulatedAccount) -> None:
        self.wall = HandClock()
        clock = SimulatorClock(start_ms, 1.0, self.wall)
        clock.start()
        settings = SimulatorSettings(accounts=accounts or (account("a"),))
        self.floor = TradingFloor(market, clock, settings)
        self.told: list[dict[str, Any]] = []
        self.desk = TradingDesk(self.floor, self._hear)
        self.plain = PlainOrders(self.desk, Faults(self.wall, list))
        self.conditional = ConditionalOrders(self.desk)

    def _hear(self, trader: Trader, events: list[Event]) -> None:
        self.told.extend(each for event in events for each in messages(trader, event))

    @property
    def trader(self) -> Trader:
        return next(iter(self.desk.traders.values()))

    def market_order(self, side: str, quantity: str = "0.02", **more: str) -> Any:
        order = {"symbol": "BTCUSDT", "side": side, "type": "MARKET", "quantity": quantity, **more}
        send, *_ = self.plain.endpoints()
        sent = SentRequest(self.trader.account.api_key, urlencode(order), "")
        return answered(send, self.desk, self.trader, sent)

    def run(self, seconds: float, step: float = 0.5) -> None:
        for _ in range(round(seconds / step)):
            self.wall.seconds += step
            self.desk.advance_all()


def account(name: str, **changes: Any) -> SimulatedAccount:
    return SimulatedAccount(
        name=name, api_key=f"key-{name}", secret=name, starts_isolated=True, **changes
    )


@pytest.fixture
def hall(market: Market) -> Hall:
    return Hall(market, market.start_ms + 10 * MINUTE_MS)


def test_happenings_come_in_order_and_each_trade_once(
    market: Market, standing: Callable[[Market], Standing]
) -> None:
    begin_ms = market.start_ms + MINUTE_MS
    end_ms = begin_ms + 5_000
    floor = standing(market).at(end_ms)
    pairs = market.pairs[:2]

    times = [each.at_ms for each in happenings(floor, pairs, begin_ms, end_ms)]

    trades = sum(len(floor.tape.between(pair, begin_ms, end_ms)) for pair in pairs)
    assert all(sooner <= later for sooner, later in pairwise(times))
    assert begin_ms < times[0] <= times[-1] == end_ms
    assert len(times) == trades + 2 * 2 * 50


def test_events_have_the_fields_that_the_venue_documents(hall: Hall) -> None:
    hall.market_order("BUY")
    stop = {
        "symbol": "BTCUSDT",
        "side": "SELL",
        "algoType": "CONDITIONAL",
        "type": "STOP_MARKET",
        "triggerPrice": "1000",
        "quantity": "0.01",
        "reduceOnly": "true",
    }
    hall.conditional.send(hall.trader, Query(stop))
    hall.desk.tell(hall.trader)

    fills = [each["o"] for each in hall.told if each["e"] == "ORDER_TRADE_UPDATE"]
    (waiting,) = (each["o"] for each in hall.told if each["e"] == "ALGO_UPDATE")
    (balance,) = (each["a"] for each in hall.told if each["e"] == "ACCOUNT_UPDATE")
    assert fills[-1].keys() >= set(ORDER_FIELDS.split())
    assert waiting.keys() >= set(ALGO_FIELDS.split())
    assert balance["P"][0].keys() >= set(POSITION_FIELDS.split())
    assert balance["B"][0].keys() >= {"a", "wb", "cw", "bc"}
    assert all({"e", "E", "T"} <= each.keys() for each in hall.told)


def test_what_a_request_did_is_told_before_it_is_answered(hall: Hall) -> None:
    hall.market_order("BUY")

    assert [each["e"] for each in hall.told].count("ORDER_TRADE_UPDATE") == 2


def test_funding_is_settled_once_at_its_time(market: Market) -> None:
    due_ms = (market.start_ms // FUNDING_MS + 1) * FUNDING_MS
    hall = Hall(market, due_ms - 2_000)
    hall.market_order("BUY")
    hall.run(4.0)

    paid = [each["a"] for each in hall.told if each.get("a", {}).get("m") == "FUNDING_FEE"]
    assert len(paid) == len(hall.trader.funding) == 1
    assert Decimal(paid[0]["B"][0]["bc"]) == hall.trader.funding[0].amount
    assert hall.trader.funding[0].at_ms == due_ms


def test_what_rests_is_filled_by_the_tape(hall: Hall) -> None:
    (bid, _), *_ = hall.floor.book(hall.desk.tradable("BTCUSDT"), 1).bids.items()
    tick = hall.desk.tradable("BTCUSDT").contract.tick
    order = {
        "symbol": "BTCUSDT",
        "side": "BUY",
        "type": "LIMIT",
        "timeInForce": "GTX",
        "quantity": "0.01",
        "price": f"{bid * tick:f}",
    }
    hall.plain.send(hall.trader, Query(order))
    hall.floor.move("BTCUSDT", 0.99)
    hall.run(2.0)

    (fill,) = hall.trader.books.executions("BTCUSDT")
    assert fill.is_maker
    assert fill.price == bid * tick


def test_a_position_far_under_water_is_liquidated(market: Market) -> None:
    hall = Hall(market, market.start_ms + 10 * MINUTE_MS, account("a", leverage=100))
    hall.market_order("SELL", "0.05")
    hall.floor.move("BTCUSDT", 1.02)
    hall.run(1.0)

    orders = [each["o"] for each in hall.told if each["e"] == "ORDER_TRADE_UPDATE"]
    assert hall.trader.books.positions() == []
    assert any(order["c"].startswith("autoclose-") for order in orders)
    assert "CALCULATED" in {order["x"] for order in orders}


def test_a_pair_that_is_not_perpetual_takes_no_orders(hall: Hall) -> None:
    with pytest.raises(VenueError, match="Invalid symbol"):
        hall.market_order("BUY", symbol="OLDUSDT")


def test_accounts_do_not_share_names_or_keys(market: Market) -> None:
    with pytest.raises(ConfigurationError, match="share a name or key"):
        Hall(market, market.start_ms, account("a"), account("a"))


def test_an_account_nobody_has_is_told_with_those_there_are(hall: Hall) -> None:
    with pytest.raises(ConfigurationError, match="there are: a"):
        hall.desk.named("b")


def test_maintenance_margin_has_no_jump_between_brackets(market: Market) -> None:
    for terms in symbol_terms(market.pairs):
        for lower, upper in pairwise(terms.brackets):
            at_lower = lower.cap * lower.maintenance_rate - lower.maintenance_amount
            at_upper = lower.cap * upper.maintenance_rate - upper.maintenance_amount
            assert at_lower == at_upper
            assert upper.maximum_leverage < lower.maximum_leverage


def test_a_countdown_fires_once_and_not_when_it_was_stopped(hall: Hall) -> None:
    order = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC"}
    price = hall.floor.tape.last_price(hall.desk.tradable("BTCUSDT"), hall.floor.now_ms())
    tick = hall.desk.tradable("BTCUSDT").contract.tick
    order |= {"quantity": "0.01", "price": f"{price * tick * Decimal('0.97'):.1f}"}
    hall.plain.send(hall.trader, Query(order))
    hall.plain.count_down(hall.trader, Query({"symbol": "BTCUSDT", "countdownTime": "1500"}))
    hall.run(1.0)
    assert len(hall.trader.books.open_orders()) == 1

    hall.run(1.0)
    assert hall.trader.books.open_orders() == []
    hall.plain.send(hall.trader, Query(order))
    hall.plain.count_down(hall.trader, Query({"symbol": "BTCUSDT", "countdownTime": "1000"}))
    hall.plain.count_down(hall.trader, Query({"symbol": "BTCUSDT", "countdownTime": "0"}))
    hall.run(2.0)
    assert len(hall.trader.books.open_orders()) == 1
