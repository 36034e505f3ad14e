"""What is listed at the simulated venue, and its price and quantity grids."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final

from domain.errors import InvalidDataError

PERPETUAL: Final = "PERPETUAL"
NEVER_DELIVERED_MS: Final = 4_133_404_800_000
LISTED_LONG_AGO_MS: Final = 1_600_000_000_000


_LARGER_MINIMA: Final = {"BTC": Decimal(50), "ETH": Decimal(20)}


def usual_minimum_notional(base: str) -> Decimal:
    """The smallest order the venue takes, in quote currency: more for the two largest coins."""
    return _LARGER_MINIMA.get(base, Decimal(5))


class Grid:
    """A price tick or a quantity step: turns whole steps into text and floats."""

    __slots__ = ("decimals", "size", "unit")

    def __init__(self, unit: Decimal) -> None:
        exponent = unit.as_tuple().exponent
        if unit <= 0 or not isinstance(exponent, int):
            raise InvalidDataError(f"grid size {unit} must be a positive number")
        self.unit = unit
        self.size = float(unit)
        self.decimals = max(0, -exponent)

    def text(self, steps: float) -> str:
        """The number as the venue prints it: fixed decimals, no exponent."""
        return f"{steps * self.size:.{self.decimals}f}"

    def steps(self, value: float) -> int:
        """Nearest whole number of steps."""
        return round(value / self.size)


@dataclass(frozen=True, kw_only=True)
class Contract:
    """One row of exchangeInfo. `listed_ms` and `delivered_ms` are exchange times."""

    symbol: str
    base: str
    tick: Decimal
    step: Decimal
    minimum_notional: Decimal
    listed_ms: int
    quote: str = "USDT"
    contract_type: str = PERPETUAL
    underlying_type: str = "COIN"
    delivered_ms: int = NEVER_DELIVERED_MS
    settling: bool = False

    @cached_property
    def root(self) -> str:
        """What the venue calls the pair of a contract, whatever its delivery."""
        return f"{self.base}{self.quote}"

    @cached_property
    def prices(self) -> Grid:
        """Grid of prices."""
        return Grid(self.tick)

    @cached_property
    def quantities(self) -> Grid:
        """Grid of quantities."""
        return Grid(self.step)
