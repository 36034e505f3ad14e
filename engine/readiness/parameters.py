"""What a backtest must have shown, and for how long that counts."""

from dataclasses import dataclass

from domain.parameters import Parameters, parameter

_MINIMUM = "minimum performance before going live"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadinessParameters(Parameters):
    """The readiness gate: what a backtest must have shown before real money is traded with."""

    win_rate_percent: float = parameter(
        55.0,
        doc="more than so many of the trades have to be won",
        unit="percent",
        source=_MINIMUM,
        low=0,
        high=100,
    )
    profit_factor: float = parameter(
        1.5,
        doc="what was won has to be more than so many times what was lost",
        unit="ratio",
        source=_MINIMUM,
        low=0,
        high=100,
    )
    drawdown_percent: float = parameter(
        15.0,
        doc="the deepest fall of equity has to be less",
        unit="percent",
        source=_MINIMUM,
        low=0,
        high=100,
    )
    sharpe_ratio: float = parameter(
        1.2,
        doc="the yearly Sharpe ratio has to be above this",
        unit="ratio",
        source=_MINIMUM,
        low=-10,
        high=100,
    )
    reward_to_risk: float = parameter(
        1.5,
        doc="the mean result of trades won has to be more than so many times that of those lost",
        unit="ratio",
        source=_MINIMUM,
        low=0,
        high=100,
    )
    losing_run: int = parameter(
        8,
        doc="the longest run of losses has to be shorter",
        unit="trades",
        source=_MINIMUM,
        low=1,
        high=1000,
    )
    trades: int = parameter(
        200,
        doc="more than so many closed trades have to be behind it",
        unit="trades",
        source=_MINIMUM,
        low=0,
        high=1_000_000,
    )
    valid_days: float = parameter(
        30.0,
        doc="an older verdict does not count, nor one whose candles ended longer before it",
        unit="days",
        source="own choice: markets change within months",
        low=1,
        high=365,
    )
