"""Edits on a terminal: what is new in a message, and nothing said twice."""

from dataclasses import replace

from bot.presenters.trade_card import render_trade_card
from bot.terminal_edits import EditLines
from domain.intents import IntentState
from domain.messages import CHANNEL, OutgoingMessage
from domain.orders import OrderRole, OrderState
from domain.positions import PositionBooks
from engine.execution.books.accounting import ledger_of
from tests.builders.trade_cards import make_card, make_fill, make_intent, make_order, make_position

INTENT = make_intent(IntentState.ENTERED)
PLAN = INTENT.plan
QUANTITY = str(INTENT.quantity)
ENTRY = make_order(INTENT, OrderRole.ENTRY, OrderState.FILLED, QUANTITY)
STOP = make_order(INTENT, OrderRole.STOP, OrderState.RESTING, QUANTITY, price=PLAN.stop)
TARGET = make_order(
    INTENT, OrderRole.TARGET, OrderState.RESTING, "0.074", rung=1, price=PLAN.targets[0].price
)
ENTERED = PositionBooks(
    intent=INTENT,
    position=make_position(INTENT),
    orders=(ENTRY,),
    fills=(make_fill(ENTRY, "64212.1", QUANTITY),),
)
PROTECTED = replace(ENTERED, orders=(ENTRY, STOP))
AIMING = replace(PROTECTED, orders=(ENTRY, STOP, TARGET))


def card(books: PositionBooks) -> OutgoingMessage:
    text = render_trade_card(make_card(INTENT, books=books, numbers=ledger_of(books)))
    return OutgoingMessage(key="intent:3:card:1", recipient="2002", text=text, edits="intent:3")


def post(status: str) -> OutgoingMessage:
    text = f"🔴 <b>SHORT SAND/USDT</b> · HIGH 82\n{status}\n\n#1 · 0a1b2c3d"
    return OutgoingMessage(key="post", recipient=CHANNEL, text=text)


def told(*messages: OutgoingMessage) -> list[str | None]:
    lines = EditLines()
    return [lines.tell(message, 1) for message in messages]


def test_each_step_of_a_trade_is_told_by_what_it_brought() -> None:
    entered, protected, aiming = told(card(ENTERED), card(PROTECTED), card(AIMING))
    assert entered is not None
    assert protected is not None
    assert aiming is not None
    assert entered.startswith("↻ #12 🟢 LONG BTC/USDT · 🧪 PAPER │ 🔵 OPEN │ ⚠️ No stop of ")
    assert protected.endswith("│ 🔵 OPEN │ ✅ Protected: stop 63880.0 on the exchange")
    assert "│ 🎯 TP1  64706.2 · closes 0.074 BTC" in aiming


def test_what_is_new_since_the_message_was_sent_is_told() -> None:
    lines = EditLines()
    lines.remember(card(PROTECTED), 1)
    line = lines.tell(card(AIMING), 1)
    assert line is not None
    assert "🎯 TP1" in line
    assert "Protected" not in line


def test_an_edit_that_brings_nothing_new_is_told_by_its_status_alone() -> None:
    lines = EditLines()
    lines.remember(card(AIMING), 1)
    assert lines.tell(card(AIMING), 1) == "↻ #12 🟢 LONG BTC/USDT · 🧪 PAPER │ 🔵 OPEN"


def test_the_same_line_is_not_told_twice() -> None:
    assert told(card(AIMING), card(AIMING), card(AIMING))[2] is None


def test_two_messages_do_not_silence_each_other() -> None:
    lines = EditLines()
    first = lines.tell(post("🔵 OPEN"), 1)
    assert lines.tell(post("🔵 OPEN"), 2) == first
    assert lines.tell(post("🔵 OPEN"), 1) is None


def test_a_post_is_told_by_its_status() -> None:
    assert told(post("🔵 OPEN · entered 16:38 UTC")) == [
        "↻ #1 🔴 SHORT SAND/USDT │ 🔵 OPEN · entered 16:38 UTC"
    ]


def test_old_messages_are_forgotten() -> None:
    lines = EditLines()
    lines.tell(card(AIMING), 1)
    lines.remember(card(AIMING), 501)
    line = lines.tell(card(AIMING), 1)
    assert line is not None
    assert "✅ Protected" in line
