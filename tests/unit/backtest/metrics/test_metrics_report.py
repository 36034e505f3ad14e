"""The report as a whole: what it counts and says, without a trade, and as JSON."""

from dataclasses import replace

import msgspec
import pytest

from domain.evidence import LayerName
from domain.timeframes import Timeframe
from engine.backtest.metrics.values import BacktestReport, Estimate
from engine.backtest.values import BacktestParameters, PairCoverage, TestedStrategy
from tests.unit.backtest.metrics.metrics_story import (
    DAY,
    FIVE_TRADES,
    HOUR,
    START,
    make_backtest,
    make_expired,
    make_open,
    make_trade,
    report_of,
    report_on,
)

_UNKNOWN = Estimate(value=None, low=None, high=None)


def _coverage(symbol: str, finest: Timeframe) -> PairCoverage:
    return PairCoverage(
        symbol=symbol,
        decided=380,
        warming_up=1500,
        finest=finest,
        first=START - 20 * DAY,
        last=START + 4 * DAY,
        is_inferred=False,
    )


def test_what_became_of_every_signal_is_counted() -> None:
    signals = (*FIVE_TRADES, make_expired(6, 60 * HOUR), make_open(7, 95 * HOUR))

    counts = report_on(*signals).counts

    assert (counts.decided, counts.candidates) == (400, 9)
    assert (counts.published, counts.entered, counts.expired, counts.still_live) == (7, 5, 1, 1)
    assert counts.discards == {"score below the threshold": 380}
    assert counts.denials == {"heat": 2}


def test_a_row_tells_a_trade_from_decision_to_end() -> None:
    row = report_on(make_trade(1, "-1", HOUR, score=71.5)).trades[0]

    assert (row.symbol, row.pair) == ("SOLUSDT", "SOL/USDT")
    assert row.decided_at == START + HOUR * 55 / 60
    assert row.decided_at < row.published_at < row.entered_at == START + HOUR
    assert row.ended_at == START + 2 * HOUR
    assert (row.entry, row.stop, row.score, row.hold_minutes) == (100, 98, 71.5, 60)
    assert (row.notional_percent, row.equity_percent) == (50.0, -1.0)


def test_without_a_trade_nothing_is_known_and_nothing_is_0_that_is_not_a_sum() -> None:
    report = report_on(make_expired(1, HOUR))

    figures = report.figures
    assert (figures.trades, figures.total_r, figures.total_percent) == (0, 0.0, 0.0)
    assert figures.win_rate_percent == _UNKNOWN
    assert figures.expectancy_r is figures.profit_factor is figures.reward_to_risk is None
    assert figures.sharpe is figures.sortino is figures.calmar is None
    assert figures.mean_hold_minutes is figures.longest_losing_run is None
    assert figures.best is figures.worst is None
    assert report.drawdown is None
    assert report.costs.per_trade_r is report.costs.share_percent is None
    assert report.excursions.edge_ratio is None
    assert report.excursions.adverse_of_wins is None
    assert report.intervals.sharpe == report.intervals.expectancy_r == _UNKNOWN
    assert report.trades == ()
    assert not any(report.breakdowns.values())
    assert len(report.curve) == 1


def test_a_report_survives_json() -> None:
    backtest = make_backtest(
        (*FIVE_TRADES, make_expired(6, 60 * HOUR)),
        days=30,
        pairs=(_coverage("SOLUSDT", Timeframe.M5),),
        layers_missing=(LayerName.ONCHAIN,),
        warnings=("survivors only",),
    )
    report = report_of(backtest)

    text = msgspec.json.encode(report)

    assert b"NaN" not in text
    assert msgspec.json.decode(text, type=BacktestReport) == report


def test_the_same_seed_gives_the_same_report_and_another_only_other_intervals() -> None:
    trades = [make_trade(each, f"{each % 3 - 1}", (each - 1) * DAY) for each in range(1, 26)]
    backtest = make_backtest(trades, days=30)

    one, again, other = report_of(backtest), report_of(backtest), report_of(backtest, seed=2)

    assert one == again
    assert one.intervals != other.intervals
    assert replace(other, intervals=one.intervals) == one


def test_what_was_known_of_the_run_is_passed_on() -> None:
    backtest = make_backtest(
        FIVE_TRADES,
        pairs=(_coverage("SOLUSDT", Timeframe.M1),),
        layers_missing=(LayerName.ONCHAIN, LayerName.SENTIMENT),
        warnings=("survivors only",),
    )

    report = report_of(backtest)

    assert report.pairs == backtest.pairs
    assert report.layers_missing == backtest.layers_missing
    assert report.warnings == backtest.warnings
    assert (report.start, report.end, report.equity) == (START, START + 4 * DAY, 10_000.0)


@pytest.mark.parametrize(
    "said",
    [
        "Fees: 0.05 % of notional on the way in, 0.05 % on each way out.",
        "Slippage: half the spread (0.1 % where it is unknown) and 0.05 of ATR per side",
        "Published 3 s after a close, to be entered within 900 s of it",
        "an operator resumes 6.5 h after midnight UTC",
        "Sizes refer to 10,000 USDT throughout",
        "1 of 3 pairs are followed on 1m candles by the live rule",
        "2 of 3 pairs are followed on 5m candles by the careful rule",
        "a target in the candle of the entry only where the close proves it",
    ],
)
def test_what_was_assumed_is_said_with_its_numbers(said: str) -> None:
    backtest = make_backtest(
        FIVE_TRADES,
        strategy=TestedStrategy(assumed=BacktestParameters(resume_hours=6.5)),
        pairs=(
            _coverage("BTCUSDT", Timeframe.M5),
            _coverage("ETHUSDT", Timeframe.M1),
            _coverage("SOLUSDT", Timeframe.M5),
        ),
    )

    assert said in " ".join(report_of(backtest).assumptions)
