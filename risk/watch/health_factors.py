"""The five factors of the health, each a share in [0, 1] of its points.

What is unknown counts half: it makes a portfolio neither healthy nor ill.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from statistics import fmean

from domain.correlations import Correlations
from risk.percentages import percent_of
from risk.watch.health_parameters import HealthParameters
from risk.watch.minutes import Minute, Taken, taken_in
from risk.watch.values import WatchedTrade
from risk.watch.words import signed_percent

UNKNOWN_SHARE = 0.5

Factor = tuple[float, str]
"""A share of the points, and why."""


def judge_results(
    trades: Sequence[WatchedTrade], equity: Decimal, parameters: HealthParameters
) -> Factor:
    """All open results together, in percent of equity."""
    total = sum((trade.open_result for trade in trades), Decimal(0))
    percent = float(percent_of(total, equity))
    share = _share(percent, none=-parameters.worst_loss_percent, full=0.0)
    return share, f"open results {signed_percent(percent)}"


def judge_quality(trades: Sequence[WatchedTrade], parameters: HealthParameters) -> Factor:
    """How the pairs trade: active side, takers, depth of the book; the mean over all trades."""
    share = fmean(_quality(trade, parameters) for trade in trades)
    return share, f"volume, order flow and depth {share * 100:.0f} of 100"


def judge_concentration(
    trades: Sequence[WatchedTrade], correlations: Correlations, parameters: HealthParameters
) -> Factor:
    """The largest number of trades that are alike one of them, itself included."""
    crowds = [
        [_likeness(one, other, correlations, parameters) for other in trades] for one in trades
    ]
    largest = max(crowds, key=sum)
    share = _share(sum(largest), none=parameters.crowd, full=1)
    alike, unknown = largest.count(1.0), largest.count(UNKNOWN_SHARE)
    words = "no two trades move alike" if alike == 1 else f"{alike} trades move alike"
    return share, f"{words}, of {unknown} more it is unknown" if unknown else words


def judge_hold(
    trades: Sequence[WatchedTrade], at: datetime, parameters: HealthParameters
) -> Factor:
    """How much of their longest hold is used up; the mean over all trades."""
    used = [_used_hold(trade, at) for trade in trades]
    share = fmean(_share(each, none=1.0, full=parameters.fresh_hold_share) for each in used)
    return share, f"{fmean(used) * 100:.0f} % of the longest hold used up"


def judge_calm(trades: Sequence[WatchedTrade], parameters: HealthParameters) -> Factor:
    """How wide the newest minutes range against those before; the mean over all known trades."""
    ratios = [ratio for trade in trades if (ratio := _swing_ratio(trade, parameters)) is not None]
    if not ratios:
        return UNKNOWN_SHARE, "swings of the prices unknown"
    share = fmean(_share(ratio, none=parameters.wild_swing_ratio, full=1.0) for ratio in ratios)
    return share, f"prices swing {fmean(ratios):.1f} times as far as usual"


def _quality(trade: WatchedTrade, parameters: HealthParameters) -> float:
    plan = trade.followed.signal.plan
    minutes = [Minute.of(each, plan) for each in trade.minutes[-parameters.quality_minutes :]]
    full = parameters.full_flow_share
    marks = (
        _active_share(minutes),
        _share_of(_taken(trade, minutes, parameters), none=1.0 - full, full=full),
        _depth_share(trade),
    )
    return fmean(UNKNOWN_SHARE if mark is None else mark for mark in marks)


def _active_share(minutes: Sequence[Minute]) -> float | None:
    """Volume of minutes that went with the trade, over that of all that went anywhere."""
    with_trade = sum(minute.volume for minute in minutes if minute.gain > 0)
    moved = with_trade + sum(minute.volume for minute in minutes if minute.gain < 0)
    return with_trade / moved if moved else None


def _taken(trade: WatchedTrade, minutes: Sequence[Minute], parameters: HealthParameters) -> Taken:
    seconds = 60 * parameters.flow_minutes
    tape = None if trade.order_flow is None else trade.order_flow.tape
    window = None
    if tape is not None and tape.covered_seconds >= seconds:
        window = next((each for each in tape.windows if each.seconds == seconds), None)
    if window is None:
        return taken_in(minutes[-parameters.flow_minutes :])
    return Taken.of(trade.direction, buys=window.buy_volume, sells=window.sell_volume)


def _share_of(taken: Taken, *, none: float, full: float) -> float | None:
    # Volumes that are not told are NaN, and above nothing.
    return _share(taken.with_trade / taken.total, none=none, full=full) if taken.total > 0 else None


def _depth_share(trade: WatchedTrade) -> float | None:
    """Depth of the book over its own mean, 1 at most."""
    book = None if trade.order_flow is None else trade.order_flow.book
    ratio = None if book is None else book.depth_ratio
    return None if ratio is None else min(1.0, ratio)


def _likeness(
    one: WatchedTrade,
    other: WatchedTrade,
    correlations: Correlations,
    parameters: HealthParameters,
) -> float:
    """1 of trades that earn and lose together, else 0."""
    if one is other:
        return 1.0
    correlation = correlations.between(one.symbol, other.symbol)
    if correlation is None:
        return UNKNOWN_SHARE
    exposure = correlation * one.direction.sign * other.direction.sign
    return 1.0 if exposure > parameters.alike_correlation else 0.0


def _used_hold(trade: WatchedTrade, at: datetime) -> float:
    """Share of the longest hold in [0, 1]."""
    triggered_at = trade.followed.course.triggered_at
    if triggered_at is None:
        return 0.0
    return min(1.0, max(0.0, (at - triggered_at) / trade.followed.signal.rules.maximum_hold))


def _swing_ratio(trade: WatchedTrade, parameters: HealthParameters) -> float | None:
    count, usual_count = parameters.swing_minutes, parameters.usual_swing_minutes
    ranges = [candle.high - candle.low for candle in trade.minutes[-count - usual_count :]]
    if len(ranges) < count + usual_count:
        return None
    usual = fmean(ranges[:-count])
    return fmean(ranges[-count:]) / usual if usual > 0 else None


def _share(value: float, *, none: float, full: float) -> float:
    """Where a value lies between the one that gets nothing and the one that gets all, 0 to 1."""
    return min(1.0, max(0.0, (value - none) / (full - none)))
