"""Thresholds of the memory layer. Anchors are for the bullish case; the bearish one mirrors it."""

from dataclasses import dataclass
from typing import Any

from domain.directions import NEUTRAL
from domain.memory import Origin
from domain.parameters import Parameters, parameter
from layers.declarations import CHOICE, DESIGN, anchor, share


def _trades(default: float, doc: str, source: str) -> Any:
    return parameter(default, doc=doc, unit="trades", source=source, low=1, high=10_000)


def _coins(default: tuple[str, ...], doc: str) -> Any:
    return parameter(default, doc=doc, unit="coins", source=CHOICE)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryParameters(Parameters):
    """What counts as a like trade, and what like trades have to say."""

    minimum_trades: int = _trades(20, "like trades below which memory says nothing", DESIGN)
    prior_trades: float = _trades(
        20.0, "imagined trades, half of them won, that the real ones have to outweigh", CHOICE
    )
    live_weight: float = share(1.0, "what a trade that was published counts")
    backtest_weight: float = share(0.5, "what a backtested trade counts")
    full: float = anchor(80.0, "like trades were won as often as says most", CHOICE)
    full_edge: float = share(
        0.3, "expected share of wins, beyond one half, that says most", low=0.01
    )
    clear_trend: float = share(0.5, "strength of the 1h trend from which it counts as one")
    majors: tuple[str, ...] = _coins(("BTC", "ETH"), "coins of the class major")
    large: tuple[str, ...] = _coins(
        (
            *("ADA", "APT", "ARB", "ATOM", "AVAX", "BCH", "BNB", "DOGE", "DOT", "ETC"),
            *("FIL", "HBAR", "HYPE", "ICP", "LINK", "LTC", "NEAR", "OP", "PEPE", "POL"),
            *("SHIB", "SOL", "SUI", "TON", "TRX", "UNI", "XLM", "XMR", "XRP", "ZEC"),
        ),
        "coins of the class large; all others are small",
    )

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        if not self.live_weight and not self.backtest_weight:
            raise ValueError("live_weight or backtest_weight must be above 0")
        if self.full < NEUTRAL:
            raise ValueError(f"full is {self.full}; trades that were won must not speak against")

    def weight_of(self, origin: Origin) -> float:
        """What a trade of an origin counts."""
        return self.live_weight if origin is Origin.LIVE else self.backtest_weight
