"""Trades with the worst names, reasons and numbers: legal Telegram HTML, within limits."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.presenters.closing_report import render_closing
from bot.presenters.denials import as_popup, render_denied
from bot.presenters.html_presenter import HtmlPresenter
from bot.presenters.markup import POPUP_LIMIT, utf16_length
from bot.presenters.positions_report import render_positions
from bot.presenters.trade_conversation import (
    declined,
    not_newest,
    repeated,
    resized,
    share_question,
)
from bot.presenters.trading_mode import render_mode, render_mode_refused
from domain.accounts import ExecutionMode
from domain.directions import Direction
from domain.intents import EntryStyle, IntentState
from domain.orders import Order, OrderRole, OrderState, VenuePosition
from domain.plans import Denial, Denied
from domain.positions import CloseReason, PositionBooks, PositionState
from engine.execution.requests import Closing, ModeStanding
from engine.execution.values import Ledgered, News, NewsKind, TradeCard
from tests.builders.signals import make_plan
from tests.builders.trade_cards import (
    make_card,
    make_fill,
    make_intent,
    make_open_position,
    make_order,
    make_position,
)
from tests.unit.bot.nasty import NASTY, check, nasty_instrument

PRESENTER = HtmlPresenter()
MONEY = st.decimals(-(10**9), 10**9, places=6)
SIZES = st.decimals("0.001", 10**6, places=3)
FIGURES = st.builds(
    Ledgered,
    entered=st.just(Decimal(0)) | SIZES,
    exited=st.just(Decimal(0)) | SIZES,
    average_entry=st.none() | SIZES,
    average_exit=st.none() | SIZES,
    realised=MONEY,
    fees=MONEY,
    net_r=st.decimals(-100, 100, places=4),
)


@st.composite
def cards(draw: st.DrawFn) -> TradeCard:
    direction = draw(st.sampled_from(Direction))
    tick = draw(st.sampled_from(["0.00000001", "0.1", "1E+1"]))
    instrument = nasty_instrument(draw(NASTY), draw(NASTY), tick)
    intent = make_intent(
        draw(st.sampled_from(IntentState)),
        direction=direction,
        share=draw(st.sampled_from(["1", "0.5", "0.125", "0.01"])),
        style=draw(st.sampled_from(EntryStyle)),
        account=draw(st.sampled_from(["operator", "paper:1", "trader:2"]) | NASTY),
        plan=replace(
            make_plan(direction, instrument=instrument), shrinks=tuple(draw(st.lists(NASTY)))
        ),
        instrument=instrument,
        reason=draw(NASTY),
    )
    orders = tuple(
        make_order(
            intent,
            draw(st.sampled_from(OrderRole)),
            draw(st.sampled_from(OrderState)),
            "0.1",
            rung=draw(st.integers(0, 3)),
            attempt=number,
            price=draw(st.none() | SIZES),
        )
        for number in range(1, draw(st.integers(0, 6)) + 1)
    )
    books = PositionBooks(
        intent=intent,
        position=make_position(
            intent,
            draw(st.sampled_from(PositionState)),
            reason=draw(st.none() | st.sampled_from(CloseReason)),
            adjusted=draw(st.sampled_from(["0", "0.5", "-0.5"])),
        ),
        orders=orders,
        fills=tuple(make_fill(order, "64000.5", "0.1") for order in _some(draw, orders)),
    )
    return make_card(
        intent,
        books=draw(st.none() | st.just(books)),
        numbers=draw(FIGURES),
        mode=draw(st.sampled_from(ExecutionMode)),
        equity=draw(st.sampled_from(["0", "-5", "10000"])),
    )


def _some(draw: st.DrawFn, orders: tuple[Order, ...]) -> list[Order]:
    return [order for order in orders if draw(st.booleans())]


@settings(max_examples=100, deadline=None)
@given(cards(), st.sampled_from(NewsKind), NASTY, st.none() | SIZES, st.integers(0, 3))
def test_card_and_news_are_legal(
    card: TradeCard, kind: NewsKind, text: str, price: Decimal | None, rung: int
) -> None:
    shown = check(PRESENTER.trade_card(card))
    assert len(shown.split("\n")) >= 3
    assert f"#{card.intent.signal_id}" in shown.split("\n")[-1]
    check(PRESENTER.trade_news(card, News(kind=kind, text=text, price=price, rung=rung)))


@settings(max_examples=60, deadline=None)
@given(cards())
def test_confirmation_names_size_and_worst_loss_whatever_else_has_to_go(card: TradeCard) -> None:
    offered = replace(card, intent=replace(card.intent, state=IntentState.OFFERED))
    shown = check(PRESENTER.trade_card(offered))
    assert "Worst loss" in shown
    assert "Margin" in shown
    assert "Stop  " in shown


@settings(max_examples=60, deadline=None)
@given(cards())
def test_every_answer_to_a_press_fits_a_popup(card: TradeCard) -> None:
    for words in (repeated, resized, declined, share_question, not_newest):
        markup = words(card.intent)
        check(markup)
        assert 0 < utf16_length(as_popup(markup)) <= POPUP_LIMIT


@settings(max_examples=60, deadline=None)
@given(st.lists(NASTY, max_size=60))
def test_reasons_modes_and_closings_are_legal(texts: list[str]) -> None:
    denied = Denied(denials=tuple(Denial(rule="x", text=text) for text in texts))
    check(render_denied(denied))
    assert 0 < utf16_length(as_popup(render_denied(denied))) <= POPUP_LIMIT
    check(
        render_mode(
            ModeStanding(mode=ExecutionMode.LIVE, is_live_allowed=True, halted=tuple(texts))
        )
    )
    check(render_mode_refused("".join(texts)))
    direct = tuple(
        VenuePosition(
            symbol=text, direction=Direction.SHORT, quantity=Decimal(1), entry_price=Decimal(1)
        )
        for text in texts
    )
    words = tuple(texts)
    check(
        render_closing(
            Closing(closing=words, cancelled=words, direct=direct, failures=words), "Your trades"
        )
    )
    check(PRESENTER.trading_alert("".join(texts)))


@settings(max_examples=30, deadline=None)
@given(NASTY, st.integers(1, 60), st.sampled_from(PositionState))
def test_positions_are_legal(text: str, count: int, state: PositionState) -> None:
    intent = make_intent(
        IntentState.ENTERED, instrument=nasty_instrument(text, text, "0.1"), account=text
    )
    check(render_positions([make_open_position(intent=intent, state=state)] * count))
