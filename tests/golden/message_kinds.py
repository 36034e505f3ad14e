"""One example of every kind of message, by the name of its golden file."""

from bot.presenters.alerts import doubt_question, markup_alert, undelivered_alert
from bot.presenters.chart_caption import chart_caption
from bot.presenters.conversation import greeting, help_text, paused
from bot.presenters.explanation import explain_decision, explain_signal
from bot.presenters.html_presenter import HtmlPresenter
from bot.presenters.open_signals import render_open
from bot.presenters.popup import popup_summary
from bot.presenters.statistics import render_statistics
from bot.presenters.status_report import pause_line, render_status
from domain.access import Role
from domain.decisions import Decision, Discard
from domain.directions import Direction
from domain.evidence import Evidence, LayerName
from domain.market import Regime
from domain.messages import CHANNEL, OutgoingMessage
from domain.plans import Denial
from domain.signals import FollowedSignal, Signal, SignalState
from domain.trading_state import PauseState
from engine.ports.storage import DecisionRecord
from tests.builders.market import make_instrument
from tests.builders.reports import make_daily_report, make_statistics, make_status, no_statistics
from tests.builders.signals import (
    CLOSED_AT,
    make_decision,
    make_followed,
    make_layer,
    make_plan,
    make_signal,
    make_step,
)

PRESENTER = HtmlPresenter()

FLOW_EVIDENCE = (
    Evidence("imbalance", 0.31, 72.0, 0.3, "Bids outweigh asks by 31 % near the price"),
    Evidence("funding", -0.0001, 60.0, 0.2, "Shorts pay funding"),
)


def short_on_a_cheap_coin() -> Signal:
    """Eight decimals, two layers that spoke, one that is on but silent, a choppy market."""
    coin = make_instrument("PEPE", tick="0.00000001", step="100")
    layers = (
        make_layer(direction=Direction.SHORT, support=78),
        make_layer(
            LayerName.ORDERFLOW,
            direction=Direction.SHORT,
            support=66,
            age_seconds=75,
            coverage=0.6,
            evidence=FLOW_EVIDENCE,
        ),
        make_layer(LayerName.MEMORY, support=50, coverage=0, evidence=()),
    )
    return make_signal(
        13,
        direction=Direction.SHORT,
        instrument=coin,
        decision=make_decision(
            Direction.SHORT,
            symbol="PEPEUSDT",
            score=71,
            coverage=0.82,
            regime=Regime.CHOPPY,
            layers=layers,
            layers_on=3,
            close=0.00001234,
        ),
        plan=make_plan(
            Direction.SHORT,
            instrument=coin,
            entry="0.00001234",
            stop_distance="0.00000012",
            shrinks=("half size in a choppy market", "heat left 0.75 % of equity"),
        ),
    )


def states_of(signal: Signal) -> dict[SignalState, FollowedSignal]:
    return {state: make_followed(state, signal=signal) for state in SignalState}


def no_signal(decision: Decision, *denials: Denial) -> str:
    return explain_decision(DecisionRecord(decision=decision, denials=denials))


LONG, SHORT = states_of(make_signal()), states_of(short_on_a_cheap_coin())

POSTS = {f"post_long_{state}": PRESENTER.signal_post(f) for state, f in LONG.items()} | {
    f"post_short_{state}": PRESENTER.signal_post(f) for state, f in SHORT.items()
}

REPLIES = {
    f"reply_{side}_{state}": PRESENTER.step_reply(followed, make_step(followed))
    for side, states in (("long", LONG), ("short", SHORT))
    for state, followed in states.items()
    if state is not SignalState.PUBLISHED
}

REPORTS = {
    "report_with_trades": PRESENTER.daily_report(make_daily_report(make_statistics())),
    "report_without_signals": PRESENTER.daily_report(make_daily_report(no_statistics())),
    "report_without_results": PRESENTER.daily_report(
        make_daily_report(make_statistics((), published=2, live=1, expired=1))
    ),
    "stats_all_time": render_statistics(make_statistics(), None),
    "stats_week": render_statistics(make_statistics(), 7),
    "stats_without_trades": render_statistics(no_statistics(), 1),
}

EXPLANATIONS = {
    "why_signal": explain_signal(LONG[SignalState.TP1]),
    "why_signal_of_three_layers": explain_signal(SHORT[SignalState.PUBLISHED]),
    "why_no_direction": no_signal(make_decision(None, score=50, discards=(Discard.NO_DIRECTION,))),
    "why_discarded": no_signal(
        make_decision(
            Direction.SHORT, score=58, discards=(Discard.LOW_SCORE, Discard.TOO_FEW_LAYERS)
        )
    ),
    "why_denied": no_signal(
        make_decision(), Denial(rule="heat", text="open risk is 5.9 % of at most 6 % of equity")
    ),
    "why_sent": explain_decision(DecisionRecord(decision=make_decision(), signal_id=12)),
}

CONVERSATION = {
    "start_guest": greeting(Role.GUEST),
    "start_admin": greeting(Role.ADMIN),
    "help_guest": help_text(Role.GUEST),
    "open_none": render_open([]),
    "open_some": render_open(
        [LONG[SignalState.PUBLISHED], LONG[SignalState.TRIGGERED], SHORT[SignalState.TP1]]
    ),
    "caption_chart": chart_caption(LONG[SignalState.TP2]),
}

PAUSE = PauseState(is_paused=True, since=CLOSED_AT, by="4711", reason="news at 15:00 <FOMC>")
POST = OutgoingMessage(key="signal:12", recipient=CHANNEL, text=POSTS["post_long_published"])

OPERATION = {
    "status_running": render_status(make_status()),
    "status_paused": render_status(make_status(PAUSE, notes=("BTCUSDT: candles 3 min late",))),
    "paused": paused(PAUSE),
    "resumed": pause_line(PauseState(by="4711")),
    "alert_breaker": PRESENTER.breaker_alert("extreme volatility on BTCUSDT: ATR > 3 x its mean"),
    "alert_doubt": doubt_question(POST),
    "alert_undelivered": undelivered_alert(POST, "Forbidden: bot was kicked from the channel"),
    "alert_markup": markup_alert(POST, "can't parse entities: unclosed tag <b>"),
}

MESSAGES = POSTS | REPLIES | REPORTS | EXPLANATIONS | CONVERSATION | OPERATION

POPUPS = {
    "popup_long": popup_summary(LONG[SignalState.PUBLISHED]),
    "popup_short": popup_summary(SHORT[SignalState.PUBLISHED]),
}
