"""What can be traded, and all rounding to a venue's steps."""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

from domain.errors import InvalidDataError


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A linear USDT perpetual with the venue's filters.

    `symbol` is the venue's own id ("BTCUSDT"), `tick` the price step, `step` the quantity step,
    `minimum_quantity` and `maximum_quantity` in base units, `minimum_notional` in quote currency.
    """

    symbol: str
    base: str
    quote: str
    tick: Decimal
    step: Decimal
    minimum_quantity: Decimal
    minimum_notional: Decimal
    maximum_quantity: Decimal | None = None
    listed_at: datetime | None = None

    def __post_init__(self) -> None:
        if not (self.symbol.isascii() and self.symbol.isalnum()):
            raise InvalidDataError(f"symbol {self.symbol!r} is not plain ASCII letters and digits")
        if self.tick <= 0 or self.step <= 0:
            raise InvalidDataError(
                f"{self.symbol}: tick {self.tick} and step {self.step} must be > 0"
            )

    @property
    def pair(self) -> str:
        """The name people read: "BTC/USDT"."""
        return f"{self.base}/{self.quote}"

    def price(self, value: float | Decimal) -> Decimal:
        """Nearest price on the tick grid."""
        return _to_grid(value, self.tick, ROUND_HALF_EVEN)

    def price_below(self, value: float | Decimal) -> Decimal:
        """Highest price on the tick grid that is not above `value`."""
        return _to_grid(value, self.tick, ROUND_FLOOR)

    def price_above(self, value: float | Decimal) -> Decimal:
        """Lowest price on the tick grid that is not below `value`."""
        return _to_grid(value, self.tick, ROUND_CEILING)

    def quantity(self, value: Decimal) -> Decimal:
        """Largest quantity on the step grid that is not above `value`: rounding never adds risk."""
        return _to_grid(value, self.step, ROUND_FLOOR)


def to_decimal(value: float | Decimal) -> Decimal:
    """Exact decimal of the shortest text of a float: the one border between floats and money."""
    return value if isinstance(value, Decimal) else Decimal(repr(float(value)))


def _to_grid(value: float | Decimal, grid: Decimal, rounding: str) -> Decimal:
    steps = (to_decimal(value) / grid).to_integral_value(rounding=rounding)
    return (steps * grid).quantize(grid)
