"""Component: what the wallets that the operator follows do with the coin."""

from dataclasses import dataclass
from typing import Final

from domain.directions import NEUTRAL
from domain.onchain import SmartMoneyReading
from domain.parameters import Parameters, parameter
from layers.component import Component, known, not_known
from layers.declarations import CHOICE, anchor

LABEL: Final = "Smart money"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmartMoneyScore(Parameters):
    """What buyers among the followed wallets stand for; sellers are their mirror."""

    few: float = anchor(70.0, "one or more buyers within an hour")
    many: float = anchor(90.0, "many buyers within an hour")
    many_wallets: int = parameter(
        3, doc="wallets from which they are many", unit="wallets", source=CHOICE, low=2, high=100
    )


def smart_money(reading: SmartMoneyReading | None, shape: SmartMoneyScore) -> Component:
    """Buyers against sellers. The value is the one count less the other."""
    if reading is None:
        return not_known(LABEL, "nobody watches this coin")
    if not reading.watched:
        return not_known(LABEL, "no wallets to follow")
    distance = _push(reading.buyers, shape) - _push(reading.sellers, shape)
    return known(LABEL, float(reading.buyers - reading.sellers), distance, _words(reading))


def _push(wallets: int, shape: SmartMoneyScore) -> float:
    if not wallets:
        return 0.0
    return (shape.many if wallets >= shape.many_wallets else shape.few) - NEUTRAL


def _words(reading: SmartMoneyReading) -> str:
    if not reading.buyers and not reading.sellers:
        return f"None of {reading.watched} followed wallets moved it in the last hour"
    sides = sorted(((reading.buyers, "bought"), (reading.sellers, "sold")), reverse=True)
    told = ", ".join(f"{count} {what}" for count, what in sides if count)
    return f"Of {reading.watched} followed wallets {told} in the last hour"
