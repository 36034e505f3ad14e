"""The result of a UTC day, closed and open trades together: what the drawdown ladder goes by."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from decimal import Decimal
from typing import Final

from domain.signals import FollowedSignal

_PRECISION: Final = Decimal("0.00000001")
"""Grid of results: a division that does not end must not decide on which side of a step it is."""

_NOTHING: Final = Decimal(0).quantize(_PRECISION)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayResult:
    """In percent of equity, net of costs.

    `realised_percent` of trades that ended on the day, and of the closed parts of those still open;
    `open_percent` of what is open, at the newest prices, as if it were closed there. A trade counts
    on the day on which it ends, with all of its result. `gross_profit_percent` is what trades
    earned that gained before costs, `costs_percent` what all of them cost (0 or more); of those
    still open both count the closed parts. `unpriced` are open pairs without a price: they count
    as if their stop had been hit, and `assumed_percent` is the part of the result that is only
    assumed in this way.
    """

    day: date
    realised_percent: Decimal = Decimal(0)
    open_percent: Decimal = Decimal(0)
    gross_profit_percent: Decimal = Decimal(0)
    costs_percent: Decimal = Decimal(0)
    unpriced: tuple[str, ...] = ()
    assumed_percent: Decimal = Decimal(0)

    @property
    def total_percent(self) -> Decimal:
        """The day's result so far; below 0 a loss."""
        return self.realised_percent + self.open_percent

    @property
    def certain_percent(self) -> Decimal:
        """The day's result without what is only assumed."""
        return self.total_percent - self.assumed_percent


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeSoFar:
    """What one trade that was entered has come to, in percent of equity.

    `closed_percent` and `costs_percent` are of its closed parts, `open_percent` of the rest at the
    newest price, or at its stop while `is_priced` is false. All but the costs are net of costs.
    """

    closed_percent: Decimal
    open_percent: Decimal
    costs_percent: Decimal
    is_priced: bool

    @property
    def total_percent(self) -> Decimal:
        """Closed and open parts together."""
        return self.closed_percent + self.open_percent

    @property
    def gross_percent(self) -> Decimal:
        """What the closed parts made before costs."""
        return self.closed_percent + self.costs_percent


def compute_trade(followed: FollowedSignal, equity: Decimal, price: Decimal | None) -> TradeSoFar:
    """A trade's result at a price of its pair; a price that is not a number above 0 is unknown."""
    plan, course = followed.signal.plan, followed.course
    sign, weight = plan.direction.sign, plan.notional / equity * 100
    gross = sum(
        (leg.fraction * sign * (leg.price - plan.entry) / plan.entry for leg in course.exits),
        Decimal(0),
    )
    net = course.realised_percent / 100
    left = 1 - course.closed_fraction if course.state.is_open else Decimal(0)
    is_priced = price is not None and price.is_finite() and price > 0
    open_percent = _NOTHING
    if left:
        closing_price = price if is_priced and price is not None else course.stop
        gain = sign * (closing_price - plan.entry) / plan.entry - plan.costs.round_trip
        open_percent = (left * gain * weight).quantize(_PRECISION)
    return TradeSoFar(
        closed_percent=(net * weight).quantize(_PRECISION),
        open_percent=open_percent,
        costs_percent=(max(Decimal(0), gross - net) * weight).quantize(_PRECISION),
        is_priced=is_priced or not left,
    )


def compute_day(
    day: date,
    equity: Decimal,
    *,
    ended: Sequence[FollowedSignal],
    live: Sequence[FollowedSignal],
    prices: Mapping[str, Decimal],
) -> DayResult:
    """The day's result: of the trades in `ended` that ended on it, and of all live ones.

    `equity` and results in quote currency; `prices` by symbol.
    """
    open_trades = [
        (followed, compute_trade(followed, equity, prices.get(followed.signal.plan.symbol)))
        for followed in live
        if followed.course.state.is_open
    ]
    trades = [compute_trade(followed, equity, None) for followed in ended if _is_of(followed, day)]
    trades += [trade for _, trade in open_trades]
    unpriced = [(followed, trade) for followed, trade in open_trades if not trade.is_priced]
    return DayResult(
        day=day,
        realised_percent=_sum(trade.closed_percent for trade in trades),
        open_percent=_sum(trade.open_percent for trade in trades),
        gross_profit_percent=_sum(max(Decimal(0), trade.gross_percent) for trade in trades),
        costs_percent=_sum(trade.costs_percent for trade in trades),
        unpriced=tuple(followed.signal.instrument.pair for followed, _ in unpriced),
        assumed_percent=_sum(trade.open_percent for _, trade in unpriced),
    )


def _is_of(followed: FollowedSignal, day: date) -> bool:
    ended_at = followed.course.ended_at
    return ended_at is not None and ended_at.astimezone(UTC).date() == day


def _sum(percents: Iterable[Decimal]) -> Decimal:
    return sum(percents, Decimal(0))
