"""The order book of one pair and what is read from it."""

from dataclasses import dataclass
from enum import StrEnum

Level = tuple[float, float]
"""Price in quote currency and quantity in base units."""


class BookSide(StrEnum):
    """Who waits: buyers below the price, or sellers above it."""

    BID = "bid"
    ASK = "ask"

    @property
    def sign(self) -> int:
        """+1 for bids, whose weight is bullish, -1 for asks."""
        return 1 if self is BookSide.BID else -1


@dataclass(frozen=True, slots=True)
class Imbalance:
    """Bids against asks over the best `levels` of each side, each in [-1, 1], positive for bids.

    `by_size` compares base quantities, `by_value` price times quantity.
    """

    levels: int
    by_size: float
    by_value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """An order, or several at one price, far above the book's mean level.

    `size_ratio` is the quantity over the mean level of the other prices, `distance_percent` the way
    from the mid price (0 or more), `age_seconds` the time since it was first seen, also while its
    price was beyond the known levels, `absorbed_share` the part of its greatest size, 0 to 1, that
    trades at its price have eaten.
    """

    side: BookSide
    price: float
    quantity: float
    size_ratio: float
    distance_percent: float
    age_seconds: float
    absorbed_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenWall:
    """A wall that trades have eaten and the price has passed: the way beyond it is open.

    A broken ask wall is bullish, a broken bid wall bearish. `size_ratio` is its greatest,
    `age_seconds` the time since it broke. A break that the price has taken back is not told.
    """

    side: BookSide
    price: float
    size_ratio: float
    age_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BookReading:
    """What a whole, fresh book says. Shares and ratios are None until there is enough to compare.

    `exchange_ms` is the time of the book's last change, `bids` and `asks` its levels, best first;
    `watched_seconds` how long it has been followed without an interruption.
    `steady_imbalance` is the top-10 size imbalance, in [-1, 1], as its mean over some seconds, each
    book counting as long as it stood: that of an instant swings from side to side.
    `imbalance_velocity` is the change of the top-10 size imbalance per second. `micro_price` weighs
    each best price with the other side's quantity. `spread_ratio` is the spread over its own mean,
    `depth_ratio` the depth of both sides in quote currency over its own mean. `spoofing` in [0, 1]
    is the share of the last minute's big orders that vanished young and untouched; while there were
    few, they are compared with a least number. `flow_imbalance` is order-flow
    imbalance (Cont, Kukanov, Stoikov 2014) summed over a short window, in mean best-level sizes;
    `last_flow_imbalance` that of the newest update alone, in base units.
    """

    exchange_ms: int
    watched_seconds: float
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]
    imbalances: tuple[Imbalance, ...]
    steady_imbalance: float
    imbalance_velocity: float | None
    micro_price: float
    spread_ratio: float | None
    depth_ratio: float | None
    is_thin: bool
    walls: tuple[Wall, ...]
    broken_walls: tuple[BrokenWall, ...]
    spoofing: float
    flow_imbalance: float | None
    last_flow_imbalance: float

    @property
    def best_bid(self) -> float:
        """Highest price somebody wants to buy at."""
        return self.bids[0][0]

    @property
    def best_ask(self) -> float:
        """Lowest price somebody wants to sell at."""
        return self.asks[0][0]

    @property
    def mid(self) -> float:
        """Half way between the best prices."""
        return (self.best_bid + self.best_ask) / 2.0

    @property
    def spread_percent(self) -> float:
        """Distance between the best prices in percent of the mid price."""
        return (self.best_ask - self.best_bid) / self.mid * 100.0

    def depth(self, side: BookSide) -> float:
        """Value of all known levels of a side in quote currency."""
        levels = self.bids if side is BookSide.BID else self.asks
        return sum(price * quantity for price, quantity in levels)

    def imbalance(self, levels: int) -> Imbalance:
        """The imbalance over so many levels; raises `KeyError` for a count that is not read."""
        for imbalance in self.imbalances:
            if imbalance.levels == levels:
                return imbalance
        raise KeyError(levels)
