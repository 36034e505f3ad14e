"""Rows that make no sense are skipped, whichever way that shows."""

from typing import Any

import pytest

from exchanges.ccxt_values import funding_of
from exchanges.rejected_rows import RejectedRows


@pytest.mark.parametrize(
    "row",
    [
        None,
        "row",
        [],
        {},
        {"fundingRate": "soon", "fundingTimestamp": 1},
        {"fundingRate": [], "fundingTimestamp": 1},
        {"fundingRate": 0.1, "fundingTimestamp": float("inf")},
        {"fundingRate": 0.1, "fundingTimestamp": 10**30},
    ],
)
def test_a_row_that_makes_no_sense_is_none_and_counted(row: Any) -> None:
    rejected = RejectedRows()

    assert rejected.kept("funding", "BTCUSDT", funding_of, row) is None
    assert rejected.counts == {"funding": 1}


def test_a_row_that_makes_sense_is_kept() -> None:
    rejected = RejectedRows()

    assert rejected.kept("share", "BTCUSDT", float, "0.5") == 0.5
    assert not rejected.counts
