"""The figures of any ledger are those that a patient reader would work out by hand."""

from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.signals import SignalState
from engine.statistics import (
    StatisticsParameters,
    break_down,
    calibrate,
    equity_curve,
    histogram,
    rate,
    read_record,
    statistics_of,
)
from engine.statistics.values import Dimension
from tests.unit.engine.statistics_by_hand import (
    HandTrade,
    agrees,
    check_performance,
    last_ends,
    trades_of,
)
from tests.unit.engine.statistics_lives import SPAN_DAYS, Life, lives, orders, write
from tests.unit.engine.statistics_story import DAY, MIDNIGHT

BEYOND = SPAN_DAYS + 2
PERIODS = st.lists(st.integers(0, BEYOND * 24 * 60), min_size=2, max_size=2, unique=True).map(
    lambda ends: [MIDNIGHT + timedelta(minutes=minute) for minute in sorted(ends)]
)
ALL_TIME = (MIDNIGHT - 30 * DAY, MIDNIGHT + BEYOND * DAY)
MOMENT = timedelta(microseconds=1)


@settings(max_examples=60, deadline=None)
@given(st.data(), lives(), PERIODS)
def test_every_figure_is_as_worked_out_by_hand(
    data: st.DataObject, told: list[Life], period: list[datetime]
) -> None:
    start, end = period
    story = write(told, data.draw(orders(told)))
    figures = story.between(start, end)
    published = [life for life in told if start <= life.signal.published_at < end]
    ended = last_ends(told, start, end)
    states = Counter(each.state for _, each in ended)
    assert figures.published == len(published)
    assert figures.live == sum(not life.ends for life in published)
    assert figures.expired == states[SignalState.EXPIRED]
    assert figures.cancelled == states[SignalState.CANCELLED]
    assert figures.invalidated == states[SignalState.INVALIDATED]
    assert figures.corrections == sum(len(life.ends) - 1 for life, _ in ended)
    trades = trades_of(told, start, end)
    assert [result.signal_id for result in figures.results] == [each.signal.id for each in trades]
    first = min((life.signal.published_at for life in told), default=start)
    assert figures.start == (max(start, first) if first < end else start)
    check_performance(figures.performance, trades, figures.start, end)


def labels(trade: HandTrade) -> dict[Dimension, set[str]]:
    signal = trade.signal
    return {
        Dimension.PAIR: {f"{signal.instrument.base}/{signal.instrument.quote}"},
        Dimension.TIER: {str(signal.decision.tier)},
        Dimension.DIRECTION: {signal.plan.direction.value},
        Dimension.HOUR: {signal.published_at.strftime("%H")},
        Dimension.REGIME: {signal.decision.regime.value},
        Dimension.LAYER: {
            layer.value for layer, support in trade.life.supports.items() if support > 55
        },
    }


@settings(max_examples=30, deadline=None)
@given(st.data(), lives(), st.sampled_from(Dimension))
def test_breakdown_is_as_worked_out_by_hand(
    data: st.DataObject, told: list[Life], dimension: Dimension
) -> None:
    figures = write(told, data.draw(orders(told))).between(*ALL_TIME)
    trades = trades_of(told, *ALL_TIME)
    found = break_down(figures, dimension)
    expected = {label for trade in trades for label in labels(trade)[dimension]}
    assert {group.label for group in found.groups} == expected
    assert len(found.groups) == len(expected)
    for group in found.groups:
        members = [trade for trade in trades if group.label in labels(trade)[dimension]]
        check_performance(group.performance, members, figures.start, figures.end)
    if dimension is Dimension.HOUR:
        assert [group.label for group in found.groups] == sorted(expected)
    else:
        sizes = [group.performance.wins.of for group in found.groups]
        assert sizes == sorted(sizes, reverse=True)


@settings(max_examples=30, deadline=None)
@given(st.data(), lives(), st.integers(1, 50), st.integers(50, 95))
def test_calibration_holds_each_trade_in_the_band_of_its_score(
    data: st.DataObject, told: list[Life], width: int, lowest: int
) -> None:
    figures = write(told, data.draw(orders(told))).between(*ALL_TIME)
    trades = trades_of(told, *ALL_TIME)
    parameters = StatisticsParameters(calibration_lowest_score=lowest, calibration_band_width=width)
    bands = calibrate(figures.results, parameters)
    assert sum(band.reached_target.of for band in bands) == len(trades)
    assert bands[-1].high == 100
    for band, following in pairwise(bands):
        assert band.high == following.low == band.low + width
    for band in bands:
        members = [
            trade
            for trade in trades
            if band.low <= trade.signal.decision.score < band.high
            or band.high == trade.signal.decision.score == 100
        ]
        assert band.reached_target.of == len(members)
        assert band.reached_target.count == sum(each.has_reached_target for each in members)
        mean = sum(trade.r for trade in members) / max(len(members), 1)
        agrees(band.mean_r, mean, is_known=bool(members))


