"""Puts together what the kept trades say as of one instant."""

from collections.abc import Mapping

from domain.tape import TapeReading, TapeWindow
from layers.orderflow.tape.columns import Columns
from layers.orderflow.tape.coverage import Coverage
from layers.orderflow.tape.cvd import DAY_MS, FOUR_HOURS_MS, CumulativeDelta
from layers.orderflow.tape.exact import NOTIONAL_UNITS
from layers.orderflow.tape.large_trades import LargeTradeWatch
from layers.orderflow.tape.parameters import TapeParameters
from layers.orderflow.tape.pressure import divergence, exhaustion
from layers.orderflow.tape.vpin import vpin
from layers.orderflow.tape.windows import (
    FIVE_MINUTES_MS,
    MEASURED_SECONDS,
    WINDOW_SECONDS,
    Traded,
)


class Reader:
    """Looks into the parts of a tape; holds nothing of its own."""

    __slots__ = ("_coverage", "_cvd", "_large", "_parameters", "_rows", "_step")

    def __init__(
        self,
        rows: Columns,
        large: LargeTradeWatch,
        cvd: CumulativeDelta,
        coverage: Coverage,
        parameters: TapeParameters,
        step: float,
    ) -> None:
        self._rows = rows
        self._large = large
        self._cvd = cvd
        self._coverage = coverage
        self._parameters = parameters
        self._step = step

    def reading(self, at_ms: int) -> TapeReading:
        """What the trades up to an instant say, which the kept trades must reach back for."""
        rows, large = self._rows, self._large
        end = rows.row_at(at_ms)
        begins = {each: rows.row_at(at_ms - 1000 * each) for each in MEASURED_SECONDS}
        traded = {each: rows.between(begin, end) for each, begin in begins.items()}
        since = self._coverage.since(at_ms)
        covered = 0.0 if since is None else (at_ms - since) / 1000
        is_begun = rows.ids[end] >= 0
        five_minutes_ago = at_ms - FIVE_MINUTES_MS
        return TapeReading(
            at_ms=at_ms,
            last_trade_ms=rows.times[end] if is_begun else None,
            last_price=rows.prices[end] if is_begun else None,
            covered_seconds=covered,
            windows=tuple(self._window(each, traded[each]) for each in WINDOW_SECONDS),
            cvd_4h=self._cvd_since(FOUR_HOURS_MS, at_ms, end),
            cvd_day=self._cvd_since(DAY_MS, at_ms, end),
            cvd_slope=traded[30].delta * self._step / 30,
            divergence=self._divergence(traded, begins, end, covered),
            velocity_ratio=self._velocity_ratio(traded, covered),
            volume_spike_ratio=_volume_spike_ratio(traded, covered),
            streak=rows.streaks[end],
            large=large.large.between(five_minutes_ago, at_ms),
            very_large=large.very_large.between(five_minutes_ago, at_ms),
            big=large.big.between(five_minutes_ago, at_ms),
            vpin=self._vpin(begins[900], end, covered),
            exhaustion=exhaustion(traded, self._parameters) if covered >= 300 else 0.0,
        )

    def _window(self, seconds: int, traded: Traded) -> TapeWindow:
        step = self._step
        return TapeWindow(
            seconds=seconds,
            trades=traded.trades,
            buy_volume=traded.bought * step,
            sell_volume=(traded.volume - traded.bought) * step,
            buy_notional=traded.bought_notional / NOTIONAL_UNITS,
            sell_notional=(traded.notional - traded.bought_notional) / NOTIONAL_UNITS,
        )

    def _cvd_since(self, period_ms: int, at_ms: int, end: int) -> float:
        return self._cvd.since_boundary(self._rows, at_ms, end, period_ms) * self._step

    def _divergence(
        self, traded: Mapping[int, Traded], begins: Mapping[int, int], end: int, covered: float
    ) -> float:
        if covered < 300:
            return 0.0
        prices = self._rows.prices
        return divergence(traded[300], prices[begins[300]], prices[end], self._parameters)

    def _vpin(self, begin: int, end: int, covered: float) -> float | None:
        buckets = self._parameters.vpin_buckets
        if (
            covered < WINDOW_SECONDS[-1]
            or end - begin < buckets * self._parameters.vpin_least_trades
        ):
            return None
        return vpin(self._rows, begin, end, buckets)

    def _velocity_ratio(self, traded: Mapping[int, Traded], covered: float) -> float | None:
        trades = traded[30].trades
        if covered < 30 or trades < self._parameters.velocity_least_trades:
            return None
        return traded[1].trades * 30 / trades


def _volume_spike_ratio(traded: Mapping[int, Traded], covered: float) -> float | None:
    if covered < 30 or not traded[30].trades:
        return None
    return traded[3].volume * 10 / traded[30].volume
