"""Trades of traders: confirmations, cards, news, positions, closing; by their golden files."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from bot.presenters.closing_report import render_closing
from bot.presenters.connecting import (
    CONNECT_FORWARDED,
    CONNECT_HELP,
    CONNECT_IN_PRIVATE,
    CONNECT_MALFORMED,
    DISCONNECTED,
    KEY_MESSAGE_REMAINS,
    KEY_NOT_USED,
    render_connected,
    render_limits,
    render_not_disconnected,
)
from bot.presenters.denials import as_popup, render_denied
from bot.presenters.html_presenter import HtmlPresenter
from bot.presenters.positions_report import render_positions
from bot.presenters.trade_conversation import (
    TRADERS_ONLY,
    declined,
    not_newest,
    repeated,
    resized,
    share_question,
)
from bot.presenters.trading_mode import render_mode, render_mode_refused
from domain.accounts import Account, ExecutionMode
from domain.directions import Direction
from domain.intents import EntryStyle, IntentState
from domain.orders import OrderRole, OrderState, VenuePosition
from domain.plans import Denial, Denied
from domain.positions import CloseReason, PositionBooks, PositionState
from engine.execution.requests import Closing, Connected, ModeStanding
from engine.execution.values import News, NewsKind
from engine.readiness.standing import ReadinessStanding
from tests.builders.trade_cards import (
    NOTHING,
    PRESSED_AT,
    make_card,
    make_fill,
    make_intent,
    make_open_position,
    make_order,
    make_position,
)

PRESENTER = HtmlPresenter()

ENTERED = make_intent(IntentState.ENTERED)
PLAN = ENTERED.plan
ENTRY = make_order(ENTERED, OrderRole.ENTRY, OrderState.FILLED, "0.186")
STOP = make_order(ENTERED, OrderRole.STOP, OrderState.RESTING, "0.186", price=PLAN.stop)
TARGETS = tuple(
    make_order(ENTERED, OrderRole.TARGET, OrderState.RESTING, size, rung=rung, price=target.price)
    for rung, (size, target) in enumerate(
        zip(("0.074", "0.074", "0.038"), PLAN.targets, strict=True), 1
    )
)
FIRST = replace(TARGETS[0], state=OrderState.FILLED)
AT_BREAK_EVEN = make_order(
    ENTERED, OrderRole.STOP, OrderState.RESTING, "0.112", attempt=2, price=PLAN.break_even
)
FILLED = make_fill(ENTRY, "64212.1", "0.186")
TAKEN = make_fill(FIRST, "64706.2", "0.074", PRESSED_AT + timedelta(minutes=20))
OUT = make_fill(AT_BREAK_EVEN, "64301.9", "0.112", PRESSED_AT + timedelta(minutes=41))

HELD = replace(
    NOTHING,
    entered=Decimal("0.186"),
    average_entry=Decimal("64212.1"),
    fees=Decimal("5.97"),
    net_r=Decimal("-0.08"),
)
PARTLY = replace(
    HELD,
    exited=Decimal("0.074"),
    average_exit=Decimal("64706.2"),
    realised=Decimal("36.56"),
    fees=Decimal("8.36"),
    net_r=Decimal("0.36"),
)
DONE = replace(
    PARTLY,
    exited=Decimal("0.186"),
    average_exit=Decimal("64462.75"),
    realised=Decimal("46.62"),
    fees=Decimal("11.96"),
    net_r=Decimal("0.44"),
)

OPENING = make_card(
    make_intent(IntentState.CONFIRMED),
    books=PositionBooks(
        intent=make_intent(IntentState.CONFIRMED),
        position=make_position(ENTERED, PositionState.OPENING),
        orders=(replace(ENTRY, state=OrderState.SENDING),),
    ),
)
PROTECTED = make_card(
    ENTERED,
    books=PositionBooks(
        intent=ENTERED,
        position=make_position(ENTERED),
        orders=(ENTRY, STOP, *TARGETS),
        fills=(FILLED,),
    ),
    numbers=HELD,
)
PARTLY_CLOSED = make_card(
    ENTERED,
    books=PositionBooks(
        intent=ENTERED,
        position=make_position(ENTERED, stop=PLAN.break_even),
        orders=(ENTRY, STOP, FIRST, *TARGETS[1:], AT_BREAK_EVEN),
        fills=(FILLED, TAKEN),
    ),
    numbers=PARTLY,
)
CLOSED = make_card(
    ENTERED,
    books=PositionBooks(
        intent=ENTERED,
        position=make_position(
            ENTERED, PositionState.CLOSED, stop=PLAN.break_even, reason=CloseReason.BREAKEVEN
        ),
        orders=(
            ENTRY,
            replace(STOP, state=OrderState.CANCELLED),
            FIRST,
            *(replace(each, state=OrderState.CANCELLED) for each in TARGETS[1:]),
            replace(AT_BREAK_EVEN, state=OrderState.FILLED),
        ),
        fills=(FILLED, TAKEN, OUT),
    ),
    numbers=DONE,
)
UNPROTECTED = make_card(
    ENTERED,
    books=PositionBooks(
        intent=ENTERED,
        position=make_position(ENTERED, adjusted="-0.05"),
        orders=(ENTRY, replace(STOP, state=OrderState.REFUSED, reason="the stop is refused")),
        fills=(FILLED,),
    ),
    numbers=HELD,
)
REPLACED_STOP = make_card(
    ENTERED,
    books=PositionBooks(
        intent=ENTERED,
        position=make_position(ENTERED),
        orders=(ENTRY, replace(STOP, state=OrderState.CANCELLED), *TARGETS),
        fills=(FILLED,),
    ),
    numbers=HELD,
)
BY_HAND = make_card(
    ENTERED,
    books=PositionBooks(
        intent=ENTERED,
        position=make_position(
            ENTERED, PositionState.CLOSED, reason=CloseReason.BY_HAND, adjusted="-0.186"
        ),
        orders=(ENTRY, replace(STOP, state=OrderState.CANCELLED, reason="nothing is open")),
        fills=(
            FILLED,
            replace(OUT, venue_id="somebody else's", quantity=Decimal("0.186"), trade_id="t-hand"),
        ),
    ),
    numbers=replace(
        DONE,
        exited=Decimal(0),
        average_exit=Decimal("64301.9"),
        realised=Decimal("16.70"),
        net_r=Decimal("0.08"),
    ),
)
LOST = replace(DONE, realised=Decimal("-61.00"), net_r=Decimal("-1.19"))

GIVEN_UP = make_card(
    ENTERED,
    books=PositionBooks(
        intent=ENTERED,
        position=make_position(ENTERED),
        orders=(
            ENTRY,
            STOP,
            TARGETS[0],
            replace(TARGETS[1], state=OrderState.CANCELLED),
            replace(TARGETS[2], state=OrderState.SENDING),
        ),
        fills=(FILLED,),
    ),
    numbers=HELD,
)

DENIED = Denied(
    denials=(
        Denial(rule="drift", text="the price has moved 0.41 R from the entry, at most 0.3 R"),
        Denial(rule="heat", text="heat 5.9 % of at most 6 % <is left>"),
        Denial(rule="loss_streak", text="3 losses in a row: all pairs rest until 14:10 UTC"),
    )
)

CARDS = {
    "trade_offer_long": PRESENTER.trade_card(make_card()),
    "trade_offer_short_live": PRESENTER.trade_card(
        make_card(
            make_intent(
                direction=Direction.SHORT,
                share="0.35",
                style=EntryStyle.POST_ONLY,
                account="operator",
                shrinks=("score 72: 0.5 of the full risk",),
            ),
            mode=ExecutionMode.LIVE,
        )
    ),
    "trade_declined": PRESENTER.trade_card(make_card(make_intent(IntentState.DECLINED))),
    "trade_lapsed": PRESENTER.trade_card(make_card(make_intent(IntentState.LAPSED))),
    "trade_refused": PRESENTER.trade_card(
        make_card(make_intent(IntentState.REFUSED, reason="not enough margin"))
    ),
    "trade_missed": PRESENTER.trade_card(
        make_card(make_intent(IntentState.MISSED, reason="it was not filled in time"))
    ),
    "trade_confirmed": PRESENTER.trade_card(make_card(make_intent(IntentState.CONFIRMED))),
    "trade_opening": PRESENTER.trade_card(OPENING),
    "trade_protected": PRESENTER.trade_card(PROTECTED),
    "trade_partly_closed": PRESENTER.trade_card(PARTLY_CLOSED),
    "trade_closed": PRESENTER.trade_card(CLOSED),
    "trade_unprotected": PRESENTER.trade_card(UNPROTECTED),
    "trade_stop_replaced": PRESENTER.trade_card(REPLACED_STOP),
    "trade_target_removed": PRESENTER.trade_card(GIVEN_UP),
    "trade_cut_since_the_offer": PRESENTER.trade_card(
        make_card(
            make_intent(
                IntentState.CONFIRMED,
                shrinks=(
                    "0.186 instead of 0.372 BTC: less is allowed now than when it was offered",
                ),
            )
        )
    ),
    "trade_closed_by_hand": PRESENTER.trade_card(BY_HAND),
}

NEWS = {
    "news_sent": PRESENTER.trade_news(OPENING, News(kind=NewsKind.SENT)),
    "news_filled": PRESENTER.trade_news(
        PROTECTED, News(kind=NewsKind.FILLED, price=Decimal("64212.1"))
    ),
    "news_protected": PRESENTER.trade_news(
        PROTECTED, News(kind=NewsKind.PROTECTED, price=PLAN.stop)
    ),
    "news_targets_set": PRESENTER.trade_news(PROTECTED, News(kind=NewsKind.TARGETS_SET)),
    "news_target_filled": PRESENTER.trade_news(
        PARTLY_CLOSED, News(kind=NewsKind.TARGET_FILLED, rung=1, price=Decimal("64706.2"))
    ),
    "news_stop_moved": PRESENTER.trade_news(
        PARTLY_CLOSED, News(kind=NewsKind.STOP_MOVED, price=PLAN.break_even)
    ),
    "news_closed": PRESENTER.trade_news(
        CLOSED, News(kind=NewsKind.CLOSED, text="stopped at break-even", price=Decimal("64301.9"))
    ),
    "news_closed_with_a_loss": PRESENTER.trade_news(
        replace(CLOSED, numbers=LOST), News(kind=NewsKind.CLOSED)
    ),
    "news_refused": PRESENTER.trade_news(
        make_card(make_intent(IntentState.REFUSED, reason="not enough margin")),
        News(kind=NewsKind.REFUSED),
    ),
    "news_missed": PRESENTER.trade_news(
        make_card(make_intent(IntentState.MISSED)),
        News(kind=NewsKind.MISSED, text="it was not filled in time"),
    ),
    "news_unprotected": PRESENTER.trade_news(
        UNPROTECTED, News(kind=NewsKind.UNPROTECTED, text="the exchange refuses the stop <-4120>")
    ),
    "news_changed_by_hand": PRESENTER.trade_news(
        UNPROTECTED,
        News(kind=NewsKind.CHANGED_BY_HAND, text="0.05 BTC taken away on the exchange"),
    ),
    "alert_trading": PRESENTER.trading_alert("BTCUSDT on operator: no stop could be placed"),
}

ANSWERS = {
    "denied": render_denied(DENIED),
    "execute_repeated": repeated(make_intent()),
    "offer_resized": resized(make_intent(share="0.5")),
    "offer_declined": declined(make_intent(IntentState.DECLINED)),
    "offer_share": share_question(make_intent()),
    "offer_not_newest": not_newest(make_intent()),
    "traders_only": TRADERS_ONLY,
    "positions_none": render_positions([]),
    "positions": render_positions(
        [
            make_open_position(),
            make_open_position(
                intent=make_intent(
                    IntentState.ENTERED, direction=Direction.SHORT, account="operator"
                ),
                mode=ExecutionMode.LIVE,
                unrealised="-12.40",
                is_protected=False,
            ),
            make_open_position(
                intent=make_intent(IntentState.CONFIRMED, account="trader:4711"),
                mode=ExecutionMode.LIVE,
                state=PositionState.OPENING,
                numbers=NOTHING,
                is_protected=False,
            ),
            make_open_position(state=PositionState.CLOSING, mark=None, unrealised=None),
            make_open_position(stop=None),
        ]
    ),
    "mode_paper": render_mode(ModeStanding(mode=ExecutionMode.PAPER, is_live_allowed=False)),
    "mode_off": render_mode(ModeStanding(mode=ExecutionMode.OFF, is_live_allowed=True)),
    "mode_overridden": render_mode(
        ModeStanding(
            mode=ExecutionMode.LIVE,
            is_live_allowed=True,
            readiness=ReadinessStanding(reasons=("no backtest",), stated="small <b>size</b>"),
        )
    ),
    "mode_not_ready": render_mode(
        ModeStanding(
            mode=ExecutionMode.PAPER,
            is_live_allowed=True,
            readiness=ReadinessStanding(reasons=("no backtest was judged",)),
        )
    ),
    "mode_live_refused": render_mode_refused(
        "Nothing is traded with real money before the readiness gate is passed:\n"
        "failed: win rate 48.20 %, has to be above 55 % (312 trades)\n"
        "the newest backtest was judged 31 days ago, allowed are 30\n"
        "To mend: run `python -m app backtest` <now>"
    ),
    "mode_live_halted": render_mode(
        ModeStanding(
            mode=ExecutionMode.LIVE,
            is_live_allowed=True,
            live_positions=2,
            halted=("operator: its positions are being compared with the exchange",),
        )
    ),
    "mode_refused": render_mode_refused(
        "Live trading is not allowed by the settings: set LIVE_TRADING=on in the settings file and "
        "restart, then say /mode live again; both switches are needed"
    ),
    "closing": render_closing(
        Closing(closing=("BTCUSDT", "SOLUSDT"), cancelled=("ETHUSDT",)), "Your trades"
    ),
    "closing_without_database": render_closing(
        Closing(
            direct=(
                VenuePosition(
                    symbol="BTCUSDT",
                    direction=Direction.LONG,
                    quantity=Decimal("0.186"),
                    entry_price=Decimal("64212.1"),
                ),
            ),
            failures=("ETHUSDT on operator: the exchange did not answer",),
        ),
        "Everything, on all accounts",
    ),
    "closing_nothing": render_closing(Closing(), "Your trades"),
    "connect_help": CONNECT_HELP,
    "connect_malformed": CONNECT_MALFORMED,
    "connect_in_private": CONNECT_IN_PRIVATE,
    "connect_key_remains": KEY_MESSAGE_REMAINS,
    "connect_not_used": KEY_NOT_USED,
    "connect_forwarded": CONNECT_FORWARDED,
    "connected": render_connected(
        Connected(account="trader:4711", equity=Decimal("1234.5"), is_new=True)
    ),
    "connected_again": render_connected(
        Connected(account="trader:4711", equity=Decimal("1234.5"), is_new=False)
    ),
    "disconnected": DISCONNECTED,
    "not_disconnected": render_not_disconnected(
        "your account has live positions (BTC/USDT): close them first"
    ),
    "limits": render_limits(
        Account(
            name="trader:4711",
            mode=ExecutionMode.LIVE,
            risk_share=Decimal("0.5"),
            maximum_positions=3,
        )
    ),
}

TRADES = CARDS | NEWS | ANSWERS

TRADE_POPUPS = {
    "popup_denied": as_popup(render_denied(DENIED)),
    "popup_traders_only": as_popup(TRADERS_ONLY),
    "popup_share": as_popup(share_question(make_intent())),
    "popup_not_newest": as_popup(not_newest(make_intent())),
}
