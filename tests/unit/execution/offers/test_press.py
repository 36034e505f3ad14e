"""A press on *execute* that is taken."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from domain.access import Role
from domain.accounts import Account, ExecutionMode
from domain.directions import Direction
from domain.errors import ConflictError, StorageUnavailableError
from domain.intents import EntryStyle, IntentState
from domain.messages import Action
from domain.plans import Denied
from domain.positions import PositionState
from engine.execution.parameters import ExecutionParameters
from engine.execution.requests import Pressed
from engine.execution.telling.cards import trade_card
from engine.ports.execution_storage import SealedKey
from tests.fakes.clock import AFTERNOON, HandClock
from tests.unit.engine.failing_storage import FailingStorage
from tests.unit.execution.offers.trading_floor import (
    ADMIN,
    ANN,
    BEN,
    Floor,
    make_signal_on,
    rules_of,
)


async def test_press_is_offered_in_the_traders_own_size_and_sends_nothing() -> None:
    floor = await Floor().begin()
    pressed = await floor.press()
    assert isinstance(pressed, Pressed)
    intent = pressed.intent
    assert (pressed.is_repeat, intent.state, intent.account) == (
        False,
        IntentState.OFFERED,
        "paper:11",
    )
    assert Decimal("149.9") < intent.plan.risk_amount <= 150
    assert (intent.quantity, intent.share) == (intent.plan.quantity, Decimal(1))
    assert intent.leverage == intent.plan.leverage
    assert intent.style is EntryStyle.MARKET
    assert await floor.find() == intent
    assert await floor.positions() == []
    assert floor.desk.woken == []


@pytest.mark.parametrize(
    ("direction", "notional", "margin", "worst_loss", "fees"),
    [
        # (100.01 - 98) + 0.15 % of 100.01 = 2.160015 a unit; 150 / 2.160015 = 69.44 units.
        (Direction.LONG, "6944.69", "1736.17", "149.99", "6.94"),
        # (102 - 99.99) + 0.15 % of 99.99 = 2.159985 a unit; 150 / 2.159985 = 69.44 units.
        (Direction.SHORT, "6943.31", "1735.83", "149.99", "6.94"),
    ],
)
async def test_money_on_the_card_is_as_reckoned_by_hand(
    direction: Direction, notional: str, margin: str, worst_loss: str, fees: str
) -> None:
    """1.5 % of 10,000 at risk; at most 2,000 of margin, which takes a leverage of 4."""
    floor = await Floor().begin(make_signal_on("SOL", direction=direction))
    intent = await floor.offer()
    card = trade_card(intent)
    assert (intent.quantity, intent.leverage) == (Decimal("69.44"), 4)
    assert round(card.notional, 2) == Decimal(notional)
    assert round(card.margin, 2) == Decimal(margin)
    assert round(card.worst_loss, 2) == Decimal(worst_loss)
    assert round(card.fees, 2) == Decimal(fees)
    assert round(card.equity, 2) == Decimal(10_000)


async def test_offer_ends_with_the_signals_entry_window() -> None:
    floor = await Floor().begin()
    intent = await floor.offer()
    assert intent.expires_at == make_signal_on("SOL").signal.valid_until
    assert intent.created_at == floor.clock.now()


async def test_confirmation_goes_to_the_traders_private_chat_with_its_choices() -> None:
    floor = await Floor().begin()
    intent = await floor.offer()
    (card,) = await floor.messages()
    assert (card.key, card.edits, card.text) == (
        "intent:1",
        None,
        f"offered {intent.quantity} on paper",
    )
    assert [(button.action, button.subject) for button in card.buttons] == [
        (action, 1)
        for action in (Action.CONFIRM, Action.HALF, Action.FULL, Action.CUSTOM, Action.DECLINE)
    ]


async def test_entry_style_is_that_of_the_settings() -> None:
    floor = Floor(parameters=ExecutionParameters(entry=EntryStyle.POST_ONLY))
    await floor.begin()
    assert (await floor.offer()).style is EntryStyle.POST_ONLY


async def test_without_confirmation_a_press_opens_a_position_at_once() -> None:
    floor = await Floor().begin()
    pressed = await floor.press(confirm=False)
    assert isinstance(pressed, Pressed)
    assert pressed.intent.state is IntentState.CONFIRMED
    (books,) = await floor.positions()
    assert books.intent == pressed.intent
    assert (books.position.state, books.orders) == (PositionState.OPENING, ())
    assert floor.desk.woken == [books.position.id]
    (card,) = await floor.messages()
    assert (card.key, card.buttons) == ("intent:1", ())


async def test_second_press_finds_the_first_and_changes_nothing() -> None:
    floor = await Floor().begin()
    first = await floor.offer()
    again = await floor.press()
    assert again == Pressed(intent=first, is_repeat=True)
    assert len(await floor.messages()) == 1


@pytest.mark.parametrize("confirm", [True, False])
async def test_presses_at_once_make_one_intent_for_each_trader(confirm: bool) -> None:
    floor = await Floor().begin()
    floor.take_turns()
    presses = [floor.press(user_id=user, confirm=confirm) for user in (ANN,) * 5 + (BEN,)]
    results = await asyncio.gather(*presses)
    taken = [each for each in results if isinstance(each, Pressed)]
    assert len(taken) == 6
    assert sum(not each.is_repeat for each in taken) == 2
    assert {each.intent.user_id: each.intent.id for each in taken}.keys() == {ANN, BEN}
    assert len({each.intent.id for each in taken}) == 2
    assert len(await floor.positions()) == len(floor.desk.woken) == (0 if confirm else 2)


async def test_press_after_the_trade_began_is_a_repeat_even_when_the_window_is_over() -> None:
    floor = await Floor().begin()
    await floor.press(confirm=False)
    floor.clock.advance(3600)
    again = await floor.press()
    assert isinstance(again, Pressed)
    assert (again.is_repeat, again.intent.state) == (True, IntentState.CONFIRMED)


async def test_declined_offer_can_be_asked_for_anew() -> None:
    floor = await Floor().begin()
    await floor.offer()
    await floor.decline()
    assert (await floor.offer()).id == 2


async def test_two_trades_at_once_are_not_both_promised_what_is_left_of_the_heat() -> None:
    floor = Floor()
    await floor.begin(*(make_signal_on(f"C{number}", number) for number in range(1, 6)))
    floor.take_turns()
    results = await asyncio.gather(*(floor.press(number, confirm=False) for number in range(1, 6)))
    risks = [each.intent.plan.risk_amount for each in results if isinstance(each, Pressed)]
    assert len(risks) == 4
    assert sum(risks) <= 600
    (denied,) = [each for each in results if isinstance(each, Denied)]
    assert "heat" in rules_of(denied)


@pytest.mark.parametrize("user_id", [ADMIN, ANN])
async def test_live_press_without_an_own_account_uses_the_operators(user_id: int) -> None:
    floor = await Floor(is_live_allowed=True).begin()
    await floor.set_mode(ExecutionMode.LIVE)
    intent = await floor.offer(user_id=user_id)
    assert (intent.account, floor.opened) == ("operator", ["operator"])


async def test_live_press_of_a_connected_trader_uses_his_own_account_and_limits() -> None:
    floor = await Floor(is_live_allowed=True).begin()
    await floor.set_mode(ExecutionMode.LIVE)
    account = Account(
        name="trader:11",
        mode=ExecutionMode.LIVE,
        user_id=ANN,
        risk_share=Decimal("0.5"),
        connected_at=AFTERNOON,
    )
    async with floor.storage() as unit:
        await unit.accounts.connect(account, SealedKey(user_id=ANN, sealed=b"sealed"))
        await unit.commit()
    ann, ben = await floor.offer(user_id=ANN), await floor.offer(user_id=BEN)
    assert (ann.account, ben.account) == ("trader:11", "operator")
    assert Decimal("74.9") < ann.plan.risk_amount <= 75
    assert ben.plan.risk_amount > 149


async def test_short_is_entered_at_the_bid() -> None:
    floor = await Floor().begin(make_signal_on("SOL", direction=Direction.SHORT))
    floor.quotes.set("SOLUSDT", "99.50", "99.52")
    intent = await floor.offer()
    assert intent.quantity == Decimal("56.61")


async def test_role_that_was_taken_away_meanwhile_counts_no_more() -> None:
    floor = await Floor().begin()
    async with floor.storage() as unit:
        await unit.users.grant(ANN, Role.GUEST, at=AFTERNOON, how="settings")
        await unit.commit()
    assert rules_of(await floor.press()) == ["not_a_trader"]


async def steps_of_a_press(*, confirm: bool) -> list[str]:
    floor = await Floor().begin()
    counted = FailingStorage(floor.storage)
    floor.storage = counted.storage
    await floor.press(confirm=confirm)
    return counted.steps


async def test_lost_race_is_run_again() -> None:
    steps = await steps_of_a_press(confirm=False)
    floor = await Floor().begin()
    sound, lost = floor.storage, ConflictError("somebody was faster")
    floor.storage = FailingStorage(sound, steps.index("commit"), lost).storage
    assert isinstance(await floor.press(confirm=False), Pressed)
    floor.storage = sound
    assert len(await floor.positions()) == len(floor.desk.woken) == 1


async def test_race_lost_to_the_same_press_is_a_repeat() -> None:
    steps = await steps_of_a_press(confirm=True)
    floor = await Floor().begin()
    sound, lost = floor.storage, ConflictError("somebody was faster")
    # Our own commit arrives and only its answer is lost: the press finds what it has made itself.
    floor.storage = FailingStorage(sound, steps.index("commit"), lost, is_late=True).storage
    pressed = await floor.press()
    floor.storage = sound
    assert pressed == Pressed(intent=await floor.offer(), is_repeat=True)
    assert len(await floor.messages()) == 1


@pytest.mark.parametrize("confirm", [True, False])
async def test_storage_that_fails_at_any_step_leaves_nothing_behind(confirm: bool) -> None:
    for number in range(len(await steps_of_a_press(confirm=confirm))):
        floor = await Floor().begin()
        sound = floor.storage
        floor.storage = FailingStorage(sound, number).storage
        with pytest.raises(StorageUnavailableError):
            await floor.press(confirm=confirm)
        floor.storage = sound
        assert await floor.find() is None
        assert (await floor.messages(), await floor.positions(), floor.desk.woken) == ([], [], [])


async def test_a_restored_database_gives_no_name_of_an_order_a_second_time() -> None:
    clock = HandClock(datetime(2026, 10, 6, 14, 0, tzinfo=UTC))
    signal = make_signal_on("SOL", valid_until=clock.now() + timedelta(minutes=15))
    lost = await Floor(clock=clock).begin(signal)
    lost_id = (await lost.offer()).id
    restored = await Floor(clock=clock).begin(signal)

    assert (await restored.offer()).id > lost_id
