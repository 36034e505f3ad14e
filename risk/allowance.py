"""An amount of money on its way down to what is allowed, with every step in words."""

from dataclasses import dataclass, replace
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Cap:
    """A limit in quote currency and, in words, what sets it."""

    limit: Decimal
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """An amount in quote currency, and what made it smaller, in order."""

    amount: Decimal
    shrinks: tuple[str, ...] = ()

    def times(self, factor: Decimal, reason: str) -> "Allowance":
        """Multiplied by a factor of at most 1; a factor of 1 needs no reason."""
        if factor == 1:
            return self
        return Allowance(amount=self.amount * factor, shrinks=(*self.shrinks, reason))

    def capped(self, cap: Cap) -> "Allowance":
        """Cut to a cap, never below 0; what fits already stays as it is."""
        if self.amount <= cap.limit:
            return self
        return Allowance(amount=max(Decimal(0), cap.limit), shrinks=(*self.shrinks, cap.reason))

    def as_amount(self, amount: Decimal) -> "Allowance":
        """The same story told of another amount that follows from this one."""
        return replace(self, amount=amount)
