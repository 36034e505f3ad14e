"""Reports of backtests for tests: a lively one of four months, one with few trades, one with none.

The figures agree with each other as far as a reader can check by eye; `engine.backtest.metrics` has
its own tests.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import fmean, quantiles

from domain.decisions import Tier
from domain.directions import Direction
from domain.evidence import LayerName
from domain.market_regime import Regime
from domain.signals import SignalState
from domain.timeframes import Timeframe
from engine.backtest.metrics.values import (
    BacktestReport,
    Costs,
    Counts,
    CurvePoint,
    Drawdown,
    Estimate,
    Excursions,
    Exposure,
    Figures,
    GroupRow,
    Intervals,
    Month,
    Quartiles,
    TradeRow,
)
from engine.backtest.values import PairCoverage

START = datetime(2025, 7, 8, tzinfo=UTC)
END = datetime(2025, 10, 18, tzinfo=UTC)
PERCENT_PER_R = 0.5
FILLS = (
    "Signals are followed on 5m candles: an entry counts where price trades through it, a stop "
    "wherever it is touched, a target in the candle of the entry only where the close proves it."
)
NOTHING = Estimate(value=None, low=None, high=None)

_COURSE = (-1.12, 2.31, 0.48, -1.07, -1.12, 1.43, 0.62, -1.05, 1.37, -1.31, -0.04)
_PAIRS = ("BTC/USDT", "ETH/USDT", "SOL/USDT", "1000PEPE/USDT", "DOGE/USDT")
_REGIMES = (Regime.RISK_ON, Regime.CHOPPY, Regime.RISK_OFF)


def make_trade(number: int = 1, net_r: float = 0.48, *, pair: str = "BTC/USDT") -> TradeRow:
    ended = START + timedelta(hours=5 * number)
    state = SignalState.TP3 if net_r > 1.5 else SignalState.TRAILED
    return TradeRow(
        signal_id=number,
        symbol=pair.replace("/", ""),
        pair=pair,
        direction=Direction.SHORT if number % 3 == 0 else Direction.LONG,
        state=state if net_r > 0 else SignalState.STOPPED,
        decided_at=ended - timedelta(minutes=105),
        published_at=ended - timedelta(minutes=105) + timedelta(seconds=3),
        entered_at=ended - timedelta(minutes=90 + number % 12),
        ended_at=ended,
        entry=64210.5,
        stop=63890.0,
        score=70.0 + number % 25,
        tier=Tier.HIGH if number % 4 == 0 else Tier.MEDIUM,
        regime=_REGIMES[number % 3],
        net_r=net_r,
        gross_r=net_r + 0.15,
        costs_r=0.15,
        fees_r=0.09,
        slippage_r=0.055,
        funding_r=0.005,
        equity_percent=net_r * PERCENT_PER_R,
        notional_percent=100.0,
        hold_minutes=90.0 + number % 12,
        adverse_r=0.1 + number * 7 % 10 / 10 if net_r > 0 else 1.0 + number % 4 / 20,
        favourable_r=net_r + 0.2 + number % 5 / 10 if net_r > 0 else number * 3 % 11 / 10,
    )


def make_trades(number: int = 440) -> tuple[TradeRow, ...]:
    """Trades of the whole period, a few a day."""
    return tuple(
        make_trade(
            position + 1,
            _COURSE[position * position * 7 % 9973 % len(_COURSE)],
            pair=_PAIRS[position % len(_PAIRS)],
        )
        for position in range(number)
    )


def make_point(at: datetime, total: float = 0.0, fall: float = 0.0) -> CurvePoint:
    """The course after a trade, in R."""
    return CurvePoint(
        at=at,
        total_r=total,
        total_percent=total * PERCENT_PER_R,
        compounded_percent=total * PERCENT_PER_R,
        drawdown_r=fall,
        drawdown_percent=fall * PERCENT_PER_R,
    )


def make_report(
    trades: tuple[TradeRow, ...] | None = None,
    *,
    expectancy: Estimate | None = None,
    warnings: tuple[str, ...] = ("1 of 5 pairs was delisted since: survivorship is not removed.",),
) -> BacktestReport:
    trades = make_trades() if trades is None else trades
    return BacktestReport(
        strategy="7c1f9ae04b52",
        run="e03d5512aa90",
        start=START,
        end=END,
        equity=10_000.0,
        figures=_figures(trades),
        drawdown=_drawdown() if trades else None,
        intervals=_intervals(trades, expectancy),
        months=_months(trades),
        curve=_curve(trades),
        exposure=_exposure(),
        costs=_costs(trades),
        excursions=_excursions(trades),
        breakdowns=_breakdowns(trades),
        counts=_counts(len(trades)),
        pairs=_pairs(),
        layers_missing=(LayerName.ONCHAIN, LayerName.SENTIMENT),
        assumptions=(
            FILLS,
            "Signals count as published 3 s after the close.",
        ),
        warnings=warnings,
        trades=trades,
    )


def make_report_of_few() -> BacktestReport:
    """Too few trades to judge, without the intervals that need more days."""
    report = make_report(make_trades(9), warnings=())
    unknown = replace(report.intervals, sharpe=NOTHING, expectancy_r=NOTHING)
    return replace(report, intervals=unknown)


def make_report_of_none() -> BacktestReport:
    return make_report((), warnings=("Layers without data leave too little coverage.",))


def _figures(trades: tuple[TradeRow, ...]) -> Figures:
    won = [trade.net_r for trade in trades if trade.net_r > 0]
    lost = [-trade.net_r for trade in trades if trade.net_r <= 0]
    total = sum((trade.net_r for trade in trades), 0.0)
    ranked = sorted(trades, key=lambda trade: trade.net_r)
    return Figures(
        days=102,
        trades=len(trades),
        wins=len(won),
        losses=len(lost),
        win_rate_percent=_rate(len(won), len(trades)),
        reward_to_risk=fmean(won) / fmean(lost) if won and lost else None,
        expectancy_r=total / len(trades) if trades else None,
        profit_factor=sum(won) / sum(lost) if lost else None,
        total_r=total,
        total_percent=total * PERCENT_PER_R,
        compounded_percent=((1 + total * PERCENT_PER_R / 100 / 440) ** 440 - 1) * 100,
        sharpe=0.71 if trades else None,
        sortino=1.02 if trades else None,
        calmar=0.88 if trades else None,
        mean_hold_minutes=fmean(trade.hold_minutes for trade in trades) if trades else None,
        longest_losing_run=6 if trades else None,
        best=ranked[-1] if ranked else None,
        worst=ranked[0] if ranked else None,
    )


def _rate(wins: int, trades: int) -> Estimate:
    if not trades:
        return NOTHING
    share = wins / trades * 100
    reach = 98 * (share / 100 * (1 - share / 100) / trades + 1 / trades**2) ** 0.5 * 2
    return Estimate(value=share, low=max(0.0, share - reach), high=min(100.0, share + reach))


def _intervals(trades: tuple[TradeRow, ...], expectancy: Estimate | None) -> Intervals:
    figures = _figures(trades)
    mean, factor = figures.expectancy_r, figures.profit_factor
    drawn = NOTHING
    if mean is not None:
        drawn = Estimate(value=mean, low=mean - 0.14, high=mean + 0.13)
    return Intervals(
        draws=2000,
        block_days=5.0,
        confidence_percent=95.0,
        win_rate_percent=figures.win_rate_percent,
        expectancy_r=expectancy or drawn,
        profit_factor=Estimate(value=factor, low=0.82, high=None) if factor else NOTHING,
        sharpe=Estimate(value=0.71, low=-1.3, high=2.6) if trades else NOTHING,
        drawdown_percent=Estimate(value=9.7, low=6.1, high=21.4) if trades else NOTHING,
    )


def _drawdown() -> Drawdown:
    return Drawdown(
        percent=9.7,
        r=19.4,
        compounded_percent=9.3,
        began_at=datetime(2025, 8, 2, 5, tzinfo=UTC),
        lowest_at=datetime(2025, 8, 19, 15, tzinfo=UTC),
        recovered_at=None,
        days=77.0,
        longest_days=77.0,
    )


def _months(trades: tuple[TradeRow, ...]) -> tuple[Month, ...]:
    return tuple(
        _month(name, [trade for trade in trades if f"{trade.ended_at:%Y-%m}" == name])
        for name in ("2025-07", "2025-08", "2025-09", "2025-10")
    )


def _month(name: str, trades: list[TradeRow]) -> Month:
    wins = sum(trade.net_r > 0 for trade in trades)
    total = sum((trade.net_r for trade in trades), 0.0)
    return Month(
        month=name,
        trades=len(trades),
        wins=wins,
        win_rate_percent=wins / len(trades) * 100 if trades else None,
        total_r=total,
        total_percent=total * PERCENT_PER_R,
    )


def _curve(trades: tuple[TradeRow, ...]) -> tuple[CurvePoint, ...]:
    points = [make_point(START)]
    total = highest = 0.0
    for trade in trades:
        total += trade.net_r
        highest = max(highest, total)
        points.append(make_point(trade.ended_at, total, highest - total))
    return tuple(points)


def _exposure() -> Exposure:
    return Exposure(
        time_percent=38.2,
        mean_open=0.71,
        highest_open=5,
        mean_notional_percent=52.0,
        highest_notional_percent=410.0,
        turnover_percent=640.0,
    )


def _costs(trades: tuple[TradeRow, ...]) -> Costs:
    total = 0.15 * len(trades)
    net = sum((trade.net_r for trade in trades), 0.0)
    profit = sum(trade.gross_r for trade in trades if trade.gross_r > 0)
    return Costs(
        gross_r=net + total,
        total_r=total,
        fees_r=total * 0.6,
        slippage_r=total * 0.36,
        funding_r=total * 0.04,
        total_percent=total * PERCENT_PER_R,
        per_trade_r=0.15 if trades else None,
        share_percent=total / profit * 100 if profit else None,
    )


def _excursions(trades: tuple[TradeRow, ...]) -> Excursions:
    won = [trade for trade in trades if trade.net_r > 0]
    lost = [trade for trade in trades if trade.net_r <= 0]
    return Excursions(
        adverse_of_wins=_quartiles([trade.adverse_r or 0.0 for trade in won]),
        adverse_of_losses=_quartiles([trade.adverse_r or 0.0 for trade in lost]),
        favourable_of_wins=_quartiles([trade.favourable_r or 0.0 for trade in won]),
        favourable_of_losses=_quartiles([trade.favourable_r or 0.0 for trade in lost]),
        edge_ratio=1.31 if trades else None,
        hold_minutes_of_wins=_quartiles([trade.hold_minutes for trade in won]),
        hold_minutes_of_losses=_quartiles([trade.hold_minutes for trade in lost]),
    )


def _quartiles(values: list[float]) -> Quartiles | None:
    if len(values) < 2:
        return None
    lower, median, upper = quantiles(values, method="inclusive")
    return Quartiles(
        count=len(values),
        lowest=min(values),
        lower=lower,
        median=median,
        upper=upper,
        highest=max(values),
        mean=fmean(values),
    )


def _breakdowns(trades: tuple[TradeRow, ...]) -> dict[str, tuple[GroupRow, ...]]:
    labels = {
        "regime": [trade.regime.value for trade in trades],
        "tier": [trade.tier.value for trade in trades],
        "hour": [f"{trade.published_at:%H}" for trade in trades],
        "direction": [trade.direction.value for trade in trades],
        "pair": [trade.pair for trade in trades],
        "state": [trade.state.value for trade in trades],
    }
    return {kind: _groups(trades, each) for kind, each in labels.items()}


def _groups(trades: tuple[TradeRow, ...], labels: list[str]) -> tuple[GroupRow, ...]:
    pairs = list(zip(trades, labels, strict=True))
    return tuple(
        _group(label, [trade.net_r for trade, each in pairs if each == label])
        for label in sorted(set(labels))
    )


def _group(label: str, results: list[float]) -> GroupRow:
    return GroupRow(
        label=label,
        trades=len(results),
        win_rate_percent=_rate(sum(result > 0 for result in results), len(results)),
        mean_r=fmean(results),
        total_r=sum(results),
        is_thin=len(results) < 30,
    )


def _counts(trades: int) -> Counts:
    return Counts(
        decided=306_912,
        candidates=2_841,
        published=trades + 75,
        entered=trades,
        expired=62,
        cancelled=8,
        invalidated=1,
        still_live=4,
        discards={
            "no direction": 214_005,
            "score below the threshold": 88_120,
            "low_coverage": 412,
        },
        denials={"portfolio_heat": 1_190, "correlation": 644, "loss_streak": 301},
    )


def _pairs() -> tuple[PairCoverage, ...]:
    return tuple(
        PairCoverage(
            symbol=pair.replace("/", ""),
            decided=9_591,
            warming_up=1_500,
            finest=Timeframe.M5,
            first=START - timedelta(days=16),
            last=END,
            is_inferred=pair.startswith("1000"),
        )
        for pair in _PAIRS
    )
