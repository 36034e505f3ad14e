"""Trouble with order flow, as /status tells it."""

from dataclasses import replace

import pytest

from app.flow_notes import flow_notes
from engine.order_flow import FlowTally
from exchanges.flow_stream import FlowHealth

TALLY = FlowTally(pairs=40, books_unusable=0, duplicates=7, late=3, missing=0, refused=1)
HEALTH = FlowHealth(
    open_connections=2,
    reconnects=1,
    bad_frames=1,
    dropped_books=0,
    books=40_000,
    trades=9_000,
    liquidations=12,
)


def test_order_flow_that_is_well_is_not_mentioned() -> None:
    assert flow_notes(TALLY, HEALTH) == []


@pytest.mark.parametrize(
    ("tally", "health", "told"),
    [
        (replace(TALLY, books_unusable=3), HEALTH, "3 of 40 order books are unusable"),
        (replace(TALLY, missing=5), HEALTH, "5 trades were never told by the venue"),
        (
            TALLY,
            replace(HEALTH, dropped_books=9),
            "9 order books dropped for newer ones under load",
        ),
    ],
)
def test_each_trouble_is_a_line_with_its_number(
    tally: FlowTally, health: FlowHealth, told: str
) -> None:
    assert flow_notes(tally, health) == [told]


def test_several_troubles_are_several_lines() -> None:
    notes = flow_notes(
        replace(TALLY, books_unusable=1, missing=1), replace(HEALTH, dropped_books=1)
    )
    assert len(notes) == 3
