"""Track records for tests: a small one, and one with enough trades to judge by."""

from datetime import date, timedelta

from domain.decisions import Tier
from domain.directions import Direction
from domain.evidence import LayerName
from domain.market_regime import Regime
from domain.signals import SignalState
from engine.ports.storage import BreakerEvent, DecisionCounts
from engine.reports import LedgerHead, Period, PeriodReport, TrackRecord
from engine.statistics import StatisticsParameters, calibrate, equity_curve, histogram
from engine.statistics.values import Statistics, TradeResult
from tests.builders.reports import make_result, make_statistics
from tests.builders.signals import CLOSED_AT, LEDGER_HASH

PARAMETERS = StatisticsParameters()

_COURSE = ("-1.12", "2.31", "0.48", "-1.07", "-1.12", "1.93", "0.62", "-1.05", "2.87", "-1.31")
_PAIRS = ("BTC/USDT", "ETH/USDT", "SOL/USDT", "1000PEPE/USDT", "BTC/USDT")


def make_track_record(statistics: Statistics, days: int | None = None) -> TrackRecord:
    return TrackRecord(
        days=days,
        statistics=statistics,
        calibration=calibrate(statistics.results, PARAMETERS),
        curve=equity_curve(statistics.results),
        bins=histogram(statistics.results, PARAMETERS),
    )


def many_results(number: int = 60) -> list[TradeResult]:
    """Trades of three weeks, a few a day."""
    return [_nth(position, number) for position in range(number)]


def many_statistics() -> Statistics:
    return make_statistics(
        many_results(),
        published=75,
        live=2,
        expired=13,
        invalidated=1,
        corrections=1,
        start=CLOSED_AT - timedelta(days=21),
        end=CLOSED_AT,
    )


def make_period_report(
    period: Period, statistics: Statistics, tripped: tuple[BreakerEvent, ...] = ()
) -> PeriodReport:
    return PeriodReport(
        period=period,
        day=date(2025, 9, 1) if period is Period.MONTH else date(2025, 9, 29),
        statistics=statistics,
        decisions=DecisionCounts(decided=26880, sent=statistics.published, denied=84),
        calibration=calibrate(statistics.results, PARAMETERS),
        tripped=tripped,
        head=LedgerHead(count=1234, hash=LEDGER_HASH),
    )


def _nth(position: int, number: int) -> TradeResult:
    net_r = _COURSE[position * 7 % len(_COURSE)]
    has_won = not net_r.startswith("-")
    return make_result(
        net_r,
        signal_id=position + 1,
        state=SignalState.TP3 if has_won else SignalState.STOPPED,
        direction=Direction.SHORT if position % 3 == 0 else Direction.LONG,
        pair=_PAIRS[position % len(_PAIRS)],
        ended_at=CLOSED_AT - timedelta(hours=8 * (number - position)),
        hold=timedelta(minutes=30 + position % 50),
        score=str(66 + position * 11 % 30),
        tier=Tier.HIGH if position % 4 == 0 else Tier.MEDIUM,
        regime=Regime.CHOPPY if position % 5 == 0 else Regime.RISK_ON,
        supporting=(LayerName.TECHNICAL, LayerName.ORDERFLOW)
        if position % 2
        else (LayerName.TECHNICAL, LayerName.SENTIMENT, LayerName.MEMORY),
    )
