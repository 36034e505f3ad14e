"""Presses that must lead to nothing: each is told why, and nothing is sent."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal

import pytest

from domain.orders import OrderRole
from domain.signals import Signal
from tests.e2e.execution import CONFIRM, DECLINE, EXECUTE, Floor, Trader, open_floor
from tests.servers.databases import MigratedDatabases
from tests.telegram_server import Message, refuse

pytestmark = pytest.mark.timeout(240)

STRANGER = 66
TRADERS = range(70, 90)
LATE, SHY, DOUBLE, OWNER, THIEF, DRIFTED, UNSURE, SWITCHED, PAUSED, SLOW = TRADERS[:10]

WINDOW_SECONDS = 900.0

TOO_OLD = refuse(
    400, "Bad Request: query is too old and response timeout expired or query ID is invalid"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """An offer that was never answered, and what its button would have sent."""

    late: Trader
    signal: Signal
    card: Message
    confirmation: str


@pytest.fixture(scope="module")
async def floor(databases: MigratedDatabases) -> AsyncIterator[Floor]:
    """Paper money, and everybody but the stranger on the list."""
    database_url = await databases.blank("sqlite")
    async with open_floor(database_url, traders=TRADERS, window_seconds=WINDOW_SECONDS) as opened:
        yield opened


@pytest.fixture(scope="module", autouse=True)
async def forgotten(floor: Floor) -> Forgotten:
    """An offer that nobody answers while the other tests run."""
    late = await floor.hire(LATE)
    signal = await floor.fresh_signal()
    card = await late.offered(signal)
    return Forgotten(late=late, signal=signal, card=card, confirmation=data_of(card, CONFIRM))


async def assert_nothing_sent(trader: Trader) -> None:
    """Nothing was ever carried out for a trader, and no offer of his waits."""
    assert await trader.floor.books_of(trader.user.id) == []
    async with trader.floor.line.storage() as unit:
        assert await unit.intents.list_offered(trader.user.id) == []


async def test_a_stranger_who_presses_forges_or_asks_is_refused(floor: Floor) -> None:
    stranger, owner = await floor.hire(STRANGER), await floor.hire(OWNER)
    signal = await floor.fresh_signal()
    answer = await stranger.execute(signal)
    assert answer.show_alert
    assert "whom the operator of this bot has named" in answer.text
    card = await owner.offered(signal)
    channel, post = floor.line.channel, floor.post_of(signal)
    forged = await stranger.user.press_forged(channel, post.id, data_of(card, CONFIRM))
    assert (await forged.answer()).show_alert
    await stranger.says("/positions", "whom the operator of this bot has named")
    await stranger.says(f"/start exec-{signal.id}", "whom the operator of this bot has named")
    await assert_nothing_sent(stranger)
    assert card.keyboard


async def test_somebody_elses_offer_cannot_be_confirmed_sized_or_declined(floor: Floor) -> None:
    owner, thief = await floor.hire(OWNER + 10), await floor.hire(THIEF)
    signal = await floor.fresh_signal()
    card, own = await owner.offered(signal), await thief.offered(signal)
    for label in ("Half", DECLINE):
        forged = await thief.user.press_forged(thief.user.chat, own.id, data_of(card, label))
        answer = await forged.answer()
        assert answer.show_alert
        assert "somebody else's" in answer.text
    await thief.user.press_forged(thief.user.chat, own.id, data_of(card, CONFIRM))
    await thief.told("Not done", "somebody else's")
    assert "full size" in card.text
    assert card.keyboard
    assert await floor.books_of(owner.user.id) == []
    assert await floor.books_of(thief.user.id) == []


async def test_without_a_private_chat_the_press_leads_there_and_is_asked_again(
    floor: Floor,
) -> None:
    shy = floor.meet(SHY)
    signal = await floor.fresh_signal()
    answer = await shy.execute(signal)
    assert answer.url.endswith(f"?start=exec-{signal.id}")
    await assert_nothing_sent(shy)
    card = await shy.says(f"/start exec-{signal.id}", "CONFIRM?")
    assert card.keyboard.find(CONFIRM)


async def test_double_presses_make_one_offer_and_one_order(floor: Floor) -> None:
    double = await floor.hire(DOUBLE)
    signal = await floor.fresh_signal()
    channel, post = floor.line.channel, floor.post_of(signal)
    first = await double.user.press(channel, post.id, EXECUTE)
    await double.user.press_again(first)
    await double.told("Nothing new was done")
    card = await double.told("CONFIRM?")
    confirmation = await double.user.press(double.user.chat, card.id, CONFIRM)
    await double.user.press_again(confirmation)
    await double.told("Not done", "confirmed this already")
    await double.shows(card, "OPEN", "Protected")
    [books] = await floor.books_of(double.user.id)
    assert [order.role for order in books.orders].count(OrderRole.ENTRY) == 1
    assert [post.text for post in double.user.chat.posts].count(card.text) == 1


async def test_a_press_that_comes_too_late_to_be_answered_does_nothing(floor: Floor) -> None:
    slow = await floor.hire(SLOW)
    signal = await floor.fresh_signal()
    floor.line.telegram.fail("answerCallbackQuery", TOO_OLD)
    await slow.user.press(floor.line.channel, floor.post_of(signal).id, EXECUTE)
    await slow.told("reached me too late")
    await assert_nothing_sent(slow)


async def test_a_price_that_has_moved_away_refuses_the_press_and_the_confirmation(
    floor: Floor,
) -> None:
    drifted = await floor.hire(DRIFTED)
    signal = await floor.fresh_signal(alone=True)
    card = await drifted.offered(signal)
    plan = signal.plan
    away = plan.entry + plan.direction.sign * plan.stop_distance * Decimal("1.2")
    await floor.put_price(signal, away)
    await drifted.press(card, CONFIRM)
    await drifted.told("Not done", "the price has moved to")
    await drifted.shows(card, "REFUSED", "the price has moved to")
    assert not card.keyboard
    await drifted.execute(signal)
    await drifted.told("Not done", "past the entry")
    await assert_nothing_sent(drifted)


async def test_a_declined_offer_cannot_be_confirmed_any_more(floor: Floor) -> None:
    unsure = await floor.hire(UNSURE)
    card = await unsure.offered(await floor.fresh_signal())
    confirmation = data_of(card, CONFIRM)
    answer = await unsure.press(card, DECLINE)
    assert "declined, nothing was sent" in answer.text
    await unsure.shows(card, "DECLINED")
    assert not card.keyboard
    await unsure.user.press_forged(unsure.user.chat, card.id, confirmation)
    await unsure.told("Not done", "you have declined this")
    await assert_nothing_sent(unsure)


async def test_while_execution_is_off_nothing_is_offered_and_no_offer_is_confirmed(
    floor: Floor,
) -> None:
    switched = await floor.hire(SWITCHED)
    signal = await floor.fresh_signal()
    card = await switched.offered(signal)
    await floor.command("/mode off", "OFF")
    try:
        await switched.press(card, CONFIRM)
        await switched.told("Not done", "execution is switched off")
    finally:
        await floor.command("/mode paper", "PAPER")
    assert await floor.books_of(switched.user.id) == []


async def test_while_signals_are_paused_nothing_is_executed(floor: Floor) -> None:
    paused = await floor.hire(PAUSED)
    signal = await floor.fresh_signal()
    await floor.command("/pause lunch", "Paused")
    try:
        await paused.execute(signal)
        await paused.told("Not done", "paused")
    finally:
        await floor.command("/resume", "Running")
    await assert_nothing_sent(paused)


async def test_after_its_window_an_offer_lapses_and_a_press_is_refused(
    floor: Floor, forgotten: Forgotten
) -> None:
    late, signal, card = forgotten.late, forgotten.signal, forgotten.card
    await floor.line.pass_time(signal.valid_until)
    await late.user.press_forged(late.user.chat, card.id, forgotten.confirmation)
    await late.told("Not done")
    await late.shows(card, "NOT CONFIRMED")
    known = len(late.user.chat.posts)
    press = await late.user.press_forged(
        floor.line.channel, floor.post_of(signal).id, execution_of(signal)
    )
    await press.answer()
    await late.told_after(known, "Not done", f"#{signal.id}")
    await assert_nothing_sent(late)


def data_of(card: Message, label: str) -> str:
    """What a button of a card sends."""
    button = card.keyboard.find(label)
    assert button is not None
    assert button.data is not None
    return button.data


def execution_of(signal: Signal) -> str:
    """What the button under a signal's post sends, which may be gone by now."""
    return f"q1:execute:{signal.id}"
