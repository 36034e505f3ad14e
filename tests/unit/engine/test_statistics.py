"""Figures of a period, from the ledger alone."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.decisions import Tier
from domain.directions import Direction
from domain.errors import InvalidDataError
from domain.evidence import LayerName
from domain.ledger import EntryKind
from domain.market_regime import Regime
from domain.signals import SignalState
from engine.ledger import parse_content, signal_content
from engine.statistics import performance_of
from engine.statistics.values import Rate, Statistics, Streaks
from tests.builders.signals import make_decision, make_layer
from tests.unit.engine.statistics_story import DAY, HOUR, MIDNIGHT, Story
from tests.unit.risk.trade_builders import make_round_signal


def test_empty_ledger_has_empty_figures() -> None:
    figures = Story().figures()
    assert figures == Statistics(
        start=MIDNIGHT,
        end=MIDNIGHT + DAY,
        published=0,
        live=0,
        expired=0,
        cancelled=0,
        invalidated=0,
        corrections=0,
        results=(),
        performance=performance_of((), MIDNIGHT, MIDNIGHT + DAY),
    )
    performance = figures.performance
    assert performance.wins == Rate(count=0, of=0, low_percent=None, high_percent=None)
    assert performance.wins.percent is None
    assert performance.total_r == performance.drawdown_r == performance.drawdown_percent == 0
    assert performance.streaks == Streaks(longest_win=0, longest_loss=0, current=0)
    assert performance.expectancy_r is performance.profit_factor is None
    assert performance.sharpe is performance.sortino is None
    assert performance.best is performance.worst is None
    assert performance.mean_hold is None


def test_trades_are_counted_and_summed() -> None:
    story = Story()
    story.trade(1, HOUR, "1.5")
    story.trade(2, 2 * HOUR, "-1.1", SignalState.STOPPED)
    story.trade(3, 3 * HOUR, "-1.1", SignalState.STOPPED)
    story.trade(4, 4 * HOUR, "0.6", SignalState.BREAKEVEN)
    figures = story.figures()
    performance = figures.performance
    assert (figures.published, figures.live, len(figures.results)) == (4, 0, 4)
    assert (performance.wins.count, performance.wins.of, performance.wins.percent) == (2, 4, 50)
    assert performance.total_r == Decimal("-0.1")
    assert performance.expectancy_r == Decimal("-0.025")
    assert performance.profit_factor == Decimal("2.1") / Decimal("2.2")
    assert performance.drawdown_r == Decimal("2.2")
    assert performance.streaks == Streaks(longest_win=1, longest_loss=2, current=1)
    assert performance.mean_hold == timedelta(minutes=20)
    assert performance.best == figures.results[0]
    assert performance.worst == figures.results[1]


def test_result_holds_what_was_published_and_how_it_ended() -> None:
    decision = make_decision(
        Direction.SHORT,
        score=81.5,
        regime=Regime.RISK_OFF,
        layers=(
            make_layer(LayerName.TECHNICAL, direction=Direction.SHORT, support=70.0),
            make_layer(LayerName.ORDERFLOW, direction=Direction.SHORT, support=55.0),
            make_layer(LayerName.MEMORY, direction=Direction.SHORT, support=55.5),
        ),
    )
    story = Story()
    signal = story.publish(7, HOUR, direction=Direction.SHORT, decision=decision)
    story.end(signal, SignalState.STOPPED, 2 * HOUR, "-1.1")
    (result,) = story.figures().results
    assert (result.signal_id, result.pair, result.direction) == (7, "SOL/USDT", Direction.SHORT)
    assert (result.score, result.tier, result.regime) == (
        Decimal("81.5"),
        Tier.HIGH,
        Regime.RISK_OFF,
    )
    assert result.supporting == (LayerName.TECHNICAL, LayerName.MEMORY)
    assert (result.published_at, result.ended_at) == (MIDNIGHT + HOUR, MIDNIGHT + 2 * HOUR)
    assert (result.net_r, result.net_percent) == (Decimal("-1.1"), Decimal("-2.2"))
    assert result.hold == timedelta(minutes=20)


def test_percent_of_equity_follows_from_notional_and_the_equity_behind_the_risk() -> None:
    story = Story()
    signal = make_round_signal(signal_id=1)
    plan = replace(
        signal.plan,
        notional=Decimal(6000),
        risk_amount=Decimal(150),
        risk_percent=Decimal("1.5"),
    )
    signal = replace(signal, plan=plan, published_at=MIDNIGHT)
    story.append(EntryKind.SIGNAL, signal_content(signal))
    story.end(signal, SignalState.TP3, HOUR, "1.25")
    (result,) = story.figures().results
    # 2.5 % of 6,000 are 150, and the equity was 10,000.
    assert result.equity_percent == Decimal("1.5")


@pytest.mark.parametrize(
    ("state", "has_reached"),
    [
        (SignalState.TP3, True),
        (SignalState.STOPPED, False),
        (SignalState.MAX_HOLD, False),
        (SignalState.INVALIDATED, False),
    ],
)
def test_target_is_reached_only_by_an_exit_at_one(state: SignalState, has_reached: bool) -> None:
    story = Story()
    story.trade(1, HOUR, "0.3", state)
    (result,) = story.figures().results
    assert result.has_reached_target is has_reached


def test_expired_and_cancelled_signals_are_no_trades() -> None:
    story = Story()
    story.trade(1, HOUR, "0", SignalState.EXPIRED)
    story.trade(2, HOUR, "0", SignalState.CANCELLED)
    figures = story.figures()
    assert (figures.published, figures.expired, figures.cancelled) == (2, 1, 1)
    assert figures.results == ()


def test_signal_that_lost_its_data_is_counted_apart_and_is_a_trade() -> None:
    story = Story()
    story.trade(1, HOUR, "-1", SignalState.INVALIDATED)
    figures = story.figures()
    assert (figures.invalidated, len(figures.results)) == (1, 1)


def test_signal_without_an_outcome_is_live() -> None:
    story = Story()
    story.publish(1, HOUR)
    story.trade(2, HOUR, "1")
    assert (story.figures().published, story.figures().live) == (2, 1)


def test_trade_over_midnight_is_published_on_one_day_and_ends_on_the_next() -> None:
    story = Story()
    story.end(story.publish(1, DAY - HOUR), SignalState.TP3, DAY, "1.2")
    today, tomorrow = story.figures(), story.figures(start=DAY)
    assert (today.published, today.live, len(today.results)) == (1, 0, 0)
    assert (tomorrow.published, len(tomorrow.results)) == (0, 1)


def test_period_starts_included_and_ends_excluded() -> None:
    story = Story()
    story.publish(1, timedelta(0))
    story.publish(2, DAY)
    assert story.figures().published == 1


def test_period_begins_with_the_record_where_more_is_asked_for() -> None:
    story = Story()
    story.trade(1, 30 * HOUR, "1")
    story.trade(2, 60 * HOUR, "-0.5")
    asked_for_too_much = story.figures(start=-300 * DAY, length=310 * DAY)
    assert asked_for_too_much.start == MIDNIGHT + 30 * HOUR
    assert asked_for_too_much == story.figures(start=30 * HOUR, length=DAY * 10 - 30 * HOUR)
    assert story.figures(start=-2 * DAY).start == MIDNIGHT - 2 * DAY


def test_results_are_in_order_of_their_end() -> None:
    story = Story()
    first, second = story.publish(1, HOUR), story.publish(2, HOUR)
    story.end(second, SignalState.STOPPED, 5 * HOUR, "-1")
    story.end(first, SignalState.TP3, 4 * HOUR, "2")
    assert [result.signal_id for result in story.figures().results] == [1, 2]


def test_results_of_the_same_minute_are_in_order_of_their_ids() -> None:
    story = Story()
    first, second = story.publish(1, HOUR), story.publish(2, HOUR)
    story.end(second, SignalState.STOPPED, 4 * HOUR, "-1")
    story.end(first, SignalState.TP3, 4 * HOUR, "2")
    assert [result.signal_id for result in story.figures().results] == [1, 2]


def test_correction_takes_the_place_of_the_outcome() -> None:
    story = Story()
    signal = story.trade(1, HOUR, "2")
    story.correct(signal, SignalState.STOPPED, 3 * HOUR, "-1", restates=2)
    figures = story.figures()
    (result,) = figures.results
    assert (result.state, result.net_r) == (SignalState.STOPPED, Decimal(-1))
    assert (figures.corrections, figures.live) == (1, 0)


def test_newest_correction_counts_and_each_is_told() -> None:
    story = Story()
    signal = story.trade(1, HOUR, "2")
    story.correct(signal, SignalState.STOPPED, 3 * HOUR, "-1", restates=2)
    story.correct(signal, SignalState.EXPIRED, HOUR, "0", restates=3)
    figures = story.figures()
    assert (figures.results, figures.expired, figures.corrections) == ((), 1, 2)


def test_correction_counts_in_the_period_in_which_the_outcome_now_lies() -> None:
    story = Story()
    signal = story.trade(1, 22 * HOUR, "2")
    story.correct(signal, SignalState.STOPPED, 25 * HOUR, "-1", restates=2)
    today, tomorrow = story.figures(), story.figures(start=DAY)
    assert (today.corrections, len(today.results)) == (0, 0)
    assert (tomorrow.corrections, len(tomorrow.results)) == (1, 1)


def test_correction_before_its_outcome_is_refused() -> None:
    story = Story()
    signal = story.publish(1, HOUR)
    story.correct(signal, SignalState.STOPPED, 2 * HOUR, "-1", restates=1)
    with pytest.raises(InvalidDataError, match=r"entry 2 \(correction\).*#1.*no outcome yet"):
        story.figures()


def test_correction_of_something_else_than_what_stands_is_refused() -> None:
    story = Story()
    signal = story.trade(1, HOUR, "2")
    story.correct(signal, SignalState.STOPPED, 2 * HOUR, "-1", restates=1)
    with pytest.raises(InvalidDataError, match=r"entry 3 .*does not restate what stood"):
        story.figures()


@pytest.mark.parametrize("kind", [EntryKind.OUTCOME, EntryKind.CORRECTION])
def test_end_of_an_unknown_signal_is_refused(kind: EntryKind) -> None:
    story, elsewhere = Story(), Story()
    story.publish(1, HOUR)
    stranger = elsewhere.publish(2, HOUR)
    if kind is EntryKind.OUTCOME:
        story.end(stranger, SignalState.TP3, 2 * HOUR, "2")
    else:
        story.correct(stranger, SignalState.TP3, 2 * HOUR, "2", restates=1)
    with pytest.raises(InvalidDataError, match=r"entry 2 .*#2, unknown before it"):
        story.figures()


def test_second_outcome_of_a_signal_is_refused() -> None:
    story = Story()
    story.end(story.trade(1, HOUR, "2"), SignalState.STOPPED, 3 * HOUR, "-1")
    with pytest.raises(InvalidDataError, match=r"entry 3 .*once more"):
        story.figures()


def test_second_signal_of_an_id_is_refused() -> None:
    story = Story()
    story.publish(1, HOUR)
    story.publish(1, 2 * HOUR)
    with pytest.raises(InvalidDataError, match=r"entry 2 .*repeats"):
        story.figures()


def test_missing_entry_is_not_passed_over() -> None:
    story = Story()
    story.trade(1, HOUR, "1")
    story.trade(2, HOUR, "1")
    del story.entries[1]
    with pytest.raises(InvalidDataError, match=r"entry 3 .*does not follow entry 1"):
        story.figures()


def test_entry_of_another_chain_is_not_passed_over() -> None:
    story, other = Story(), Story()
    story.trade(1, HOUR, "1")
    other.trade(2, HOUR, "1")
    story.entries[1] = other.entries[1]
    with pytest.raises(InvalidDataError, match=r"entry 2 .*does not follow entry 1"):
        story.figures()


def test_unreadable_entry_is_not_passed_over() -> None:
    story = Story()
    story.publish(1, HOUR)
    story.entries[0] = replace(story.entries[0], body="nonsense")
    with pytest.raises(InvalidDataError, match="entry 1"):
        story.figures()


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        (EntryKind.SIGNAL, {"plan": {}}),
        (EntryKind.SIGNAL, {"published_at": "yesterday"}),
        (EntryKind.SIGNAL, {"direction": "up"}),
        (EntryKind.OUTCOME, {"net_r": "much"}),
        (EntryKind.OUTCOME, {"state": "triggered"}),
        (EntryKind.OUTCOME, {"ended_at": None}),
        (EntryKind.OUTCOME, {"triggered_at": None}),
    ],
)
def test_entry_that_makes_no_sense_is_named(kind: EntryKind, change: dict[str, object]) -> None:
    source, story = Story(), Story()
    source.trade(1, HOUR, "1")
    for entry in source.entries:
        content = dict(parse_content(entry))
        story.append(entry.kind, content | change if entry.kind is kind else content)
    with pytest.raises(InvalidDataError, match=rf"entry \d is no readable {kind}: "):
        story.figures()


def test_signal_without_risk_has_no_equity_to_measure_by() -> None:
    story = Story()
    signal = make_round_signal(signal_id=1)
    plan = replace(signal.plan, risk_percent=Decimal(0))
    story.append(EntryKind.SIGNAL, signal_content(replace(signal, plan=plan)))
    with pytest.raises(InvalidDataError, match="entry 1 is no readable signal"):
        story.figures()
