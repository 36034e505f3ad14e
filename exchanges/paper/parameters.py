"""What a paper account begins with and what trading costs it."""

from dataclasses import dataclass

from domain.parameters import Parameters, parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperParameters(Parameters):
    """Slippage is none of these: orders walk the live book."""

    balance: float = parameter(
        10_000.0,
        doc="what each paper account begins with",
        unit="USDT",
        source="the reference equity",
        low=100,
        high=100_000_000,
    )
    maker_fee_percent: float = parameter(
        0.02,
        doc="fee of a fill that rested in the book",
        unit="percent of notional",
        source="Binance USD-M, regular user",
        low=0,
        high=1,
    )
    taker_fee_percent: float = parameter(
        0.05,
        doc="fee of a fill that took from the book",
        unit="percent of notional",
        source="Binance USD-M, regular user",
        low=0,
        high=1,
    )
    stale_seconds: float = parameter(
        10.0,
        doc="a market order is refused when the book is older than this",
        unit="seconds",
        source="twenty times the longest time between two books of a quiet pair",
        low=1,
        high=300,
    )
