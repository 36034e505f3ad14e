"""What a card says of fills that are no order's of ours."""

from dataclasses import replace

from bot.presenters.trade_card import render_trade_card
from domain.intents import IntentState
from domain.orders import OrderRole, OrderState, Side
from domain.positions import CloseReason, PositionBooks, PositionState
from engine.execution.books.accounting import ledger_of
from tests.builders.trade_cards import make_card, make_fill, make_intent, make_order, make_position

INTENT = make_intent(IntentState.ENTERED)
ENTRY = make_order(INTENT, OrderRole.ENTRY, OrderState.FILLED, "0.186")
IN = make_fill(ENTRY, "64212.1", "0.186")


def shown(state: PositionState, adjusted: str, out: str) -> str:
    is_over = state is PositionState.CLOSED
    position = make_position(
        INTENT, state, adjusted=adjusted, reason=CloseReason.BY_HAND if is_over else None
    )
    exit_fill = replace(
        make_fill(ENTRY, "64301.9", out), trade_id="t-hand", venue_id="nobody's", side=Side.SELL
    )
    books = PositionBooks(intent=INTENT, position=position, orders=(ENTRY,), fills=(IN, exit_fill))
    return render_trade_card(make_card(INTENT, books=books, numbers=ledger_of(books)))


def test_close_by_hand_shows_its_price_and_the_result() -> None:
    card = shown(PositionState.CLOSED, "-0.186", "0.186")
    assert "not by me: 0.186 BTC at <code>64301.9</code>" in card
    assert "💰 Result +15.70 USDT" in card


def test_part_that_was_closed_by_hand_is_shown_while_the_rest_is_open() -> None:
    card = shown(PositionState.OPEN, "-0.05", "0.05")
    assert "not by me: 0.05 BTC at <code>64301.9</code>" in card
    assert "73% left" in card


def test_fill_that_may_still_turn_out_to_be_our_stops_is_called_nobodys() -> None:
    assert "not by me" not in shown(PositionState.OPEN, "0", "0.186")
