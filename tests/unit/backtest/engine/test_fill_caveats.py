"""What a reader is told of pairs that are followed on candles coarser than a minute."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from domain.timeframes import Timeframe
from engine.backtest.caveats import warnings_of
from engine.backtest.observations import NOTHING_OBSERVED
from engine.backtest.values import PairHistory
from engine.issue import IssueParameters
from tests.unit.backtest.engine.walks import BLOCK_BEGINS, make_histories, make_strategy

END = BLOCK_BEGINS + timedelta(hours=2)


def told_of(histories: Mapping[str, PairHistory], window_seconds: float = 900.0) -> list[str]:
    issuing = IssueParameters(entry_window_seconds=window_seconds)
    strategy = replace(make_strategy(), issuing=issuing)
    return list(warnings_of(histories, strategy, NOTHING_OBSERVED, ()))


def coarse_fills_told(histories: Mapping[str, PairHistory]) -> list[str]:
    return [each for each in told_of(histories) if each.startswith("Coarse fills")]


def test_coarse_fills_are_told_without_claiming_that_there_is_no_finer_candle() -> None:
    whole = make_histories(("AAA", "BBB"), BLOCK_BEGINS, END, seed=7)
    coarser = {symbol: replace(each, finest=Timeframe.M5) for symbol, each in whole.items()}
    (told,) = coarse_fills_told(whole | {"AAAUSDT": coarser["AAAUSDT"]})
    assert told.startswith(
        "Coarse fills: AAAUSDT are not followed on 1m candles, which do not cover the span and its "
        "warm-up without a gap, or are not what was asked for."
    )
    assert coarse_fills_told(whole) == []


def test_hours_are_told_to_leave_no_signal_or_only_those_of_full_hours() -> None:
    (history,) = make_histories(("AAA",), BLOCK_BEGINS, END, seed=7).values()
    hours = {"AAAUSDT": replace(history, finest=Timeframe.H1)}
    never, some = "none of their signals", "Only signals that are decided on at a full hour"
    assert [each for each in told_of(hours) if never in each]
    assert not [each for each in told_of(hours) if each.startswith(some)]
    assert not [each for each in told_of(hours, 3600.0) if never in each]
    (told,) = (each for each in told_of(hours, 3600.0) if each.startswith(some))
    assert told == f"{some} can be entered on the candles of AAAUSDT."
