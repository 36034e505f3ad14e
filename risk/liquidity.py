"""How much of a pair's turnover a position may be (design 4.5)."""

from dataclasses import dataclass
from decimal import Decimal

from domain.candles import CLOSE, VOLUME, CandleSeries
from domain.instruments import to_decimal
from domain.market import MarketSnapshot
from domain.parameters import Parameters, parameter
from domain.plans import Denial
from domain.timeframes import Timeframe
from risk.allowance import Cap
from risk.percentages import share_of

_CANDLES = Timeframe.M15.milliseconds // Timeframe.M5.milliseconds
"""Averaged over the 5-minute candles that make up the 15-minute candle decided on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiquidityParameters(Parameters):
    """The share of the market that a position may be."""

    maximum_volume_percent: float = parameter(
        1.0,
        doc="most that a position may be of the turnover of 5 minutes",
        unit="percent of quote volume",
        source="design 4.5",
        low=0.01,
        high=100,
    )


def compute_turnover(snapshot: MarketSnapshot) -> Decimal | None:
    """Turnover per 5 minutes in quote currency; None where the candles do not tell.

    A history may have no 5-minute candles at all: then the candle decided on tells what it was on
    average, at its closing price.
    """
    series = snapshot.candles.get(Timeframe.M5)
    if series is None:
        return _share_of_candle(snapshot)
    if len(series) < _CANDLES:
        return None
    newest = range(len(series) - 1, len(series) - 1 - _CANDLES, -1)
    return to_decimal(sum(_turnover_at(series, position) for position in newest) / _CANDLES)


def _turnover_at(series: CandleSeries, position: int) -> float:
    """In quote currency, at the candle's close; `position` counts from 0."""
    volume: float = series.columns[VOLUME, position]
    return volume * series.columns[CLOSE, position]


def _share_of_candle(snapshot: MarketSnapshot) -> Decimal | None:
    series = snapshot.candles.get(Timeframe.M15)
    if not series:
        return None
    return to_decimal(_turnover_at(series, len(series) - 1) / _CANDLES)


def check_liquidity(turnover: Decimal | None) -> tuple[Denial, ...]:
    """A denial where the turnover is unknown: no size is safe then."""
    if turnover is not None:
        return ()
    text = "the turnover of the last minutes is unknown, so no size is safe"
    return (Denial(rule="liquidity_unknown", text=text),)


def liquidity_cap(turnover: Decimal, parameters: LiquidityParameters) -> Cap:
    """The notional that the market takes unnoticed."""
    percent = parameters.maximum_volume_percent
    return Cap(turnover * share_of(percent), f"liquidity cap {percent:g} % of 5-minute volume")
