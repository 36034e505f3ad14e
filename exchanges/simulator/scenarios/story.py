"""What a scene is made of: phases that follow each other, and big orders that come and go.

Stories are told as going up. "Pushing" takers are buyers then; told downwards, the mirror image,
they are sellers, bids are asks and every way is turned round.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A stretch of the story.

    `to` is the price of pushing takers at its end, in level gaps from the story's start, positive
    the way it goes; between, the price waves `waver` gaps around the straight line. `pushing` is
    their share of the volume, `activity` the volume as a multiple of the usual. `depth` is what
    share of its usual quantities the book has at the end, `forced_every` the seconds from one
    liquidation of who is pushed out to the next (0: none), `open_interest` what a minute adds to
    open interest, as a fraction of it.
    """

    seconds: int
    to: int = 0
    waver: float = 0.0
    pushing: float = 0.5
    activity: float = 1.0
    depth: float = 1.0
    forced_every: float = 0.0
    open_interest: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BigOrder:
    """An order at a price `at` gaps from the story's start, positive the way the story goes.

    It waits from one second of the story to another, on the side of those who are taken from
    (`opposing`) or on the other. `size` is in usual levels; None is just as much as is eaten.
    """

    at: int
    opposing: bool
    from_second: int
    until_second: int
    size: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Phases, one of which begins with each minute; `spread` is in usual spreads of the pair."""

    phases: tuple[Phase, ...]
    orders: tuple[BigOrder, ...] = ()
    spread: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a story may know of the pair that it is told on, as it stands when it begins."""

    price: int
    gap: int
    spread: int

    def gaps(self, fraction: float) -> int:
        """A fraction of the price in level gaps."""
        return round(fraction * self.price / self.gap)

    @property
    def clear_of_trades(self) -> int:
        """Gaps from the price that trades within 1 gap of the start do not reach."""
        return 3 + -(-self.spread // self.gap)
