"""Thresholds of the map of liquidations to come."""

from dataclasses import dataclass, field

from domain.parameters import Parameters, parameter
from layers.declarations import CHOICE, DESIGN, minutes, percent, rate

TABLES = "Binance USDⓈ-M leverage and margin tables, first bracket, 2026-09"


@dataclass(frozen=True, slots=True, kw_only=True)
class MaintenanceRates(Parameters):
    """Maintenance margin of a small position: the first bracket of the venue's public tables.

    There BTC and ETH stand at 0.40 %, the next largest coins at 0.50 %, most others at 1.00 % (a
    few between 0.60 % and 0.65 %, the youngest up to 3 %). The difference moves a liquidation price
    by as many percent, which is the width of a few bands.
    """

    largest: float = rate(0.004, "rate of the largest coins", TABLES)
    large: float = rate(0.005, "rate of the next largest coins", TABLES)
    other: float = rate(0.01, "rate of every other coin", TABLES)
    largest_coins: tuple[str, ...] = parameter(
        ("BTC", "ETH"), doc="coins of the lowest rate", unit="coins", source=TABLES
    )
    large_coins: tuple[str, ...] = parameter(
        ("ADA", "AVAX", "BNB", "LINK", "LTC", "SOL", "XRP"),
        doc="coins of the rate above it",
        unit="coins",
        source=TABLES,
    )

    def rate_of(self, base: str) -> float:
        """Rate for a base coin such as "BTC"."""
        if base in self.largest_coins:
            return self.largest
        return self.large if base in self.large_coins else self.other


@dataclass(frozen=True, slots=True, kw_only=True)
class LiquidationMapShape(Parameters):
    """How positions are guessed from open interest, and which of their ends make a cluster."""

    horizon: float = minutes(1440.0, "age from which a position is forgotten", high=4320)
    longest_gap: float = minutes(
        15.0, "hole in open interest beyond which the price of a rise is unknown"
    )
    leverages: tuple[float, ...] = parameter(
        (5.0, 10.0, 20.0, 25.0), doc="leverage tiers", unit="multiple", source=DESIGN, low=1
    )
    shares: tuple[float, ...] = parameter(
        (0.30, 0.35, 0.25, 0.10),
        doc="positions opened with each",
        unit="share",
        source=DESIGN,
        low=0,
        high=1,
    )
    band: float = percent(0.25, "width of a price band", high=5)
    cluster_multiple: float = parameter(
        2.0,
        doc="notional of a cluster over the mean of all bands that hold any",
        unit="multiple",
        source=CHOICE,
        low=1,
        high=100,
    )
    smallest_cluster: float = percent(0.1, "part of all open interest that a cluster holds")
    most_clusters: int = parameter(
        6, doc="clusters told, the nearest", unit="clusters", source=CHOICE, low=1, high=50
    )
    near: float = percent(0.5, "distance from which a cluster is felt", DESIGN, high=10)
    maintenance: MaintenanceRates = field(default_factory=MaintenanceRates)

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        if len(self.leverages) != len(self.shares) or not self.leverages:
            raise ValueError("leverages and shares need as many numbers as each other, at least 1")
        self._check_maintenance()

    def _check_maintenance(self) -> None:
        rates = (self.maintenance.largest, self.maintenance.large, self.maintenance.other)
        if max(rates) * max(self.leverages) >= 1:
            raise ValueError(
                f"leverages go up to {max(self.leverages)}; with a maintenance rate of "
                f"{max(rates)} such a position would be liquidated as it opens"
            )