@settings(max_examples=30, deadline=None)
@given(st.data(), lives(), st.sampled_from([0.1, 0.25, 0.3, 0.5, 1.0]))
def test_histogram_and_curve_are_as_worked_out_by_hand(
    data: st.DataObject, told: list[Life], width: float
) -> None:
    figures = write(told, data.draw(orders(told))).between(*ALL_TIME)
    trades = trades_of(told, *ALL_TIME)
    bins = histogram(figures.results, StatisticsParameters(histogram_bin_width_r=width))
    assert (bins[0].low, bins[-1].high) == (None, None)
    assert bins[0].high == Decimal("-2.5")
    assert bins[-1].low is not None
    assert Decimal("4.5") <= bins[-1].low < Decimal("4.5") + Decimal(str(width))
    for each, following in pairwise(bins):
        assert each.high == following.low
    for each in bins:
        low = -1000 if each.low is None else each.low
        high = 1000 if each.high is None else each.high
        assert each.count == sum(low < trade.r <= high for trade in trades)
    for number, point in enumerate(equity_curve(figures.results), 1):
        assert point.at == trades[number - 1].ended_at
        assert Fraction(point.total_r) == sum(trade.r for trade in trades[:number])
        assert Fraction(point.total_percent) == sum(trade.percent for trade in trades[:number])


@settings(max_examples=40, deadline=None)
@given(st.data(), lives(), PERIODS, st.integers(0, BEYOND))
def test_period_split_at_a_midnight_adds_up(
    data: st.DataObject, told: list[Life], period: list[datetime], day: int
) -> None:
    start, end = period
    middle = min(max(MIDNIGHT + day * DAY, start), end)
    record = read_record(write(told, data.draw(orders(told))).entries)
    whole = statistics_of(record, start, end)
    parts = statistics_of(record, start, middle), statistics_of(record, middle, end)
    for figure in ("published", "live", "expired", "cancelled", "invalidated", "corrections"):
        assert getattr(whole, figure) == sum(getattr(part, figure) for part in parts)
    assert whole.results == parts[0].results + parts[1].results
    for figure in ("total_r", "total_percent"):
        assert getattr(whole.performance, figure) == sum(
            getattr(part.performance, figure) for part in parts
        )


@settings(max_examples=30, deadline=None)
@given(st.data(), lives(), PERIODS)
def test_order_of_different_signals_in_the_ledger_does_not_matter(
    data: st.DataObject, told: list[Life], period: list[datetime]
) -> None:
    one, other = (write(told, data.draw(orders(told))) for _ in range(2))
    assert one.between(*period) == other.between(*period)


@settings(max_examples=30, deadline=None)
@given(st.data(), lives())
def test_nothing_published_is_left_out(data: st.DataObject, told: list[Life]) -> None:
    figures = write(told, data.draw(orders(told))).between(*ALL_TIME)
    ended = len(figures.results) + figures.expired + figures.cancelled
    assert figures.published == len(told) == figures.live + ended


@settings(max_examples=30, deadline=None)
@given(st.data(), lives(), st.integers(0, 60))
def test_record_read_in_two_parts_is_the_record(
    data: st.DataObject, told: list[Life], place: int
) -> None:
    entries = write(told, data.draw(orders(told))).entries
    assert read_record(entries[place:], after=read_record(entries[:place])) == read_record(entries)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_interval_holds_the_share_and_ends_where_it_is_just_not_refuted(one: int, two: int) -> None:
    count, of = sorted((one, two))
    found = rate(count, of)
    if of == 0:
        assert found.percent is found.low_percent is found.high_percent is None
        return
    share, z = count / of, 1.959963984540054
    assert found.low_percent is not None
    assert found.high_percent is not None
    low, high = found.low_percent / 100, found.high_percent / 100
    assert 0 <= low <= share <= high <= 1
    for bound in (low, high):
        distance, expected = (share - bound) ** 2, z**2 * bound * (1 - bound) / of
        assert abs(distance - expected) < 1e-12 or bound in (0, 1)
