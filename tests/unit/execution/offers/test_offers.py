"""Answers to an offer other than yes: another size, no, and none in time."""

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.intents import IntentState
from domain.plans import Denied
from engine.execution.offers.offers import NewestOffer
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


async def test_half_is_rounded_down_to_the_step_and_shown_with_the_same_choices() -> None:
    floor = await Floor().begin()
    full = await floor.offer()
    half = await floor.adjust("0.5")
    assert not isinstance(half, Denied)
    assert (half.share, half.plan, half.leverage) == (Decimal("0.5"), full.plan, full.leverage)
    assert half.quantity == full.instrument.quantity(full.quantity / 2)
    assert await floor.find() == half
    card, edit = await floor.messages()
    assert (edit.key, edit.edits) == ("intent:1:card:offer-1", card.key)
    assert (edit.text, edit.buttons) == (f"offered {half.quantity} on paper", card.buttons)


async def test_there_and_back_again_each_choice_is_shown() -> None:
    floor = await Floor().begin()
    full = await floor.offer()
    for share in ("0.5", "1", "0.5", "0.25"):
        await floor.adjust(share)
    keys = [message.key for message in await floor.messages()]
    assert keys == ["intent:1", *(f"intent:1:card:offer-{number}" for number in range(1, 5))]
    await floor.adjust("1")
    again = await floor.find()
    assert again == full


async def test_same_share_again_changes_nothing() -> None:
    floor = await Floor().begin()
    full = await floor.offer()
    assert await floor.adjust("1") == full
    assert len(await floor.messages()) == 1


@pytest.mark.parametrize("share", ["0", "-0.5", "1.01", "NaN", "Infinity"])
async def test_share_out_of_range_is_denied_and_the_offer_stays(share: str) -> None:
    floor = await Floor().begin()
    full = await floor.offer()
    assert rules_of(await floor.adjust(share)) == ["share"]
    assert await floor.find() == full


async def test_share_below_the_venues_minimum_is_denied_and_the_offer_stays() -> None:
    followed = make_signal_on("SOL")
    instrument = replace(followed.signal.instrument, minimum_notional=Decimal(1000))
    signal = replace(followed.signal, instrument=instrument)
    floor = await Floor().begin(replace(followed, signal=signal))
    full = await floor.offer()
    found = await floor.adjust("0.1")
    assert rules_of(found) == ["below_minimum"]
    assert "1000 USDT" in words_of(found)
    assert await floor.find() == full
    assert len(await floor.messages()) == 1


async def test_newest_offer_is_the_last_that_waits_for_this_traders_answer() -> None:
    floor = await Floor().begin(make_signal_on("SOL"), make_signal_on("ETH", 2))
    newest = NewestOffer(floor.storage)
    assert await newest(ANN) is None
    first, second = await floor.offer(1), await floor.offer(2)
    await floor.offer(1, BEN)
    assert await newest(ANN) == second
    await floor.decline(second.id)
    assert await newest(ANN) == first


async def test_offer_cannot_be_adjusted_after_its_window() -> None:
    floor = await Floor().begin()
    full = await floor.offer()
    floor.clock.set(full.expires_at)
    assert rules_of(await floor.adjust("0.5")) == ["too_late"]


async def test_declined_offer_loses_its_buttons_and_nothing_is_sent() -> None:
    floor = await Floor().begin()
    await floor.offer()
    declined = await floor.decline()
    assert not isinstance(declined, Denied)
    assert declined.state is await floor.state_of() is IntentState.DECLINED
    edit = (await floor.messages())[-1]
    assert (edit.edits, edit.buttons) == ("intent:1", ())
    assert edit.text.startswith("declined")
    assert await floor.positions() == []


async def test_offer_lapses_with_its_window_and_not_before() -> None:
    floor = await Floor().begin()
    offer = await floor.offer()
    assert await floor.lapse() == 0
    floor.clock.set(offer.expires_at)
    assert await floor.lapse() == 1
    assert await floor.state_of() is IntentState.LAPSED
    edit = (await floor.messages())[-1]
    assert (edit.edits, edit.buttons) == ("intent:1", ())
    assert await floor.lapse() == 0
    assert len(await floor.messages()) == 2


async def test_offers_of_all_traders_lapse_and_confirmed_ones_do_not() -> None:
    floor = await Floor().begin()
    ann, ben, admin = [await floor.offer(user_id=each) for each in (ANN, BEN, ADMIN)]
    await floor.confirm(ben.id, BEN)
    floor.clock.set(ann.expires_at)
    assert await floor.lapse() == 2
    states = [await floor.state_of(each.id) for each in (ann, ben, admin)]
    assert states == [IntentState.LAPSED, IntentState.CONFIRMED, IntentState.LAPSED]


async def every_answer(floor: Floor, intent_id: int, user_id: int) -> list[str]:
    found = [
        await floor.adjust("0.5", intent_id, user_id),
        await floor.decline(intent_id, user_id),
        await floor.confirm(intent_id, user_id),
    ]
    rules = {rule for each in found for rule in rules_of(each)}
    return sorted(rules)


@pytest.mark.parametrize(
    ("intent_id", "user_id", "rule"),
    [
        (1, BEN, "not_yours"),
        (1, ADMIN, "not_yours"),
        (1, STRANGER, "not_a_trader"),
        (1, 0, "not_a_trader"),
        (2, ANN, "unknown_offer"),
        (0, ANN, "unknown_offer"),
        (-1, ANN, "unknown_offer"),
        (10**12, ANN, "unknown_offer"),
    ],
)
async def test_foreign_and_forged_answers_are_denied_and_change_nothing(
    intent_id: int, user_id: int, rule: str
) -> None:
    floor = await Floor().begin()
    offer = await floor.offer()
    assert await every_answer(floor, intent_id, user_id) == [rule]
    assert await floor.find() == offer
    assert len(await floor.messages()) == 1
    assert await floor.positions() == []


@pytest.mark.parametrize(
    ("end", "words"),
    [("decline", "declined"), ("confirm", "confirmed"), ("lapse", "lapsed")],
)
async def test_answers_to_a_settled_offer_are_denied_in_words(end: str, words: str) -> None:
    floor = await Floor().begin()
    offer = await floor.offer()
    if end == "lapse":
        floor.clock.set(offer.expires_at)
    await getattr(floor, end)()
    settled, told = await floor.find(), await floor.messages()
    assert await every_answer(floor, 1, ANN) == ["settled"]
    assert words in words_of(await floor.decline())
    assert (await floor.find(), await floor.messages()) == (settled, told)
