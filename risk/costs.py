"""What a round trip is expected to cost: fees, slippage and funding due within the hold."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Protocol

from domain.derivatives import Funding
from domain.directions import Direction
from domain.instruments import Instrument, to_decimal
from domain.parameters import Parameters, parameter
from domain.plans import TradingCosts
from risk.percentages import exact, fraction_of, share_of

_PRECISION = Decimal("0.00000001")
"""Grid of cost fractions; they are rounded up onto it, so that no cost is ever lost."""


class Terms(Protocol):
    """What is known of the terms on which a pair can be traded at an instant.

    Part of every `MarketSnapshot`, and known before its candles are gathered. What is None is
    unknown.
    """

    @property
    def instrument(self) -> Instrument:
        """The pair and the venue's steps."""

    @property
    def as_of(self) -> datetime:
        """The boundary decided on."""

    @property
    def spread_percent(self) -> float | None:
        """Distance between ask and bid in percent."""

    @property
    def funding(self) -> Funding | None:
        """The funding to come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CostParameters(Parameters):
    """The venue's fee schedule and what is expected where the market does not tell."""

    entry_fee_percent: float = parameter(
        0.05,
        doc="fee on the way in; 0.05 is the taker's rate, 0.02 the maker's for resting orders",
        unit="percent of notional",
        source="Binance USDⓈ-M fee schedule, VIP 0",
        low=0,
        high=1,
    )
    exit_fee_percent: float = parameter(
        0.05,
        doc="fee on each way out, stops and targets alike (a follower may close at market)",
        unit="percent of notional",
        source="Binance USDⓈ-M fee schedule, VIP 0",
        low=0,
        high=1,
    )
    slippage_atr_share: float = parameter(
        0.05,
        doc="drift between decision and fill, per side, as a share of ATR(14, 15m)",
        unit="ATR",
        source="three seconds are 1/300 of 15 minutes, and its square root is about 0.06",
        low=0,
        high=1,
    )
    unknown_spread_percent: float = parameter(
        0.10,
        doc="spread assumed when it is unknown: the widest the scanner lets pass",
        unit="percent",
        source="design 4.1",
        low=0,
        high=5,
    )
    unknown_funding_percent: float = parameter(
        0.05,
        doc="funding assumed when it is unknown: a cost in either direction",
        unit="percent of notional",
        source="five times the venue's base rate of 0.01 % per 8 hours",
        low=0,
        high=3,
    )
    shortest_funding_hours: float = parameter(
        1.0,
        doc="shortest interval between two fundings, assumed where a longer one is not proven",
        unit="hours",
        source="Binance USDⓈ-M funding intervals of 1, 4 and 8 hours",
        low=1,
        high=24,
    )


def compute_costs(
    direction: Direction,
    entry: Decimal,
    atr: Decimal,
    terms: Terms,
    maximum_hold: timedelta,
    parameters: CostParameters,
    *,
    entry_window: timedelta,
) -> TradingCosts:
    """Costs as fractions of the notional at entry, each rounded up.

    `entry` and `atr` are prices. A trade can be entered until `entry_window` after the close
    decided on, and is then held for `maximum_hold` at the longest. Exit costs count on the notional
    at entry too: the difference is a few percent of a fee, and longs and shorts stay exact mirrors.
    """
    held_until = terms.as_of + entry_window + maximum_hold
    funding = _funding_due(direction, terms.funding, terms.as_of, held_until, parameters)
    return TradingCosts(
        entry_fee=_rounded_up(share_of(parameters.entry_fee_percent)),
        exit_fee=_rounded_up(share_of(parameters.exit_fee_percent)),
        slippage=_rounded_up(_slippage(entry, atr, terms.spread_percent, parameters)),
        funding=_rounded_up(funding),
    )


def _slippage(
    entry: Decimal, atr: Decimal, spread_percent: float | None, parameters: CostParameters
) -> Decimal:
    # A crossed book (negative spread) is a passing glitch; it must not make a trade cheaper.
    if spread_percent is None or not 0 <= spread_percent < math.inf:
        spread_percent = parameters.unknown_spread_percent
    drift = exact(parameters.slippage_atr_share) * atr / entry
    return fraction_of(spread_percent) / 2 + drift


def _funding_due(
    direction: Direction,
    funding: Funding | None,
    as_of: datetime,
    held_until: datetime,
    parameters: CostParameters,
) -> Decimal:
    """Funding this direction pays until the end of the longest hold; never a gain.

    A rate floats until it is settled and the trade may end before, so what might be earned is not
    counted on. The time to the next payment proves that the interval is at least that long.
    """
    if funding is None or not math.isfinite(funding.rate) or funding.next_at <= as_of:
        return share_of(parameters.unknown_funding_percent)
    if funding.next_at > held_until:
        return Decimal(0)
    shortest = timedelta(hours=parameters.shortest_funding_hours)
    interval = max(shortest, funding.next_at - as_of)
    payments = 1 + (held_until - funding.next_at) // interval
    return max(Decimal(0), direction.sign * to_decimal(funding.rate) * payments)


def _rounded_up(fraction: Decimal) -> Decimal:
    return fraction.quantize(_PRECISION, rounding=ROUND_CEILING)
