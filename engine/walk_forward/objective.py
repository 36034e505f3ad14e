"""What a trial is judged by: how surely its days earn something, not how much its best ones did."""

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from engine.statistics.values import TradeResult
from engine.walk_forward.daily import daily_r, sharpe_of
from engine.walk_forward.values import TrialOutcome

UNTRADED: Final = -1_000_000.0
"""Score of a trial without a trade: far below any other, a finite number for every sampler."""

REFUSED: Final = TrialOutcome(score=UNTRADED - 1.0, trades=0, sharpe=None)
"""Outcome of values that the parameters refuse together: below every trial that was made."""


def judge_trial(
    results: Sequence[TradeResult], start: datetime, end: datetime, least_trades: int
) -> TrialOutcome:
    """The outcome of a trial over closes in [start, end).

    The score is the t statistic of net R per day: mean / deviation * sqrt(days). It rises with the
    expectancy and with the number of days that bear it out, and falls with their spread, so that
    few lucky trades don't win. Days and not trades, because trades of one day fall and rise
    together. It ranks as the Sharpe ratio does, which is what the deflation afterwards is about.

    With fewer than `least_trades`, or without variation, a trial is below all that have enough,
    and the fewer trades the lower, so that a search finds its way out.
    """
    series = daily_r(results, start, end)
    sharpe = sharpe_of(series)
    if sharpe is None or len(results) < least_trades:
        return TrialOutcome(score=UNTRADED + len(results), trades=len(results), sharpe=sharpe)
    score = sharpe * math.sqrt(len(series))
    return TrialOutcome(score=score, trades=len(results), sharpe=sharpe)


def was_refused(outcome: TrialOutcome) -> bool:
    """Whether the values were never tried, on whichever machine."""
    return outcome.score <= REFUSED.score


def has_enough(outcome: TrialOutcome, least_trades: int) -> bool:
    """Whether a trial can be compared at all."""
    return outcome.sharpe is not None and outcome.trades >= least_trades
