"""A press on *execute* that is refused: why, and that nothing is left of it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.accounts import Account, ExecutionMode, paper_account
from domain.breakers import Latch
from domain.directions import Direction
from domain.errors import (
    AccessRefusedError,
    InvalidDataError,
    OutcomeUnknownError,
    QuorumError,
    RateLimitedError,
    TemporaryVenueError,
    VenueRefusedError,
)
from domain.orders import VenuePosition
from domain.signals import SignalState
from domain.trading_state import PauseState
from engine.execution.requests import Pressed
from engine.ports.broker import Broker
from risk.gate import RiskParameters
from tests.fakes.clock import AFTERNOON
from tests.unit.engine.kept import look_into
from tests.unit.execution.offers.trading_floor import (
    ADMIN,
    ANN,
    BEN,
    STRANGER,
    Floor,
    make_signal_on,
    rules_of,
    words_of,
)


async def assert_untouched(floor: Floor) -> None:
    assert await floor.find() is None
    assert await floor.positions() == []
    assert floor.desk.woken == []
    assert (await look_into(floor.storage)).messages == []


@pytest.mark.parametrize("user_id", [STRANGER, 0, -11])
async def test_stranger_is_denied_and_told_nothing_else(user_id: int) -> None:
    floor = await Floor(desk=Floor().desk).begin()
    floor.desk.reasons = ("reconciling",)
    found = await floor.press(user_id=user_id)
    assert rules_of(found) == ["not_a_trader"]
    assert floor.opened == []
    await assert_untouched(floor)


async def test_user_zero_is_denied_whatever_role_is_stored() -> None:
    floor = await Floor().begin()
    async with floor.storage() as unit:
        role = await unit.users.role_of(ADMIN)
        await unit.users.grant(0, role, at=AFTERNOON, how="settings")
        await unit.commit()
    assert rules_of(await floor.press(user_id=0)) == ["not_a_trader"]


async def test_forged_signal_is_denied() -> None:
    floor = await Floor().begin()
    assert rules_of(await floor.press(999)) == ["unknown_signal"]
    await assert_untouched(floor)


async def test_mode_off_is_denied_with_the_way_out() -> None:
    floor = await Floor().begin()
    await floor.set_mode(ExecutionMode.OFF)
    found = await floor.press()
    assert rules_of(found) == ["mode_off"]
    assert "/mode" in words_of(found)
    await assert_untouched(floor)


async def test_live_in_chat_alone_is_not_live_and_not_paper_either() -> None:
    floor = await Floor(is_live_allowed=False).begin()
    await floor.set_mode(ExecutionMode.LIVE)
    found = await floor.press()
    assert rules_of(found) == ["live_not_allowed"]
    assert "LIVE_TRADING" in words_of(found)
    assert floor.opened == []
    await assert_untouched(floor)


async def test_live_without_a_passed_gate_is_not_live_and_not_paper_either() -> None:
    floor = await Floor(is_live_allowed=True, override="").begin()
    await floor.set_mode(ExecutionMode.LIVE)
    found = await floor.press()
    assert rules_of(found) == ["not_ready"]
    assert "no backtest" in words_of(found)
    assert floor.opened == []
    await assert_untouched(floor)


async def test_signal_whose_window_is_over_is_denied_at_that_very_instant() -> None:
    floor = await Floor().begin()
    until = make_signal_on("SOL").signal.valid_until
    floor.clock.set(until)
    found = await floor.press()
    assert rules_of(found) == ["not_fresh"]
    assert words_of(found) == "signal #1 could be entered until 14:15 UTC"
    assert floor.opened == []
    floor.clock.set(until - timedelta(milliseconds=1))
    assert (await floor.offer()).id == 1


@pytest.mark.parametrize(
    "state", [each for each in SignalState if each not in ("published", "triggered")]
)
async def test_signal_that_has_gone_on_is_not_fresh(state: SignalState) -> None:
    followed = make_signal_on("SOL")
    floor = await Floor().begin(replace(followed, course=replace(followed.course, state=state)))
    found = await floor.press()
    assert rules_of(found) == ["not_fresh"]
    assert str(state) in words_of(found)
    await assert_untouched(floor)


@pytest.mark.parametrize("state", [SignalState.PUBLISHED, SignalState.TRIGGERED])
async def test_signal_before_and_after_its_entry_is_fresh(state: SignalState) -> None:
    followed = make_signal_on("SOL")
    floor = await Floor().begin(replace(followed, course=replace(followed.course, state=state)))
    await floor.offer()


@pytest.mark.parametrize(
    ("direction", "bid", "ask", "denied"),
    [
        (Direction.LONG, "100.59", "100.60", []),
        (Direction.LONG, "100.60", "100.61", ["drift"]),
        (Direction.LONG, "99.39", "99.40", []),
        (Direction.LONG, "99.38", "99.39", ["drift"]),
        (Direction.SHORT, "99.40", "99.41", []),
        (Direction.SHORT, "99.39", "99.40", ["drift"]),
        (Direction.SHORT, "100.60", "100.61", []),
        (Direction.SHORT, "100.61", "100.62", ["drift"]),
    ],
)
async def test_price_may_drift_three_tenths_of_the_stop_distance_to_either_side(
    direction: Direction, bid: str, ask: str, denied: list[str]
) -> None:
    floor = await Floor().begin(make_signal_on("SOL", direction=direction))
    floor.quotes.set("SOLUSDT", bid, ask)
    found = await floor.press()
    assert ([] if isinstance(found, Pressed) else rules_of(found)) == denied


async def test_drift_is_told_in_numbers() -> None:
    floor = await Floor().begin()
    floor.quotes.set("SOLUSDT", "101", "101")
    assert words_of(await floor.press()) == (
        "the price has moved to 101, 0.50 R past the entry; at most 0.3 R from 100 are allowed"
    )
    floor.quotes.set("SOLUSDT", "99", "99")
    assert "0.50 R towards the stop" in words_of(await floor.press())
    await assert_untouched(floor)


async def test_unknown_and_old_prices_are_denied() -> None:
    floor = await Floor().begin()
    floor.quotes.known.clear()
    assert rules_of(await floor.press()) == ["no_quote"]
    floor.quotes.set("SOLUSDT", "99.99", "100.01", age=5.1)
    found = await floor.press()
    assert rules_of(found) == ["no_quote"]
    assert "no price for 5 s" in words_of(found)
    floor.quotes.set("SOLUSDT", "99.99", "100.01", age=5.0)
    await floor.offer()


async def test_unknown_turnover_is_denied() -> None:
    floor = await Floor(turnover=None).begin()
    assert rules_of(await floor.press()) == ["liquidity_unknown"]


async def test_desk_that_is_halted_takes_nothing_and_says_why() -> None:
    floor = await Floor().begin()
    floor.desk.reasons = ("the exchange is being compared with the books",)
    found = await floor.press()
    assert rules_of(found) == ["halted"]
    assert "compared with the books" in words_of(found)


async def test_halted_account_stops_its_own_trader_alone() -> None:
    floor = await Floor().begin()
    floor.desk.accounts["paper:11"] = "an unknown position was found"
    found = await floor.press(user_id=ANN)
    assert rules_of(found) == ["halted"]
    assert "unknown position" in words_of(found)
    await floor.offer(user_id=BEN)


async def test_pair_that_the_desk_refuses_is_denied_with_its_reason() -> None:
    floor = await Floor().begin(make_signal_on("SOL"), make_signal_on("ETH", 2))
    floor.desk.pairs["paper:11", "SOLUSDT"] = "orders of another program rest there"
    found = await floor.press(1)
    assert rules_of(found) == ["pair_refused"]
    assert "another program" in words_of(found)
    await floor.offer(2)


async def test_pause_stops_presses() -> None:
    floor = await Floor().begin()
    async with floor.storage() as unit:
        await unit.state.set_pause(PauseState(is_paused=True, by="1", reason="news"))
        await unit.commit()
    assert rules_of(await floor.press()) == ["paused"]


async def test_latch_of_the_whole_system_stops_presses() -> None:
    floor = await Floor().begin()
    await keep_latch(floor, "drawdown")
    assert rules_of(await floor.press()) == ["drawdown"]


async def test_latch_of_an_account_stops_this_account_alone() -> None:
    floor = await Floor().begin()
    await keep_latch(floor, "drawdown:paper:11")
    found = await floor.press(user_id=ANN)
    assert rules_of(found) == ["drawdown"]
    assert "your account" in words_of(found)
    await floor.offer(user_id=BEN)


async def keep_latch(floor: Floor, name: str) -> None:
    latch = Latch(breaker=name, level=2, tripped_at=AFTERNOON, text="down 3 %")
    async with floor.storage() as unit:
        await unit.state.set_latch(latch)
        await unit.commit()


async def test_signal_does_not_stand_in_its_own_way_when_all_places_are_taken() -> None:
    floor = Floor()
    await floor.begin(*(make_signal_on(f"C{number}", number) for number in range(1, 6)))
    for number in range(1, 6):
        await floor.offer(number)


async def test_more_live_signals_than_are_allowed_stop_presses() -> None:
    floor = Floor()
    await floor.begin(*(make_signal_on(f"C{number}", number) for number in range(1, 7)))
    assert rules_of(await floor.press(1)) == ["max_positions"]


async def test_as_many_signals_as_an_hour_may_have_do_not_stop_the_last_of_them() -> None:
    floor = Floor()
    await floor.begin(*(make_signal_on(f"C{number}", number) for number in range(1, 3)))
    breakers = floor.risk.breakers
    fewest = replace(breakers.overtrading, maximum_signals=2)
    floor.risk = replace(floor.risk, breakers=replace(breakers, overtrading=fewest))
    await floor.offer(2)
    await floor.publish(make_signal_on("C3", 3))
    assert rules_of(await floor.press(3)) == ["overtrading"]


async def test_mode_that_is_changed_while_the_venue_is_asked_denies() -> None:
    class Changing(Floor):
        async def open_broker(self, account: Account) -> Broker:
            await self.set_mode(ExecutionMode.LIVE)
            return await super().open_broker(account)

    floor = await Changing(is_live_allowed=True).begin()
    found = await floor.press()
    assert rules_of(found) == ["account_changed"]
    assert "press again" in words_of(found)
    await assert_untouched(floor)


async def test_pair_that_the_account_holds_is_denied() -> None:
    floor = await Floor().begin()
    await floor.press(confirm=False)
    await floor.publish(make_signal_on("SOL", 2))
    assert "one_per_pair" in rules_of(await floor.press(2))


async def test_position_that_was_opened_elsewhere_is_denied() -> None:
    floor = await Floor().begin()
    floor.broker.held.append(
        VenuePosition(
            symbol="SOLUSDT",
            direction=Direction.LONG,
            quantity=Decimal(1),
            entry_price=Decimal(99),
        )
    )
    assert rules_of(await floor.press()) == ["foreign_position"]


async def test_account_without_free_margin_is_denied() -> None:
    floor = await Floor().begin()
    floor.broker.available = Decimal(0)
    assert rules_of(await floor.press()) == ["margin"]


async def test_margin_of_an_entry_on_its_way_is_spoken_for() -> None:
    floor = await Floor().begin(make_signal_on("SOL"), make_signal_on("ETH", 2))
    await floor.press(1, confirm=False)
    (books,) = await floor.positions()
    floor.broker.available = books.intent.plan.margin
    assert rules_of(await floor.press(2)) == ["margin"]


async def test_account_too_small_for_the_venue_is_denied() -> None:
    floor = await Floor().begin()
    floor.broker.equity = Decimal(1)
    assert rules_of(await floor.press()) == ["below_minimum"]


async def test_account_without_equity_is_denied() -> None:
    floor = await Floor().begin()
    floor.broker.equity = Decimal(0)
    assert rules_of(await floor.press()) == ["no_equity"]


@pytest.mark.parametrize(
    ("failure", "rule"),
    [
        (TemporaryVenueError("secret-in-url"), "venue_silent"),
        (RateLimitedError("secret-in-url", 3), "venue_silent"),
        (OutcomeUnknownError("secret-in-url"), "venue_silent"),
        (InvalidDataError("secret-in-url"), "venue_silent"),
        (AccessRefusedError("secret-in-url"), "venue_access"),
        (VenueRefusedError("secret-in-url"), "venue_refused"),
    ],
)
async def test_venue_trouble_is_told_in_our_words_and_never_raised(
    failure: QuorumError, rule: str
) -> None:
    floor = await Floor().begin()
    floor.broker.failure = failure
    found = await floor.press()
    assert rules_of(found) == [rule]
    assert "nothing was sent" in words_of(found)
    assert "secret" not in words_of(found)
    await assert_untouched(floor)


async def test_account_that_cannot_be_opened_is_told_too() -> None:
    class Closed(Floor):
        async def open_broker(self, account: Account) -> Broker:
            raise AccessRefusedError(f"no key for {account.name}")

    floor = await Closed().begin()
    assert rules_of(await floor.press()) == ["venue_access"]


async def test_signal_taken_by_another_trader_with_the_same_account_is_denied() -> None:
    floor = await Floor(is_live_allowed=True).begin()
    await floor.set_mode(ExecutionMode.LIVE)
    await floor.offer(user_id=ANN)
    found = await floor.press(user_id=BEN)
    assert rules_of(found) == ["taken"]
    assert "another trader" in words_of(found)
    assert await floor.messages(BEN) == []


async def test_every_reason_is_named_at_once() -> None:
    floor = await Floor(turnover=None).begin()
    floor.desk.reasons = ("start-up",)
    floor.quotes.set("SOLUSDT", "101", "101")
    floor.broker.available = Decimal(0)
    await keep_latch(floor, "drawdown")
    await keep_latch(floor, "drawdown:paper:11")
    expected = ["halted", "drawdown", "drift", "liquidity_unknown", "drawdown", "margin"]
    assert rules_of(await floor.press()) == expected


async def test_limit_of_the_operator_holds_for_paper_too() -> None:
    floor = Floor()
    await floor.begin(*(make_signal_on(f"C{number}", number) for number in range(1, 4)))
    breakers = RiskParameters().breakers
    most = replace(breakers.max_positions, maximum_positions=2)
    for number in (1, 2):
        await floor.press(number, confirm=False)
    async with floor.storage() as unit:
        for number in (1, 2):
            followed = await unit.signals.find(number)
            assert followed is not None
            over = replace(followed.course, state=SignalState.STOPPED, ended_at=floor.clock.now())
            await unit.signals.save_course(number, over)
        await unit.commit()
    floor.risk = replace(floor.risk, breakers=replace(breakers, max_positions=most))
    found = await floor.press(3)
    assert rules_of(found) == ["max_positions"]
    assert words_of(found).startswith("your account")
    assert paper_account(ANN).maximum_positions is None
