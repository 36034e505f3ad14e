"""A position on isolated margin, kept exactly: its cost is a sum, its entry price derived."""

from dataclasses import dataclass, replace
from decimal import Decimal

from domain.directions import Direction
from exchanges.matching.money import round_money


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPosition:
    """What is held on one symbol in one direction.

    `quantity` in base units, above 0. `cost` is the sum of price times quantity of what is open,
    `margin` the isolated margin; `realised` profit and `since_ms` count from its opening. Money in
    quote currency.
    """

    symbol: str
    direction: Direction
    quantity: Decimal
    cost: Decimal
    margin: Decimal
    leverage: int
    since_ms: int
    updated_ms: int
    realised: Decimal = Decimal(0)

    @property
    def entry_price(self) -> Decimal:
        """Mean price of what is open."""
        return self.cost / self.quantity

    def unrealised(self, mark: Decimal) -> Decimal:
        """Profit at a mark price, in quote currency."""
        return self.direction.sign * (mark * self.quantity - self.cost)

    def notional(self, mark: Decimal) -> Decimal:
        """Size at a mark price, in quote currency."""
        return mark * self.quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Reduction:
    """What is left of a position after a part was closed (None: flat), and what that earned."""

    left: HeldPosition | None
    realised: Decimal


def reduce_position(
    position: HeldPosition, price: Decimal, quantity: Decimal, at_ms: int
) -> Reduction:
    """Close `quantity` (at most what is open) at a price.

    Cost and margin go in proportion, rounded to the venue's eight decimals; what is rounded off
    one part stays with the other, so that the sums are exact however often it is done.
    """
    released = _part(position.cost, quantity, position.quantity)
    realised = position.direction.sign * (price * quantity - released)
    if quantity == position.quantity:
        return Reduction(left=None, realised=realised)
    left = replace(
        position,
        quantity=position.quantity - quantity,
        cost=position.cost - released,
        margin=position.margin - _part(position.margin, quantity, position.quantity),
        realised=position.realised + realised,
        updated_ms=at_ms,
    )
    return Reduction(left=left, realised=realised)


def _part(whole: Decimal, quantity: Decimal, of: Decimal) -> Decimal:
    return whole if quantity == of else round_money(whole * quantity / of)
