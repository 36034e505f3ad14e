"""Answers about record and risk: legal Telegram HTML whatever comes, few trades marked as few."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.presenters.breakdown import render_breakdown
from bot.presenters.breakers_report import render_breakers
from bot.presenters.conversation import resumed
from bot.presenters.drawdown import render_drawdown
from bot.presenters.heat import render_heat
from bot.presenters.html_presenter import HtmlPresenter
from bot.presenters.profit_and_loss import render_profit_and_loss
from bot.presenters.record_check import render_record_check
from bot.presenters.statistics import render_statistics
from bot.presenters.win_rate import render_win_rate
from domain.advice import AdvisedAction, WatchWarning
from domain.breakers import Effect, Latch
from domain.directions import Direction
from domain.evidence import LayerName
from domain.signals import FollowedSignal
from domain.trading_state import PauseState
from engine.commands import Resumption
from engine.reports import LedgerHead, Period
from engine.statistics import break_down
from engine.statistics.values import FEW, Dimension, Statistics, TradeResult
from tests.builders.reports import make_result, make_statistics
from tests.builders.risk_reports import (
    make_advice,
    make_breakers,
    make_event,
    make_heat,
    make_open_risk,
    make_standing,
    make_verdict,
)
from tests.builders.signals import CLOSED_AT, make_followed, make_signal
from tests.builders.track_records import make_period_report, make_track_record
from tests.unit.bot.nasty import NASTY, check, followed_signals

PRESENTER = HtmlPresenter()

RESULTS = st.builds(
    lambda signal_id, net_r, pair, score, layers, days: make_result(
        str(net_r),
        signal_id=signal_id,
        pair=pair,
        score=str(score),
        supporting=layers,
        ended_at=CLOSED_AT + timedelta(days=days),
    ),
    st.integers(1, 10**9),
    st.integers(-900, 900).map(lambda hundredths: Decimal(hundredths) / 100),
    NASTY,
    st.integers(0, 100),
    st.lists(st.sampled_from(LayerName), unique=True).map(tuple),
    st.integers(-300, 0),
)


def in_order(results: list[TradeResult]) -> Statistics:
    ordered = sorted(results, key=lambda result: result.ended_at)
    return make_statistics(ordered, start=CLOSED_AT - timedelta(days=301), end=CLOSED_AT)


@settings(max_examples=40)
@given(st.lists(RESULTS, max_size=40), NASTY, st.integers(0, 10**12))
def test_answers_about_the_record_are_legal(
    results: list[TradeResult], text: str, number: int
) -> None:
    statistics = in_order(results)
    record = make_track_record(statistics, 7)
    tables = [break_down(statistics, dimension) for dimension in Dimension]
    tripped = tuple(make_event(text, text) for _ in range(30))
    for period in Period:
        check(PRESENTER.period_report(make_period_report(period, statistics, tripped)))
    for table in tables:
        check(render_breakdown(table, None))
    check(render_statistics(record))
    check(render_profit_and_loss(record))
    check(render_win_rate(record, tables))
    check(render_drawdown(record))
    check(render_record_check(LedgerHead(count=number, hash=text)))


@settings(max_examples=40)
@given(st.lists(RESULTS, min_size=1, max_size=40))
def test_every_rate_of_few_trades_is_marked(results: list[TradeResult]) -> None:
    statistics = in_order(results)
    shown = check(render_win_rate(make_track_record(statistics), ()))
    assert (f"(n = {len(results)}, too few to judge)" in shown) is (len(results) < FEW)
    for dimension in Dimension:
        table = break_down(statistics, dimension)
        rows = check(render_breakdown(table, None)).split("\n")[3 : 3 + len(table.groups)]
        for group, row in zip(table.groups[:25], rows, strict=False):
            assert ("*" in row.removeprefix(row[:10])) is group.performance.wins.is_thin


@settings(max_examples=40)
@given(NASTY, NASTY, st.sampled_from(Effect), st.integers(0, 60), st.decimals(-999, 999, places=2))
def test_answers_about_the_risk_are_legal(
    text: str, other: str, effect: Effect, number: int, percent: Decimal
) -> None:
    trades = [make_open_risk(12, text, heat=str(abs(percent)), result=str(percent))] * number
    check(render_heat(make_heat(*trades, unpriced=(text, other))))
    standings = [
        make_standing(text, effect, other, text, symbol=other),
        *[make_standing(f"{text}{each}") for each in range(number)],
    ]
    events = tuple(make_event(text, other, symbol=other) for _ in range(number))
    verdicts = [make_verdict(text, number // 2, number, str(percent))] * number
    check(render_breakers(make_breakers(*standings, recent=events), verdicts, 30))


@settings(max_examples=40)
@given(
    followed_signals(),
    st.lists(NASTY, max_size=9),
    st.sampled_from(WatchWarning),
    st.sampled_from(AdvisedAction),
    st.booleans(),
)
def test_advice_corrections_and_resumptions_are_legal(
    followed: FollowedSignal,
    reasons: list[str],
    warning: WatchWarning,
    action: AdvisedAction,
    is_about_all: bool,
) -> None:
    advice = make_advice(warning, action, reasons=tuple(reasons), stop="64105.5")
    shown = check(PRESENTER.advice(advice, None if is_about_all else followed))
    assert shown.startswith("📣 The watch would ")
    assert "Advice only" in shown
    check(PRESENTER.correction(followed, followed.course, followed.course, " ".join(reasons)))
    latches = [
        Latch(breaker=text, level=1, tripped_at=CLOSED_AT, text=text or "words") for text in reasons
    ]
    held = tuple((latch, CLOSED_AT) for latch in latches)
    check(resumed(Resumption(pause=PauseState(), held=held)))


@given(st.sampled_from(WatchWarning), st.sampled_from(AdvisedAction))
def test_advice_to_a_long_and_to_a_short_mirror_each_other(
    warning: WatchWarning, action: AdvisedAction
) -> None:
    advice = make_advice(warning, action)
    long, short = (
        check(PRESENTER.advice(advice, make_followed(signal=make_signal(direction=direction))))
        for direction in Direction
    )
    mirrored = (("🟢 LONG", "🔴 SHORT"), ("turns down", "turns up"), ("long", "short"))
    for one, other in (*mirrored, ("falls", "rises")):
        long = long.replace(one, other)
    assert long == short
