"""Every threshold of what the on-chain tracker reads and remembers."""

from dataclasses import dataclass, field

from domain.parameters import Parameters, parameter
from layers.declarations import CHOICE, DESIGN, minutes, require_rising, share
from layers.onchain.declarations import usd


@dataclass(frozen=True, slots=True, kw_only=True)
class Ages(Parameters):
    """How long a provider may be silent before an instant, and how late a reading may be asked."""

    transfers: float = minutes(30.0, "silence after which transfers of a coin are unknown")
    supply: float = minutes(720.0, "silence after which the supply of dollars is unknown")
    dex: float = minutes(60.0, "silence after which trades on DEXes are unknown")
    lateness: float = minutes(
        20.0, "how far before the newest answer a reading still finds all it needs", high=60
    )
    ahead: float = minutes(
        2.0, "how far chain time may be ahead of the answer that tells of a transfer", high=120
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WhaleWindow(Parameters):
    """Which transfers are large, and how they fade with their own age."""

    window: float = minutes(30.0, "time in which large transfers count", DESIGN)
    least_usd: float = usd(500_000.0, "value from which a transfer is large", DESIGN)
    fresh: float = minutes(5.0, "age below which a transfer counts in full", DESIGN)
    recent: float = minutes(15.0, "age below which it counts as recent", DESIGN)
    late: float = minutes(30.0, "age below which it counts as late", DESIGN)
    recent_factor: float = share(0.7, "how much a recent transfer counts", DESIGN)
    late_factor: float = share(0.4, "how much a late one counts", DESIGN)
    old_factor: float = share(0.2, "how much an older one counts", DESIGN)

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        require_rising(fresh=self.fresh, recent=self.recent, late=self.late)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowHistory(Parameters):
    """What an hour's net flow is compared with."""

    days: int = parameter(
        7, doc="days of hours to compare with", unit="days", source=CHOICE, low=1, high=7
    )
    least_hours: int = parameter(
        24,
        doc="known hours below which there is no comparison",
        unit="hours",
        source=CHOICE,
        low=2,
        high=168,
    )
    least_deviation_usd: float = usd(
        500_000.0,
        "smallest standard deviation that is believed: one large transfer in a quiet coin must not "
        "look like a thousand",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingParameters(Parameters):
    """Windows, ages and sizes of all readings."""

    ages: Ages = field(default_factory=Ages)
    whales: WhaleWindow = field(default_factory=WhaleWindow)
    flow_history: FlowHistory = field(default_factory=FlowHistory)
    stablecoin_least_usd: float = usd(
        500_000.0, "value from which a transfer of dollars counts", DESIGN
    )
    smart_least_usd: float = usd(
        10_000.0,
        "net value from which a followed wallet counts as buyer or seller: anybody can send dust",
    )
    kept_days: int = parameter(
        8,
        doc="days that a transfer is remembered, and accepted, after it happened",
        unit="days",
        source=CHOICE,
        low=8,
        high=30,
    )
