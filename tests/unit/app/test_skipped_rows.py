"""Rows of the exchange that were skipped, in /status."""

from app.skipped_rows import skipped_notes
from exchanges.rejected_rows import RejectedRows


def test_nothing_is_told_while_every_row_made_sense() -> None:
    assert skipped_notes(RejectedRows().counts) == []


def test_kinds_are_told_with_the_most_frequent_first() -> None:
    rejected = RejectedRows()
    for kind, name in (("frame", "a"), ("listing", "b"), ("listing", "c"), ("frame", "a")):
        rejected.add(kind, name, ValueError("odd"))
    rejected.add("listing", "b", ValueError("odd"))

    assert skipped_notes(rejected.counts) == [
        "the exchange told what makes no sense, which was skipped: 3 × listing, 2 × frame"
    ]
