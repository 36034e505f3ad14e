"""Component: dollars on their way to exchanges are buying power, dollars that leave are not."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from domain.directions import NEUTRAL
from domain.onchain import StablecoinReading
from domain.parameters import Parameters
from layers.component import Component, Part, known, not_known, strongest
from layers.declarations import CHOICE, anchor, percent, require_rising, share
from layers.figures import dollars, signed_percent
from layers.onchain.declarations import signed_distance, usd
from layers.shapes import Anchor

LABEL: Final = "Stablecoins"


@dataclass(frozen=True, slots=True, kw_only=True)
class StablecoinScore(Parameters):
    """What dollars stand for: an hour's transfers, and a day's change of all there are."""

    quiet_usd: float = usd(1_000_000.0, "net dollars of an hour up to which they say nothing")
    large_usd: float = usd(10_000_000.0, "net dollars of an hour that are large")
    full_usd: float = usd(50_000_000.0, "net dollars of an hour that say most")
    large: float = anchor(75.0, "a large net inflow of dollars to exchanges")
    full: float = anchor(90.0, "the net inflow of dollars that says most")
    supply_coverage: float = share(
        0.3, "part of the component's data that the supply is; transfers are the rest"
    )
    supply_quiet: float = percent(0.05, "a day's change of supply up to which it says nothing")
    supply_strong: float = percent(0.5, "a day's change of supply that says most")
    supply: float = anchor(60.0, "a growth of supply that says most", CHOICE)

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        require_rising(quiet_usd=self.quiet_usd, large_usd=self.large_usd, full_usd=self.full_usd)
        require_rising(supply_quiet=self.supply_quiet, supply_strong=self.supply_strong)

    @property
    def anchors(self) -> tuple[Anchor, ...]:
        """Net dollars of an hour and their bullishness."""
        return (
            (self.quiet_usd, NEUTRAL),
            (self.large_usd, self.large),
            (self.full_usd, self.full),
        )

    @property
    def supply_anchors(self) -> tuple[Anchor, ...]:
        """Changes of supply in percent and their bullishness."""
        return ((self.supply_quiet, NEUTRAL), (self.supply_strong, self.supply))


@lru_cache(maxsize=8)
def stablecoin_flow(reading: StablecoinReading | None, shape: StablecoinScore) -> Component:
    """The value is the push of both parts in points of bullishness.

    It is the same for all coins, so that a close works it out once.
    """
    parts = []
    coverage = 0.0
    if reading is not None and reading.to_exchanges_usd is not None:
        parts.append(_flow_part(reading.to_exchanges_usd, reading.from_exchanges_usd or 0.0, shape))
        coverage += 1.0 - shape.supply_coverage
    if reading is not None and reading.supply_change_percent is not None:
        parts.append(_supply_part(reading.supply_change_percent, shape))
        coverage += shape.supply_coverage
    if not parts:
        return not_known(LABEL, "nobody watches them")
    push = sum(part.push for part in parts)
    told = strongest(parts, push) or "; ".join(part.text for part in parts)
    return known(LABEL, push, push, told[0].upper() + told[1:], coverage)


def _flow_part(to_exchanges: float, from_exchanges: float, shape: StablecoinScore) -> Part:
    """Net dollars, counted by how much of all that moved they are."""
    net, moved = to_exchanges - from_exchanges, to_exchanges + from_exchanges
    if not moved:
        return Part(0.0, "no large transfers of dollars in the last hour")
    push = signed_distance(net, shape.anchors) * abs(net) / moved
    told = f"{'came to' if net >= 0.0 else 'left'} exchanges in the last hour"
    return Part(push, f"net {dollars(abs(net))} of stablecoins {told}")


def _supply_part(change: float, shape: StablecoinScore) -> Part:
    push = signed_distance(change, shape.supply_anchors)
    return Part(push, f"stablecoin supply {signed_percent(change, 2)} in a day")
