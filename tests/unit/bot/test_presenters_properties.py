"""Whatever comes from outside: messages stay legal Telegram HTML, within limits, and complete."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.presenters.alerts import doubt_question, markup_alert, undelivered_alert
from bot.presenters.chart_caption import chart_caption
from bot.presenters.explanation import explain_decision, explain_signal
from bot.presenters.health_report import render_health
from bot.presenters.html_presenter import HtmlPresenter
from bot.presenters.markup import CAPTION_LIMIT, POPUP_LIMIT, utf16_length
from bot.presenters.open_signals import render_open
from bot.presenters.popup import popup_summary
from bot.presenters.status_report import render_status
from domain.evidence import Evidence
from domain.feeds import FeedState
from domain.messages import OutgoingMessage
from domain.plans import Denial
from domain.sentiment import MacroSeries
from domain.signals import FollowedSignal, SignalState
from domain.trading_state import PauseState
from domain.transfers import TransferKind
from engine.ports.storage import DecisionRecord
from engine.reports import HealthReport, WhaleAlert
from tests.builders.outside import make_feed_health, make_macro, make_transfer
from tests.builders.reports import make_status
from tests.builders.signals import (
    CLOSED_AT,
    make_decision,
    make_layer,
    make_step,
)
from tests.unit.bot.nasty import EVIDENCE, NASTY, check, followed_signals

PRESENTER = HtmlPresenter()


@settings(max_examples=60)
@given(followed_signals())
def test_post_is_legal_and_never_loses_its_setup(followed: FollowedSignal) -> None:
    shown = check(PRESENTER.signal_post(followed))
    plan, instrument = followed.signal.plan, followed.signal.instrument
    for level in (plan.entry, plan.stop, *(target.price for target in plan.targets)):
        assert f"{instrument.price(level):f}" in shown
    assert f"#{followed.signal.id} · {followed.ledger_hash[:8]}" in shown


@settings(max_examples=30)
@given(followed_signals())
def test_everything_else_about_a_signal_is_legal(followed: FollowedSignal) -> None:
    if followed.course.state is not SignalState.PUBLISHED:
        check(PRESENTER.step_reply(followed, make_step(followed)))
    check(explain_signal(followed))
    check(chart_caption(followed), CAPTION_LIMIT)
    check(render_open([followed] * 40))
    assert 0 < utf16_length(popup_summary(followed)) <= POPUP_LIMIT


@settings(max_examples=60)
@given(st.lists(EVIDENCE, max_size=60), st.lists(NASTY, max_size=40), NASTY)
def test_explanation_of_a_decision_is_legal(
    evidence: list[Evidence], denials: list[str], symbol: str
) -> None:
    layer = replace(make_layer(), evidence=tuple(evidence))
    decision = replace(make_decision(layers=(layer,)), symbol=symbol)
    reasons = tuple(Denial(rule=text, text=text) for text in denials)
    check(explain_decision(DecisionRecord(decision=decision, denials=reasons)))


@settings(max_examples=60)
@given(NASTY, st.lists(NASTY, max_size=60))
def test_reports_and_alerts_are_legal(text: str, notes: list[str]) -> None:
    pause = PauseState(is_paused=True, since=CLOSED_AT, by=text, reason=text)
    message = OutgoingMessage(key=text, recipient=text, text="<b>a &lt; b</b>")
    check(render_status(make_status(pause, notes=notes)))
    check(PRESENTER.breaker_alert(text))
    check(doubt_question(message))
    check(undelivered_alert(message, text))
    check(markup_alert(message, text))


@settings(max_examples=60)
@given(
    NASTY,
    NASTY,
    st.sampled_from(TransferKind),
    st.floats(0, 1e15),
    st.floats(-1e6, 1e6),
    st.sampled_from(FeedState),
)
def test_what_the_world_outside_tells_is_legal(
    text: str,
    other: str,
    kind: TransferKind,
    usd: float,
    change: float,
    state: FeedState,
) -> None:
    transfer = make_transfer(text, kind=kind, asset=other, owner=text, usd=usd)
    check(PRESENTER.whale_alert(WhaleAlert(transfer=transfer, held_back=(transfer,) * 3)))
    macro = make_macro(cause=text, changes=dict.fromkeys(MacroSeries, change))
    check(PRESENTER.macro_warning(macro))
    check(PRESENTER.macro_all_clear(macro, began_at=CLOSED_AT, ended_at=CLOSED_AT))
    feeds = (make_feed_health(text, state, reason=other),) * 40
    check(render_health(HealthReport(status=make_status(notes=[text] * 30), feeds=feeds)))
