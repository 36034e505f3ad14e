"""Leans: which way funding, crowds, open interest and liquidations point, and how far."""

import pytest

from domain.derivatives import (
    DerivativesReading,
    Funding,
    OpenInterestMeaning,
    OpenInterestReading,
    Positioning,
)
from layers.orderflow.derivatives import (
    crowd_lean,
    funding_lean,
    is_urgent,
    liquidation_lean,
    open_interest_lean,
)
from tests.unit.layers.orderflow.derivatives.observed import NOON_MS, PARAMETERS, noon_in

FAR = 240.0


def funding(rate: float, minutes: float = FAR) -> Funding:
    return Funding(rate=rate, next_at=noon_in(minutes))


def positioning(
    crowd: float | None, accounts: float | None = None, positions: float | None = None
) -> Positioning:
    return Positioning(
        exchange_ms=NOON_MS,
        crowd_long_share=crowd,
        top_accounts_long_share=accounts,
        top_positions_long_share=positions,
    )


def open_interest(change: float, meaning: OpenInterestMeaning) -> OpenInterestReading:
    return OpenInterestReading(
        exchange_ms=NOON_MS,
        quantity=1000,
        change_percent=change,
        price_change_percent=1,
        span_seconds=300,
        meaning=meaning,
    )


def liquidated(longs: float, shorts: float, proximity: float = 0.0) -> DerivativesReading:
    return DerivativesReading(
        at_ms=NOON_MS,
        open_interest=None,
        funding=None,
        funding_exchange_ms=None,
        positioning=None,
        clusters=(),
        proximity=proximity,
        longs_liquidated=longs,
        shorts_liquidated=shorts,
    )


@pytest.mark.parametrize(
    ("rate", "lean"),
    [
        (0.0, 0.0),
        (0.0001, 0.0),
        (-0.0001, 0.0),
        (0.0003, -0.5),
        (-0.0003, 0.5),
        (0.0005, -1.0),
        (0.01, -1.0),
        (-0.01, 1.0),
    ],
)
def test_funding_leans_against_those_who_pay(rate: float, lean: float) -> None:
    assert funding_lean(funding(rate), NOON_MS, PARAMETERS) == pytest.approx(lean)


@pytest.mark.parametrize(
    ("minutes", "lean"), [(121, -0.5), (120, -0.75), (1, -0.75), (0, -0.75), (-1, -0.5)]
)
def test_funding_is_urgent_before_its_settlement(minutes: float, lean: float) -> None:
    settled = funding(0.0003, minutes)
    assert funding_lean(settled, NOON_MS, PARAMETERS) == pytest.approx(lean)
    assert is_urgent(settled.next_at, NOON_MS, PARAMETERS.funding) is (lean == -0.75)


def test_urgent_funding_never_leans_beyond_full() -> None:
    assert funding_lean(funding(0.00049, 1), NOON_MS, PARAMETERS) == -1


@pytest.mark.parametrize(
    ("shares", "lean"),
    [
        (positioning(None), 0.0),
        (positioning(0.70), 0.0),
        (positioning(0.30), 0.0),
        (positioning(0.775), -0.25),
        (positioning(0.225), 0.25),
        (positioning(0.95), -0.5),
        (positioning(0.5, 0.60, 0.40), 0.0),
        (positioning(0.5, 0.75, 0.75), 0.5),
        (positioning(0.5, 0.25, 0.25), -0.5),
        (positioning(0.5, 0.75, 0.25), 0.0),
        (positioning(0.5, 0.75, None), 0.25),
        (positioning(0.9, 0.1, 0.1), -1.0),
        (positioning(0.1, 0.9, 0.9), 1.0),
        (positioning(0.9, 0.9, 0.9), 0.0),
    ],
)
def test_crowd_is_faded_and_top_traders_are_followed(shares: Positioning, lean: float) -> None:
    assert crowd_lean(shares, PARAMETERS) == pytest.approx(lean, abs=1e-9)


@pytest.mark.parametrize(
    ("change", "meaning", "lean"),
    [
        (0.55, OpenInterestMeaning.NEW_LONGS, 0.5),
        (0.55, OpenInterestMeaning.NEW_SHORTS, -0.5),
        (-0.55, OpenInterestMeaning.SHORT_COVERING, 0.15),
        (-0.55, OpenInterestMeaning.LONG_LIQUIDATION, -0.15),
        (2.0, OpenInterestMeaning.NEW_LONGS, 1.0),
        (-2.0, OpenInterestMeaning.LONG_LIQUIDATION, -0.3),
        (2.0, OpenInterestMeaning.QUIET, 0.0),
    ],
)
def test_open_interest_leans_by_its_meaning_and_size(
    change: float, meaning: OpenInterestMeaning, lean: float
) -> None:
    assert open_interest_lean(open_interest(change, meaning), PARAMETERS) == pytest.approx(lean)


@pytest.mark.parametrize(
    ("reading", "lean"),
    [
        (liquidated(0, 0), 0.0),
        (liquidated(0, 50_000), 0.0),
        (liquidated(0, 2e6), 0.3),
        (liquidated(2e6, 0), -0.3),
        (liquidated(1e6, 1e6), 0.0),
        (liquidated(0, 525_000), 0.15),
        (liquidated(0, 0, 1.0), 0.2),
        (liquidated(0, 0, -0.5), -0.1),
        (liquidated(0, 2e6, 1.0), 0.5),
    ],
)
def test_forced_orders_push_the_price_on(reading: DerivativesReading, lean: float) -> None:
    assert liquidation_lean(reading, PARAMETERS) == pytest.approx(lean)
