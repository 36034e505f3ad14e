"""Component: whether coins leave exchanges or come to them, and who takes on DEXes."""

from dataclasses import dataclass
from typing import Final

from domain.directions import NEUTRAL
from domain.onchain import DexActivity, ExchangeFlowReading
from domain.parameters import Parameters, parameter
from layers.component import Component, Part, known, not_known, strongest
from layers.declarations import CHOICE, anchor, multiple, require_rising, share
from layers.figures import dollars
from layers.onchain.declarations import signed_distance, usd
from layers.shapes import Anchor

LABEL: Final = "Exchange flow"
_USUAL: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowScore(Parameters):
    """What an hour's net flow stands for, in standard deviations of the provider's own hours."""

    quiet_z: float = multiple(0.5, "deviation up to which a flow says nothing", CHOICE)
    clear_z: float = multiple(1.0, "deviation of a clear flow", CHOICE)
    extreme_z: float = multiple(2.0, "deviation of an extreme flow")
    full_z: float = multiple(4.0, "deviation that says most", CHOICE)
    clear: float = anchor(70.0, "a clear net outflow")
    extreme: float = anchor(90.0, "an extreme net outflow")
    full: float = anchor(100.0, "the net outflow that says most")
    uncompared_quiet_usd: float = usd(
        1_000_000.0, "net flow up to which one without a comparison says nothing"
    )
    uncompared_full_usd: float = usd(
        20_000_000.0, "net flow at which one without a comparison says most"
    )
    uncompared: float = anchor(70.0, "the most that a net outflow without a comparison says")

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        require_rising(
            quiet_z=self.quiet_z,
            clear_z=self.clear_z,
            extreme_z=self.extreme_z,
            full_z=self.full_z,
        )
        require_rising(
            uncompared_quiet_usd=self.uncompared_quiet_usd,
            uncompared_full_usd=self.uncompared_full_usd,
        )

    @property
    def anchors(self) -> tuple[Anchor, ...]:
        """Deviations and their bullishness."""
        return (
            (self.quiet_z, NEUTRAL),
            (self.clear_z, self.clear),
            (self.extreme_z, self.extreme),
            (self.full_z, self.full),
        )

    @property
    def uncompared_anchors(self) -> tuple[Anchor, ...]:
        """Net dollars and their bullishness where there is no comparison."""
        return (
            (self.uncompared_quiet_usd, NEUTRAL),
            (self.uncompared_full_usd, self.uncompared),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DexScore(Parameters):
    """What the takers' side on decentralised exchanges stands for."""

    coverage: float = share(0.4, "part of the component's data that DEXes are; flow is the rest")
    least_liquidity_usd: float = usd(
        250_000.0, "pools below which trades are not believed: a small pool is cheaply painted"
    )
    doubt: float = parameter(
        40.0,
        doc="swaps that are added to both sides' sum so that a few do not say all",
        unit="swaps",
        source=CHOICE,
        low=1,
        high=10_000,
    )
    quiet: float = share(0.1, "buys less sells over all swaps up to which they say nothing")
    strong: float = share(0.5, "buys less sells over all swaps that say most")
    full: float = anchor(70.0, "buyers on DEXes that say most", CHOICE)

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        require_rising(quiet=self.quiet, strong=self.strong)


def exchange_flow(
    flow: ExchangeFlowReading | None, dex: DexActivity | None, score: FlowScore, pools: DexScore
) -> Component:
    """Coins that leave are kept, coins that come are for sale; buyers on DEXes add to the first.

    What counts is the departure from the provider's usual hour. The value is the push of both parts
    in points of bullishness.
    """
    parts = []
    coverage = 0.0
    if flow is not None:
        parts.append(_flow_part(flow, score))
        coverage += 1.0 - pools.coverage
    if dex is not None and dex.liquidity_usd >= pools.least_liquidity_usd:
        parts.append(_dex_part(dex, pools))
        coverage += pools.coverage
    if not parts:
        reason = "nobody watches this coin" if dex is None else "pools on DEXes too small"
        return not_known(LABEL, reason)
    push = sum(part.push for part in parts)
    told = strongest(parts, push) or "; ".join(part.text for part in parts)
    return known(LABEL, push, push, told[0].upper() + told[1:], coverage)


def _flow_part(flow: ExchangeFlowReading, shape: FlowScore) -> Part:
    if flow.z_score is None:
        push = signed_distance(flow.net_usd, shape.uncompared_anchors)
        compared = f", only {flow.hours_known} h to compare"
    else:
        push = signed_distance(flow.z_score, shape.anchors)
        compared = _comparison(flow.net_usd, flow.z_score)
    return Part(push, f"{_net(flow.net_usd)} in the last hour{compared}")


def _net(net_usd: float) -> str:
    if not net_usd:
        return "no net flow"
    return f"net {dollars(abs(net_usd))} {'left' if net_usd > 0.0 else 'came to'} exchanges"


def _comparison(net_usd: float, z_score: float) -> str:
    """How unusual, in the direction that the flow has."""
    if abs(z_score) < _USUAL:
        return ", as usual"
    if not net_usd:
        return f", {abs(z_score):.1f} sd from usual"
    return f", {abs(z_score):.1f} sd {'above' if z_score * net_usd > 0.0 else 'below'} usual"


def _dex_part(dex: DexActivity, shape: DexScore) -> Part:
    swaps = dex.buys + dex.sells
    lean = (dex.buys - dex.sells) / (swaps + shape.doubt)
    push = signed_distance(lean, ((shape.quiet, NEUTRAL), (shape.strong, shape.full)))
    if not swaps:
        return Part(push, "no swaps on DEXes")
    side, count = ("sells", dex.sells) if dex.sells > dex.buys else ("buys", dex.buys)
    return Part(push, f"DEX {side} {count / swaps:.0%} of {swaps} swaps")
