"""Every threshold of what open interest, funding, positioning and liquidations say."""

from dataclasses import dataclass, field

from domain.parameters import Parameters, parameter
from layers.declarations import (
    CHOICE,
    DESIGN,
    minutes,
    percent,
    rate,
    require_rising,
    share,
)
from layers.orderflow.derivatives.map_parameters import LiquidationMapShape

HALF = 50.0
MIRRORED = "design 4.3, one extreme for both sides"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ages(Parameters):
    """How old a fact may be at the instant of a reading, and how late a reading may be asked."""

    open_interest: float = minutes(
        2.0,
        "age from which open interest is unknown; one period more where the venue tells periods",
    )
    positioning: float = minutes(15.0, "age from which long shares are unknown")
    funding: float = minutes(5.0, "age from which the funding rate is unknown")
    lateness: float = minutes(
        10.0, "how far before the newest event a reading still finds all it needs", high=60
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenInterestShape(Parameters):
    """Open interest against price."""

    span: float = minutes(5.0, "time over which changes are measured", DESIGN, high=60)
    shortest_span: float = minutes(2.0, "shortest time that serves while history grows", high=60)
    longest_span: float = minutes(10.0, "longest time that serves across a hole", high=120)
    quiet: float = percent(0.1, "change of open interest below which nothing is read")
    quiet_price: float = percent(0.05, "change of price below which nothing is read")
    full: float = percent(1.0, "change of open interest that leans in full")
    opening_lean: float = share(1.0, "strongest lean of new longs; of new shorts its negative")
    closing_lean: float = share(
        0.3, "strongest lean of short covering; of long liquidation its negative"
    )

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        require_rising(quiet=self.quiet, full=self.full)
        if not self.shortest_span <= self.span <= self.longest_span:
            raise ValueError(
                f"span is {self.span}; it must lie between shortest_span, which is "
                f"{self.shortest_span}, and longest_span, which is {self.longest_span}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingShape(Parameters):
    """Contrarian and symmetric: who pays much is crowded."""

    neutral: float = rate(0.0001, "rate, of either sign, up to which nothing is read", DESIGN)
    full: float = rate(0.0005, "rate, of either sign, that leans in full", DESIGN)
    urgent_minutes: float = minutes(120.0, "time before settlement that is urgent", DESIGN)
    urgency: float = parameter(
        1.5, doc="factor while urgent", unit="multiple", source=DESIGN, low=1, high=10
    )

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        require_rising(neutral=self.neutral, full=self.full)


@dataclass(frozen=True, slots=True, kw_only=True)
class PositioningShape(Parameters):
    """The crowd is faded at an extreme, top traders are followed.

    One extreme for both sides of the crowd, the stricter of the two in use (70 % of longs, 65 % of
    shorts): accounts are mostly long by habit, so the lower one would speak far too often.
    """

    crowd_extreme: float = percent(70.0, "longs or shorts in the crowd that are faded", MIRRORED)
    crowd_full: float = percent(85.0, "longs or shorts in the crowd that are faded in full")
    top_clear: float = percent(60.0, "longs or shorts of top traders to follow", DESIGN)
    top_full: float = percent(75.0, "longs or shorts of top traders to follow in full")
    crowd_lean: float = share(0.5, "strongest lean against the crowd")
    top_lean: float = share(0.5, "strongest lean with top traders")

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        require_rising(crowd_extreme=self.crowd_extreme, crowd_full=self.crowd_full)
        require_rising(top_clear=self.top_clear, top_full=self.top_full)
        if min(self.crowd_extreme, self.top_clear) < HALF:
            raise ValueError(f"crowd_extreme and top_clear must be at least {HALF}: a majority")


@dataclass(frozen=True, slots=True, kw_only=True)
class LiquidationShape(Parameters):
    """What forced orders, executed and expected, do to the price: they push it on."""

    quiet_notional: float = parameter(
        50_000.0, doc="liquidated up to which nothing is read", unit="quote", source=CHOICE, low=0
    )
    full_notional: float = parameter(
        1_000_000.0, doc="liquidated that leans in full", unit="quote", source=CHOICE, low=1
    )
    executed_lean: float = share(0.3, "strongest lean of executed liquidations")
    cluster_lean: float = share(0.2, "strongest lean towards a near cluster")

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        require_rising(quiet_notional=self.quiet_notional, full_notional=self.full_notional)


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivativesParameters(Parameters):
    """Open interest, funding, positioning, liquidations and the map of those to come."""

    ages: Ages = field(default_factory=Ages)
    open_interest: OpenInterestShape = field(default_factory=OpenInterestShape)
    funding: FundingShape = field(default_factory=FundingShape)
    positioning: PositioningShape = field(default_factory=PositioningShape)
    liquidations: LiquidationShape = field(default_factory=LiquidationShape)
    liquidation_map: LiquidationMapShape = field(default_factory=LiquidationMapShape)
