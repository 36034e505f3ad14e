"""Open interest, funding, positioning and liquidations of one pair."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.directions import Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class Funding:
    """Funding to come. `rate` is a fraction of notional that longs pay shorts at `next_at`."""

    rate: float
    next_at: datetime


class OpenInterestMeaning(StrEnum):
    """Open interest read against price."""

    NEW_LONGS = "new longs"
    NEW_SHORTS = "new shorts"
    SHORT_COVERING = "short covering"
    LONG_LIQUIDATION = "long liquidation"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenInterestObservation:
    """Open positions in base units at an instant.

    `period_ms` lies between two instants of which the venue tells it; 0 where it tells the present.
    """

    exchange_ms: int
    quantity: float
    period_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenInterestReading:
    """Open interest now and how it moved with the price over the last minutes.

    `span_seconds` is the time that the changes really cover.
    """

    exchange_ms: int
    quantity: float
    change_percent: float
    price_change_percent: float
    span_seconds: float
    meaning: OpenInterestMeaning


@dataclass(frozen=True, slots=True, kw_only=True)
class Positioning:
    """Shares of longs, 0 to 1: among all accounts, and among top traders' accounts and positions.

    A share that the venue does not tell is None. `exchange_ms` is the end of the venue's period.
    """

    exchange_ms: int
    crowd_long_share: float | None
    top_accounts_long_share: float | None
    top_positions_long_share: float | None


@dataclass(frozen=True, slots=True)
class Liquidation:
    """A forced order that was executed. `liquidated` is the direction of the position it ended."""

    exchange_ms: int
    price: float
    quantity: float
    liquidated: Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class LiquidationCluster:
    """A price at which many positions would be liquidated, by estimate.

    `liquidated` is their direction: longs lie below the price, shorts above. `notional` is in quote
    currency, `distance_percent` from the price (0 or more).
    """

    liquidated: Direction
    price: float
    notional: float
    distance_percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivativesReading:
    """What is known of open positions at an instant; what is unknown or too old is None or empty.

    `funding_exchange_ms` is when `funding` was asked for. `clusters` are the nearest first.
    `proximity` in [-1, 1] is 1 on a cluster and 0 far from any: positive when the nearest lies
    above (shorts would have to buy), negative below. The liquidated notionals are those of the
    last five minutes in quote currency, a sample as the venue tells at most one a second.
    """

    at_ms: int
    open_interest: OpenInterestReading | None
    funding: Funding | None
    funding_exchange_ms: int | None
    positioning: Positioning | None
    clusters: tuple[LiquidationCluster, ...]
    proximity: float
    longs_liquidated: float
    shorts_liquidated: float
