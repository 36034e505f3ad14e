"""What the risk gate makes of a decision: a trade plan, or a denial with all its reasons."""

from dataclasses import dataclass
from decimal import Decimal

from domain.directions import Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A price at which a part of the position is closed.

    `multiple` in R, `fraction` of the whole position in (0, 1].
    """

    price: Decimal
    multiple: Decimal
    fraction: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class TradingCosts:
    """What a round trip costs, as fractions of notional; a funding fraction may be negative.

    `entry_fee` and `exit_fee` are the venue's rates, `slippage` is expected per side, `funding` is
    what this direction pays within the longest hold.
    """

    entry_fee: Decimal
    exit_fee: Decimal
    slippage: Decimal
    funding: Decimal

    @property
    def round_trip(self) -> Decimal:
        """Cost of entering and leaving once, as a fraction of notional; never negative."""
        return max(Decimal(0), self.entry_fee + self.exit_fee + 2 * self.slippage + self.funding)


@dataclass(frozen=True, slots=True, kw_only=True)
class TradePlan:
    """An approved trade. Prices are on the venue's tick grid, quantity on its step grid.

    `stop_distance` is |entry - stop|, `atr` the trailing distance, `break_even` the entry moved by
    round-trip costs. `net_reward_to_risk` is to the second target after costs. `quantity` in base
    units, `notional`, `risk_amount` (loss at the stop including costs) and `margin` in quote
    currency; `risk_percent` of equity. `shrinks` says in words what made the trade smaller.
    """

    symbol: str
    direction: Direction
    entry: Decimal
    stop: Decimal
    stop_distance: Decimal
    targets: tuple[Target, Target, Target]
    break_even: Decimal
    atr: Decimal
    costs: TradingCosts
    gross_reward_to_risk: Decimal
    net_reward_to_risk: Decimal
    quantity: Decimal
    notional: Decimal
    margin: Decimal
    leverage: Decimal
    risk_amount: Decimal
    risk_percent: Decimal
    shrinks: tuple[str, ...]

    @property
    def stop_percent(self) -> Decimal:
        """Stop distance in percent of the entry."""
        return self.stop_distance / self.entry * 100

    def stop_after_first_target(self, break_even: Decimal) -> Decimal:
        """Where the stop goes: to break-even, but no further than the target.

        Where costs eat up more than the first target earns, the market has not been at break-even:
        nobody could leave there, and a stop order beyond the price is refused.
        """
        nearer = min if self.direction is Direction.LONG else max
        return nearer(break_even, self.targets[0].price)


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """One reason why a signal was not sent. `rule` is a stable name, `text` is for people."""

    rule: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """A refusal of the risk gate with every reason, not only the first."""

    denials: tuple[Denial, ...]
