"""From what a backtest left behind to everything that is told of it."""

from collections.abc import Mapping

from engine.backtest.metrics.assumptions import assumptions_of
from engine.backtest.metrics.bootstrap import Generator
from engine.backtest.metrics.costs import sum_costs
from engine.backtest.metrics.curve import curve_of
from engine.backtest.metrics.daily_totals import daily_totals
from engine.backtest.metrics.drawdown import drawdown_of
from engine.backtest.metrics.excursions import excursions_of
from engine.backtest.metrics.exposure import exposure_of
from engine.backtest.metrics.figures import figures_of
from engine.backtest.metrics.fingerprints import fingerprint, fingerprint_run
from engine.backtest.metrics.groups import groups_of
from engine.backtest.metrics.intervals import intervals_of
from engine.backtest.metrics.months import months_of
from engine.backtest.metrics.parameters import ReportParameters
from engine.backtest.metrics.period import Period
from engine.backtest.metrics.trades import trade_rows
from engine.backtest.metrics.values import BacktestReport, Counts
from engine.backtest.values import BacktestResult
from engine.statistics import StatisticsParameters


def measure(
    result: BacktestResult,
    *,
    generator: Generator,
    data: Mapping[str, str],
    parameters: ReportParameters,
    tables: StatisticsParameters,
) -> BacktestReport:
    """All figures of a backtest.

    `generator` draws the confidence intervals: the same seed gives the same report. `data` are
    digests of the candles by name, which go into the fingerprint of the run.
    """
    period = Period(start=result.start, end=result.end)
    results = result.statistics.results
    trades = trade_rows(result)
    curve = curve_of(results, period.start)
    figures, drawdown = figures_of(results, trades, period), drawdown_of(curve, period)
    totals = daily_totals(trades, period.start.date(), period.days)
    return BacktestReport(
        strategy=fingerprint(result.strategy),
        run=fingerprint_run(result.strategy, result.start, result.end, data),
        start=result.start,
        end=result.end,
        equity=float(result.equity),
        figures=figures,
        drawdown=drawdown,
        intervals=intervals_of(figures, drawdown, totals, parameters, generator),
        months=months_of(results, period),
        curve=curve,
        exposure=exposure_of(result.signals, period, result.equity),
        costs=sum_costs(trades),
        excursions=excursions_of(trades),
        breakdowns=groups_of(result.statistics, tables),
        counts=_counts(result),
        pairs=result.pairs,
        layers_missing=result.layers_missing,
        assumptions=assumptions_of(result),
        warnings=result.warnings,
        trades=trades,
    )


def _counts(result: BacktestResult) -> Counts:
    statistics = result.statistics
    return Counts(
        decided=result.decided,
        candidates=result.candidates,
        published=statistics.published,
        entered=len(statistics.results),
        expired=statistics.expired,
        cancelled=statistics.cancelled,
        invalidated=statistics.invalidated,
        still_live=statistics.live,
        discards=dict(result.discards),
        denials=dict(result.denials),
    )
