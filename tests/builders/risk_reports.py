"""Heat, breakers, verdicts and advice for tests."""

from datetime import timedelta
from decimal import Decimal

from domain.advice import Advice, AdvisedAction, WatchWarning
from domain.breakers import Effect, Standing
from domain.directions import Direction
from engine.ports.storage import BreakerEvent
from engine.reports import BreakersReport, HeatReport, OpenRisk
from engine.statistics import rate
from engine.statistics.values import RuleVerdict
from risk.day import DayResult
from tests.builders.signals import CLOSED_AT


def make_day(*, unpriced: tuple[str, ...] = ()) -> DayResult:
    return DayResult(
        day=CLOSED_AT.date(),
        realised_percent=Decimal("-0.40"),
        open_percent=Decimal("-0.453"),
        gross_profit_percent=Decimal("1.20"),
        costs_percent=Decimal("0.121"),
        unpriced=unpriced,
    )


def make_open_risk(
    signal_id: int = 12,
    pair: str = "BTC/USDT",
    *,
    direction: Direction = Direction.LONG,
    is_open: bool = True,
    heat: str = "1.5",
    result: str | None = "0.34",
) -> OpenRisk:
    return OpenRisk(
        signal_id=signal_id,
        pair=pair,
        direction=direction,
        is_open=is_open,
        heat_percent=Decimal(heat),
        exposure_percent=Decimal(226),
        result_percent=None if result is None else Decimal(result),
    )


def make_heat(*trades: OpenRisk, unpriced: tuple[str, ...] = ()) -> HeatReport:
    return HeatReport(
        heat_percent=sum((trade.heat_percent for trade in trades), Decimal(0)),
        heat_cap_percent=Decimal(6),
        exposure_percent=sum((trade.exposure_percent for trade in trades), Decimal(0)),
        exposure_cap_percent=Decimal(500),
        day=make_day(unpriced=unpriced),
        trades=trades,
    )


def make_standing(
    breaker: str,
    effect: Effect | None = None,
    text: str = "",
    release: str = "",
    symbol: str | None = None,
) -> Standing:
    return Standing(breaker=breaker, effect=effect, text=text, release=release, symbol=symbol)


def make_event(
    breaker: str, text: str, *, symbol: str | None = None, minutes_ago: int = 5
) -> BreakerEvent:
    return BreakerEvent(
        breaker=breaker, at=CLOSED_AT - timedelta(minutes=minutes_ago), symbol=symbol, text=text
    )


def make_breakers(*standings: Standing, recent: tuple[BreakerEvent, ...] = ()) -> BreakersReport:
    return BreakersReport(now=CLOSED_AT, day=make_day(), standings=standings, recent=recent)


def make_verdict(
    rule: str, wins: int, entered: int, total_r: str, *, followed: int | None = None
) -> RuleVerdict:
    total = Decimal(total_r)
    return RuleVerdict(
        rule=rule,
        followed=entered + 4 if followed is None else followed,
        entered=entered,
        alone=entered // 2,
        wins=rate(wins, entered),
        mean_r=total / entered if entered else None,
        total_r=total,
    )


def make_advice(
    warning: WatchWarning = WatchWarning.TURN,
    action: AdvisedAction = AdvisedAction.CLOSE,
    *,
    reasons: tuple[str, ...] = (),
    signal_id: int | None = 12,
    stop: str | None = None,
) -> Advice:
    return Advice(
        warning=warning,
        action=action,
        at=CLOSED_AT,
        reasons=reasons,
        signal_id=signal_id,
        stop=None if stop is None else Decimal(stop),
    )
