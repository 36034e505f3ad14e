"""Cuts a span of days into rolling windows of train and test, purged and with an embargo."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import count

from domain.errors import InvalidDataError
from domain.lifecycle import LifecycleParameters
from domain.timeframes import Timeframe
from engine.issue import IssueParameters
from engine.walk_forward.parameters import WalkForwardParameters
from engine.walk_forward.values import Window

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


def longest_life(issuing: IssueParameters, lifecycle: LifecycleParameters) -> timedelta:
    """From the close decided on to the latest end that a signal can have.

    Its entry window, its hold, and a candle: a hold is counted in whole ones.
    """
    return issuing.entry_window + lifecycle.maximum_hold + Timeframe.M15.length


def windows_of(
    start: datetime, end: datetime, parameters: WalkForwardParameters, life: timedelta
) -> tuple[Window, ...]:
    """All windows that fit into the closes of [start, end), oldest first; only whole UTC days.

    Signals of the train closes end before the train days do: closes of the last `life` (or
    `purge_hours`, where that is more) are left out, so that no trade reaches into the embargo or
    the test. Source: M. López de Prado, "Advances in Financial Machine Learning" (2018), 7.4.
    Raises `InvalidDataError` where not even one window fits, or nothing is left to train on.
    """
    first, last = _midnight_from(start), _midnight_up_to(end)
    purged = max(life, timedelta(hours=parameters.purge_hours))
    if purged >= parameters.train_days * _DAY:
        raise InvalidDataError(_all_purged(purged, parameters))
    found = tuple(_windows(first, last, parameters, purged))
    if not found:
        raise InvalidDataError(_too_short(first, last, parameters))
    return found


def followed_windows(
    windows: Sequence[Window], candles_end: datetime, life: timedelta
) -> tuple[Window, ...]:
    """The windows, without test closes whose trades could outlive the candles.

    A trade that is still open where the candles end has no result: left in, the last hours would
    count the trades that ended early, and lose those that ran on. Raises `InvalidDataError` where
    no test is left.
    """
    last = candles_end - life
    found = tuple(
        replace(each, test_end=min(each.test_end, last))
        for each in windows
        if each.test_start < last
    )
    if not found:
        raise InvalidDataError(
            f"the history is too short for one window: a signal may live {life}, and the candles "
            "end before the first signal of a test surely does. Download more days, or set fewer "
            "of them (--train-days, --test-days)"
        )
    return found


def _windows(
    first: datetime, last: datetime, parameters: WalkForwardParameters, purged: timedelta
) -> Iterator[Window]:
    for number in count():
        train_start = first + number * parameters.step_days * _DAY
        train_over = train_start + parameters.train_days * _DAY
        test_start = train_over + parameters.embargo_days * _DAY
        test_end = test_start + parameters.test_days * _DAY
        if test_end > last:
            return
        yield Window(
            number=number + 1,
            train_start=train_start,
            train_end=train_over - purged,
            test_start=test_start,
            test_end=test_end,
        )


def _midnight_from(at: datetime) -> datetime:
    midnight = _midnight_up_to(at)
    return midnight if midnight == at else midnight + _DAY


def _midnight_up_to(at: datetime) -> datetime:
    return datetime.combine(at.astimezone(UTC).date(), time(0), UTC)


def _all_purged(purged: timedelta, parameters: WalkForwardParameters) -> str:
    return (
        f"the purge takes {purged / _HOUR:g} of the {parameters.train_days * 24} hours to train "
        "on, and nothing is left: set more days to train (--train-days), or a lower "
        "walk_forward.purge_hours"
    )


def _too_short(first: datetime, last: datetime, parameters: WalkForwardParameters) -> str:
    there = max(0, (last - first) // _DAY)
    needed = parameters.train_days + parameters.embargo_days + parameters.test_days
    return (
        f"the history is too short for one window: after its warm-up it has {there} whole days, "
        f"and {needed} are needed ({parameters.train_days} to train, {parameters.embargo_days} of "
        f"embargo, {parameters.test_days} to test). Download more days, or set fewer of them "
        "(--train-days, --test-days)"
    )
