"""Correlations of pairs: which candles count, and when the answer is unknown."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from domain.errors import InvalidDataError
from domain.timeframes import Timeframe
from engine.correlations import CorrelationParameters, CorrelationState, correlate
from tests.unit.engine.candles_of_returns import AS_OF, LAST, WAVE, make_series

FEW = CorrelationParameters(returns=48, least_common_returns=12)
PAIR = ("AUSDT", "BUSDT")


def make_state(
    *returns: Sequence[float], parameters: CorrelationParameters = FEW
) -> CorrelationState:
    state = CorrelationState(parameters)
    for symbol, each in zip(PAIR, returns, strict=True):
        state.observe(symbol, make_series(each))
    return state


def between(state: CorrelationState, as_of: datetime = AS_OF) -> float | None:
    return state.correlations(as_of, PAIR).between(*PAIR)


def test_pairs_that_move_together_and_opposite() -> None:
    twice = [2 * each for each in WAVE]
    opposite = [-each for each in WAVE]
    assert between(make_state(WAVE, twice)) == pytest.approx(1.0)
    assert between(make_state(WAVE, opposite)) == pytest.approx(-1.0)
    assert make_state(WAVE, twice).correlations(AS_OF, PAIR).as_of == AS_OF


def test_only_the_newest_returns_count() -> None:
    turned = [*(-each for each in WAVE[:12]), *WAVE[12:]]
    assert between(make_state(WAVE, turned)) == pytest.approx(1.0)
    longer = CorrelationParameters(returns=60, least_common_returns=12)
    state = make_state(WAVE, turned, parameters=longer)
    assert between(state) != pytest.approx(1.0)


@pytest.mark.parametrize(("common", "is_known"), [(12, True), (11, False)])
def test_too_few_common_returns_are_unknown(common: int, is_known: bool) -> None:
    assert (between(make_state(WAVE, WAVE[:common])) is not None) is is_known


def test_returns_are_matched_by_their_hour() -> None:
    state = CorrelationState(FEW)
    state.observe(PAIR[0], make_series(WAVE))
    state.observe(PAIR[1], make_series(WAVE, LAST - 1))
    value = between(state)
    assert value is not None
    assert value < 0.9


@pytest.mark.parametrize(("before", "after", "is_known"), [(30, 28, True), (6, 5, False)])
def test_returns_into_and_out_of_a_hole_count_for_nobody(
    before: int, after: int, is_known: bool
) -> None:
    state = CorrelationState(FEW)
    state.observe(PAIR[0], make_series(WAVE))
    state.observe(PAIR[1], make_series(WAVE[-after - 2 - before : -after - 2], LAST - after - 2))
    state.observe(PAIR[1], make_series(WAVE[-after:]))
    assert between(state) == (pytest.approx(1.0) if is_known else None)


@pytest.mark.parametrize("steady", [0.0, 0.001])
def test_pair_without_variation_is_unknown(steady: float) -> None:
    assert between(make_state(WAVE, [steady] * 60)) is None


def test_pair_never_observed_is_unknown() -> None:
    state = CorrelationState(FEW)
    assert state.correlations(AS_OF, PAIR).values == {}
    state.observe(PAIR[0], make_series(WAVE))
    assert between(state) is None


def test_candles_of_another_timeframe_are_refused() -> None:
    state = CorrelationState(FEW)
    with pytest.raises(InvalidDataError, match="1h candles, not of 5m"):
        state.observe("AUSDT", make_series(WAVE, timeframe=Timeframe.M5))


def test_answer_changes_with_a_new_candle_and_with_the_hour() -> None:
    state = make_state(WAVE, WAVE[:-1])
    before = between(state)
    state.observe(PAIR[1], make_series(WAVE))
    assert between(state) != before
    later = AS_OF + timedelta(hours=40)
    assert between(state, later) is None
    assert between(state) == pytest.approx(1.0)


def test_missing_is_the_window_first_and_then_what_has_closed_since() -> None:
    state = CorrelationState(FEW)
    assert state.missing("AUSDT", AS_OF) == (LAST - 48, 49)
    state.observe("AUSDT", make_series(WAVE))
    assert state.missing("AUSDT", AS_OF) is None
    assert state.missing("AUSDT", AS_OF + timedelta(minutes=59)) is None
    assert state.missing("AUSDT", AS_OF + timedelta(hours=2)) == (LAST + 1, 2)
    far = AS_OF + timedelta(hours=100)
    assert state.missing("AUSDT", far) == (LAST + 52, 49)


def test_forgotten_pairs_are_missing_again_and_old_candles_change_nothing() -> None:
    state = make_state(WAVE, [each + n % 3 / 500 for n, each in enumerate(WAVE)])
    before = between(state)
    state.keep_only(PAIR, AS_OF)
    assert between(state) == before
    state.keep_only(PAIR[:1], AS_OF)
    assert between(state) is None
    assert state.missing(PAIR[1], AS_OF) == (LAST - 48, 49)
    state.keep_only(PAIR, AS_OF + timedelta(hours=49))
    assert state.missing(PAIR[0], AS_OF) == (LAST - 48, 49)


def test_two_series_are_compared_without_a_state() -> None:
    one, other = (make_series(WAVE, timeframe=Timeframe.M5) for _ in range(2))
    assert correlate(one, other, returns=48, least=12) == pytest.approx(1.0)
    assert correlate(one, other, returns=48, least=49) is None
    with pytest.raises(InvalidDataError, match="5m candles do not compare with 1h"):
        correlate(one, make_series(WAVE), returns=48, least=12)


def test_thresholds_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="least_common_returns"):
        CorrelationParameters(returns=24, least_common_returns=25)
