"""From allowed risk to a position: caps, the venue's filters, and always down (design 4.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.instruments import Instrument
from domain.plans import Denial
from risk.allowance import Allowance, Cap
from risk.levels import Levels


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """A position that every rule allows.

    `quantity` in base units; `notional` and `risk_amount` (loss at the stop, costs included) in
    quote currency; `shrinks` is what made it smaller, in words.
    """

    quantity: Decimal
    notional: Decimal
    risk_amount: Decimal
    shrinks: tuple[str, ...]


def compute_size(
    risk: Allowance, caps: Sequence[Cap], instrument: Instrument, levels: Levels
) -> Size | Denial:
    """The largest position on the venue's grid that loses at most `risk` and passes every cap.

    Caps are notionals in quote currency, applied in their order. What ends below the venue's
    minimum is denied, never rounded up.
    """
    notional = risk.as_amount(risk.amount / levels.loss_per_unit * levels.entry)
    for cap in (*caps, *_venue_caps(instrument, levels)):
        notional = notional.capped(cap)
    quantity = instrument.quantity(notional.amount / levels.entry)
    size = _size_of(quantity, levels, notional.shrinks)
    return size if _is_tradable(size, instrument) else _below_minimum(size, instrument)


def size_without_limits(risk_amount: Decimal, instrument: Instrument, levels: Levels) -> Size:
    """The position that loses `risk_amount` at the stop, whatever the venue takes.

    At least one step, although that may lose more.
    """
    quantity = instrument.quantity(risk_amount / levels.loss_per_unit)
    return _size_of(max(quantity, instrument.step), levels, ())


def _size_of(quantity: Decimal, levels: Levels, shrinks: tuple[str, ...]) -> Size:
    return Size(
        quantity=quantity,
        notional=quantity * levels.entry,
        risk_amount=quantity * levels.loss_per_unit,
        shrinks=shrinks,
    )


def _venue_caps(instrument: Instrument, levels: Levels) -> tuple[Cap, ...]:
    if instrument.maximum_quantity is None:
        return ()
    largest = instrument.maximum_quantity
    reason = f"the venue's largest order of {largest:f} {instrument.base}"
    return (Cap(largest * levels.entry, reason),)


def _is_tradable(size: Size, instrument: Instrument) -> bool:
    return (
        size.quantity > 0
        and size.quantity >= instrument.minimum_quantity
        and size.notional >= instrument.minimum_notional
    )


def _below_minimum(size: Size, instrument: Instrument) -> Denial:
    because = f" ({'; '.join(size.shrinks)})" if size.shrinks else ""
    text = (
        f"size {size.quantity:f} {instrument.base} ({size.notional:.2f} {instrument.quote}) is "
        f"below the venue's minimum of {instrument.minimum_quantity:f} {instrument.base} and "
        f"{instrument.minimum_notional:f} {instrument.quote}{because}"
    )
    return Denial(rule="below_minimum", text=text)
