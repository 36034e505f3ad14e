"""The tape said plainly: every figure from scratch, out of a list of trades."""

import math
from collections.abc import Sequence
from itertools import pairwise

from domain.tape import LargeTrades, TapeReading, TapeWindow, Trade
from layers.orderflow.tape import TapeParameters

HOUR_MS = 3_600_000
RETENTION_MS = 1_800_000
MOST_IN_FIVE_MINUTES = 500


def accepted(arrivals: Sequence[Trade]) -> list[Trade]:
    """Trades without those that came again or too late, sorted by time and id."""
    kept: dict[tuple[int, int], Trade] = {}
    newest = 0
    for trade in arrivals:
        if trade.exchange_ms > newest - RETENTION_MS:
            kept.setdefault((trade.exchange_ms, trade.id), trade)
            newest = max(newest, trade.exchange_ms)
    return [kept[key] for key in sorted(kept)]


class Oracle:
    """Figures as of one instant; `trades` are sorted and may reach beyond it."""

    def __init__(
        self,
        trades: Sequence[Trade],
        at_ms: int,
        parameters: TapeParameters,
        step: float,
        gaps: Sequence[int] = (),
    ) -> None:
        self.trades = [trade for trade in trades if trade.exchange_ms <= at_ms]
        self.at_ms = at_ms
        self.parameters = parameters
        self.step = step
        self.gaps = gaps

    def reading(self) -> TapeReading:
        last = self.trades[-1] if self.trades else None
        return TapeReading(
            at_ms=self.at_ms,
            last_trade_ms=last.exchange_ms if last else None,
            last_price=last.price if last else None,
            covered_seconds=self.covered(),
            windows=tuple(self.window(seconds) for seconds in (5, 30, 60, 300, 900)),
            cvd_4h=self.delta(self.since(self.at_ms - self.at_ms % (4 * HOUR_MS))) * self.step,
            cvd_day=self.delta(self.since(self.at_ms - self.at_ms % (24 * HOUR_MS))) * self.step,
            cvd_slope=self.delta(self.last(30)) * self.step / 30,
            divergence=self.divergence(),
            velocity_ratio=self.velocity_ratio(),
            volume_spike_ratio=self.volume_spike_ratio(),
            streak=self.streak(),
            large=self.multiples(self.parameters.large_multiple),
            very_large=self.multiples(self.parameters.very_large_multiple),
            big=self.big(),
            vpin=self.vpin(),
            exhaustion=self.exhaustion(),
        )

    def steps(self, trades: Sequence[Trade], is_buy: bool | None = None) -> int:
        return sum(
            round(each.quantity / self.step) for each in trades if is_buy in (None, each.is_buy)
        )

    def delta(self, trades: Sequence[Trade]) -> int:
        return self.steps(trades, True) - self.steps(trades, False)

    def last(self, seconds: int) -> list[Trade]:
        return self.since(self.at_ms - 1000 * seconds + 1)

    def since(self, begin_ms: int) -> list[Trade]:
        return [trade for trade in self.trades if trade.exchange_ms >= begin_ms]

    def window(self, seconds: int) -> TapeWindow:
        trades = self.last(seconds)
        return TapeWindow(
            seconds=seconds,
            trades=len(trades),
            buy_volume=self.steps(trades, True) * self.step,
            sell_volume=self.steps(trades, False) * self.step,
            buy_notional=notional([trade for trade in trades if trade.is_buy]),
            sell_notional=notional([trade for trade in trades if not trade.is_buy]),
        )

    def covered(self) -> float:
        if not self.trades:
            return 0.0
        breaks = [self.trades[0].exchange_ms]
        breaks += [gap for gap in self.gaps if gap <= self.at_ms]
        for before, after in pairwise(self.trades):
            if after.id != before.id + 1:
                breaks.append(after.exchange_ms)
        return (self.at_ms - max(breaks)) / 1000

    def streak(self) -> int:
        streak = 0
        newer: Trade | None = None
        for trade in reversed(self.trades):
            if newer and (trade.id != newer.id - 1 or trade.is_buy != newer.is_buy):
                break
            streak += 1 if trade.is_buy else -1
            newer = trade
        return streak

    def velocity_ratio(self) -> float | None:
        trades = len(self.last(30))
        if self.covered() < 30 or trades < self.parameters.velocity_least_trades:
            return None
        return len(self.last(1)) * 30 / trades

    def volume_spike_ratio(self) -> float | None:
        if self.covered() < 30 or not self.last(30):
            return None
        return self.steps(self.last(3)) * 10 / self.steps(self.last(30))

    def multiples(self, multiple: float) -> LargeTrades:
        first = len(self.trades) - len(self.last(300))
        places = range(first, len(self.trades))
        return counted([self.trades[place] for place in places if self.is_large(place, multiple)])

    def is_large(self, place: int, multiple: float) -> bool:
        trade = self.trades[place]
        before = [
            each
            for each in self.trades[max(0, place - MOST_IN_FIVE_MINUTES) : place]
            if each.exchange_ms > trade.exchange_ms - 300_000
        ]
        assert len(before) < MOST_IN_FIVE_MINUTES
        if len(before) < self.parameters.large_least_trades:
            return False
        return self.steps([trade]) * len(before) >= multiple * self.steps(before)

    def big(self) -> LargeTrades:
        return counted(
            [trade for trade in self.last(300) if notional([trade]) > self.parameters.big_notional]
        )

    def vpin(self) -> float | None:
        trades, buckets = self.last(900), self.parameters.vpin_buckets
        if self.covered() < 900 or len(trades) < buckets * self.parameters.vpin_least_trades:
            return None
        # One sign for each step of quantity, in the order they were traded.
        signs = [1 if trade.is_buy else -1 for trade in trades for _ in range(self.steps([trade]))]
        edges = [len(signs) * number // buckets for number in range(buckets + 1)]
        parts = [signs[begin:end] for begin, end in pairwise(edges)]
        return sum(abs(sum(part)) for part in parts) / len(signs)

    def divergence(self) -> float:
        trades = self.last(300)
        if self.covered() < 300 or not trades:
            return 0.0
        before = [each for each in self.trades if each.exchange_ms <= self.at_ms - 300_000][-1]
        move = 100 * math.log(trades[-1].price / before.price)
        share = self.delta(trades) / self.steps(trades)
        if move * share >= 0:
            return 0.0
        least_move, least_share = (
            self.parameters.divergence_price_move,
            self.parameters.divergence_delta_share,
        )
        weight = min(1 - least_move / abs(move), 1 - least_share / abs(share))
        return math.copysign(max(0.0, weight), share) if weight > 0 else 0.0

    def exhaustion(self) -> float:
        trades = self.last(300)
        if self.covered() < 300 or self.delta(trades) == 0 or not self.last(30):
            return 0.0
        is_buy = self.delta(trades) > 0
        dominant = self.steps(trades, is_buy)
        if dominant < self.parameters.exhaustion_dominance * self.steps(trades):
            return 0.0
        rate = 10.0 * self.steps(self.last(30), is_buy) / dominant
        spent = max(0.0, 1.0 - rate / self.parameters.exhaustion_share)
        return -spent if is_buy else spent


def notional(trades: Sequence[Trade]) -> float:
    """In quote currency, each trade rounded to its ten-thousandth."""
    return sum(round(trade.price * trade.quantity * 10_000) for trade in trades) / 10_000


def counted(trades: Sequence[Trade]) -> LargeTrades:
    buys = [trade for trade in trades if trade.is_buy]
    sells = [trade for trade in trades if not trade.is_buy]
    return LargeTrades(
        buys=len(buys),
        sells=len(sells),
        buy_notional=notional(buys),
        sell_notional=notional(sells),
    )
