"""A local book is whole, or says that it is not."""

import pytest

from exchanges.recordings.importing.local_book import Change, LocalBook, Outcome, Snapshot

SNAPSHOT = Snapshot(last_id=100, bids=[("10.0", "1"), ("9.9", "2")], asks=[("10.1", "3")])


def change(first: int, last: int, previous: int | None, bid: tuple[str, str]) -> Change:
    return Change(
        event_ms=last, first_id=first, last_id=last, previous_id=previous, bids=[bid], asks=[]
    )


def begun() -> LocalBook:
    book = LocalBook()
    assert book.reset(SNAPSHOT)
    return book


def is_usable(book: LocalBook) -> bool:
    return book.last_id is not None


def test_levels_are_set_and_taken_away_and_the_best_come_first() -> None:
    book = begun()

    assert book.change(change(98, 105, 97, ("10.05", "7"))) is Outcome.APPLIED
    assert book.change(change(106, 110, 105, ("10.0", "0.000"))) is Outcome.APPLIED

    assert book.best(2) == ([("10.05", "7"), ("9.9", "2")], [("10.1", "3")])
    assert book.last_id == 110


def test_changes_before_the_snapshot_wait_and_those_it_holds_already_are_passed_over() -> None:
    book = LocalBook()
    assert book.change(change(80, 90, 79, ("1.0", "1"))) is Outcome.WAITING
    assert book.change(change(91, 103, 90, ("2.0", "1"))) is Outcome.WAITING
    assert not is_usable(book)

    assert book.reset(SNAPSHOT)

    assert book.last_id == 103
    assert book.best(9)[0] == [("10.0", "1"), ("9.9", "2"), ("2.0", "1")]


def test_a_gap_makes_the_book_unusable_until_a_new_snapshot() -> None:
    book = begun()
    book.change(change(98, 105, 97, ("9.0", "1")))

    assert book.change(change(120, 125, 119, ("9.1", "1"))) is Outcome.BROKEN
    assert not is_usable(book)
    assert book.change(change(126, 130, 125, ("9.2", "1"))) is Outcome.WAITING

    assert book.reset(Snapshot(last_id=122, bids=[("8.0", "1")], asks=[("9.9", "1")]))
    assert book.last_id == 130
    assert book.best(5)[0] == [("9.2", "1"), ("9.1", "1"), ("8.0", "1")]


def test_a_change_that_comes_twice_changes_nothing() -> None:
    book = begun()
    twice = change(98, 105, 97, ("9.0", "1"))
    book.change(twice)

    assert book.change(twice) is Outcome.OLD
    assert book.change(change(106, 107, 105, ("9.0", "2"))) is Outcome.APPLIED


def test_a_snapshot_in_the_middle_is_passed_over_unless_it_is_newer() -> None:
    book = begun()
    book.change(change(98, 105, 97, ("9.0", "1")))

    assert not book.reset(Snapshot(last_id=104, bids=[], asks=[]))
    assert book.last_id == 105
    assert book.reset(Snapshot(last_id=200, bids=[("5.0", "1")], asks=[]))
    assert book.best(1) == ([("5.0", "1")], [])


def test_the_first_change_may_follow_the_snapshot_without_spanning_it() -> None:
    assert begun().change(change(140, 150, 100, ("9.0", "1"))) is Outcome.APPLIED
    assert begun().change(change(140, 150, 101, ("9.0", "1"))) is Outcome.BROKEN


@pytest.mark.parametrize(
    ("first", "outcome"), [(106, Outcome.APPLIED), (107, Outcome.BROKEN), (90, Outcome.BROKEN)]
)
def test_without_a_predecessor_the_ids_themselves_must_be_contiguous(
    first: int, outcome: Outcome
) -> None:
    book = begun()
    assert book.change(change(101, 105, None, ("9.0", "1"))) is Outcome.APPLIED

    assert book.change(change(first, 110, None, ("9.0", "2"))) is outcome
