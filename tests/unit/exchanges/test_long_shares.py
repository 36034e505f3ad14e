"""Long shares from several requests become the positioning of one instant."""

from typing import Any

import pytest

from domain.derivatives import Positioning
from domain.errors import InvalidDataError
from exchanges.long_shares import binance_sources, positioning_of, unified_source

NOON, LATER, LATEST = 1_000_000, 1_300_000, 1_600_000


def test_the_newest_instant_that_all_have_in_common_counts() -> None:
    ahead = {LATER: 0.4, LATEST: 0.9}

    assert positioning_of({NOON: 0.1, LATER: 0.6}, ahead, {LATER: 0.5}) == Positioning(
        exchange_ms=LATER,
        crowd_long_share=0.6,
        top_accounts_long_share=0.4,
        top_positions_long_share=0.5,
    )


def test_who_tells_nothing_stays_unknown() -> None:
    assert positioning_of({}, {NOON: 0.4, LATER: 0.3}) == Positioning(
        exchange_ms=LATER,
        crowd_long_share=None,
        top_accounts_long_share=0.3,
        top_positions_long_share=None,
    )


def test_who_has_fallen_behind_stays_unknown() -> None:
    assert positioning_of({LATEST: 0.6}, {NOON: 0.4}, {NOON: 0.5}) == Positioning(
        exchange_ms=LATEST,
        crowd_long_share=0.6,
        top_accounts_long_share=None,
        top_positions_long_share=None,
    )


def test_nothing_told_is_no_positioning() -> None:
    assert positioning_of({}) is None
    assert positioning_of({}, {}, {}) is None


def test_binance_tells_the_share_itself() -> None:
    crowd = binance_sources()[0]

    # The ratio of a row may contradict its shares.
    row = {"longAccount": "0.6622", "longShortRatio": "0.1960", "timestamp": "1583139600000"}
    assert crowd.read(row) == (1_583_139_600_000, 0.6622)


def test_elsewhere_the_ratio_is_longs_per_short() -> None:
    source = unified_source("5min")

    at_ms, share = source.read({"timestamp": NOON, "longShortRatio": 1.5})

    assert at_ms == NOON
    assert share == pytest.approx(0.6)
    assert source.read({"timestamp": NOON, "longShortRatio": 0})[1] == 0


@pytest.mark.parametrize(
    "row",
    [
        {"longAccount": "1.2", "longShortRatio": "-1", "timestamp": NOON},
        {"longAccount": "-0.1", "longShortRatio": "inf", "timestamp": NOON},
        {"longAccount": "nan", "longShortRatio": "nan", "timestamp": NOON},
        {"longAccount": "0.5", "longShortRatio": "1", "timestamp": 0},
    ],
)
def test_impossible_shares_are_refused(row: dict[str, Any]) -> None:
    for source in (binance_sources()[0], unified_source("5m")):
        with pytest.raises(InvalidDataError):
            source.read(row)
