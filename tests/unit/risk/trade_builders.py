"""A pair at a round price, so that a test can be checked in the head."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from domain.candles import CandleSeries
from domain.decisions import Decision
from domain.derivatives import Funding
from domain.directions import Direction
from domain.instruments import Instrument
from domain.market import MarketSnapshot
from domain.market_regime import Regime
from domain.plans import TradePlan, TradingCosts
from domain.signals import Course, Exit, FollowedSignal, Signal, SignalState
from domain.timeframes import Timeframe, to_ms
from risk.day import DayResult
from risk.state import EndedTrade, OpenTrade, RiskState
from tests.builders.market import make_candle, make_instrument
from tests.builders.signals import CLOSED_AT, make_decision, make_followed, make_plan, make_signal

Trades = tuple[EndedTrade, ...]

SOL = make_instrument("SOL", tick="0.01", step="0.01")
NO_COSTS = TradingCosts(
    entry_fee=Decimal(0), exit_fee=Decimal(0), slippage=Decimal(0), funding=Decimal(0)
)


def make_candidate(
    direction: Direction | None = Direction.LONG,
    *,
    symbol: str = "SOLUSDT",
    score: float = 90.0,
    close: float = 100.0,
    atr: float | None = 1.0,
    atr_ratio: float | None = 1.0,
    regime: Regime = Regime.UNKNOWN,
) -> Decision:
    """A decision that nothing speaks against: at 100, with an ATR of 1."""
    decision = make_decision(direction, symbol=symbol, score=score, close=close, regime=regime)
    return replace(decision, atr=atr, atr_ratio=atr_ratio)


def make_snapshot(
    *,
    instrument: Instrument = SOL,
    spread_percent: float | None = 0.02,
    funding: Funding | None = None,
    turnover: float | None = 100_000_000.0,
) -> MarketSnapshot:
    """`turnover` in USDT per 5 minutes at a price of 100; funding is far away unless told."""
    return MarketSnapshot(
        instrument=instrument,
        as_of=CLOSED_AT,
        candles={} if turnover is None else {Timeframe.M5: _five_minute_candles(turnover)},
        spread_percent=spread_percent,
        funding=funding or Funding(rate=0.0001, next_at=CLOSED_AT + timedelta(hours=4)),
    )


def _five_minute_candles(turnover: float) -> CandleSeries:
    last = Timeframe.M5.last_closed_index(to_ms(CLOSED_AT))
    volumes = {last - 2: 0.5, last - 1: 1.0, last: 1.5}
    return CandleSeries.of(
        [
            make_candle(
                index=index,
                open_=100,
                close=100,
                volume=turnover / 100 * share,
                timeframe=Timeframe.M5,
            )
            for index, share in volumes.items()
        ]
    )


def make_state(**changes: Any) -> RiskState:
    """Nothing open, nothing published, 10,000 USDT."""
    day = DayResult(day=CLOSED_AT.date())
    return replace(RiskState(now=CLOSED_AT, equity=Decimal(10_000), day=day), **changes)


def make_open_trade(
    symbol: str = "ETHUSDT",
    direction: Direction = Direction.LONG,
    *,
    loss_at_stop: str = "10",
    notional: str = "1000",
) -> OpenTrade:
    """What a small live trade of another pair ties up."""
    return OpenTrade(
        symbol=symbol,
        direction=direction,
        loss_at_stop=Decimal(loss_at_stop),
        notional=Decimal(notional),
        margin=Decimal(notional) / 5,
    )


def make_results(*net_r: str, minutes_apart: float = 5.0, newest: datetime = CLOSED_AT) -> Trades:
    """Trades that ended one after the other, the last one at `newest`."""
    back = reversed(range(len(net_r)))
    return tuple(
        EndedTrade(
            symbol="SOLUSDT",
            ended_at=newest - timedelta(minutes=minutes_apart * steps),
            net_r=Decimal(result),
        )
        for steps, result in zip(back, net_r, strict=True)
    )


def make_round_plan(
    direction: Direction = Direction.LONG, *, costs: TradingCosts | None = None
) -> TradePlan:
    """Entry 100, stop 2 away, targets 3, 5 and 8 away, break-even 0.15 away, trailing by 1."""
    plan = make_plan(direction, instrument=SOL, entry="100", stop_distance="2")
    return replace(plan, atr=Decimal(1), costs=costs or plan.costs)


def make_round_signal(
    direction: Direction = Direction.LONG,
    *,
    signal_id: int = 1,
    costs: TradingCosts | None = None,
) -> Signal:
    """Published at 14:00:02, to be entered until 14:15."""
    plan = make_round_plan(direction, costs=costs)
    return make_signal(signal_id, direction=direction, instrument=SOL, plan=plan)


def make_live(
    direction: Direction = Direction.LONG,
    *,
    state: SignalState = SignalState.TRIGGERED,
    stop: str | None = None,
    closed: str = "0",
) -> FollowedSignal:
    """A live signal with a stop in force and a fraction closed."""
    signal = make_round_signal(direction)
    part = Exit(state=SignalState.TP1, price=Decimal(103), fraction=Decimal(closed), at=CLOSED_AT)
    course = Course(
        state=state,
        stop=signal.plan.stop if stop is None else Decimal(stop),
        exits=(part,) if part.fraction else (),
    )
    return replace(make_followed(signal=signal), course=course)


def make_ended(state: SignalState, ended_at: datetime, signal: Signal) -> FollowedSignal:
    """A signal that ended in a state."""
    course = Course(state=state, stop=signal.plan.stop, ended_at=ended_at)
    return replace(make_followed(signal=signal), course=course)
