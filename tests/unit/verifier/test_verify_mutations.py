"""Whatever is changed in a record, by a slip or by a forger, is rejected."""

from dataclasses import replace
from datetime import timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.ledger import EntryKind
from tests.unit.verifier.forging import LoadedCandles, contents, forgeries, rechained
from tests.unit.verifier.made_record import MISTAKEN_ENTRY, STORIES, make_record
from verifier import verify

RECORD = make_record()
EXPORT = RECORD.export
LINES = EXPORT.splitlines()
TELLERS = [n for n, entry in enumerate(RECORD.entries) if entry.kind is not EntryKind.SIGNAL]
NEWEST_SIGNAL = max(
    number for number, entry in enumerate(RECORD.entries) if entry.kind is EntryKind.SIGNAL
)
LEVELS = (
    *("break_even", "costs", "entry", "gross_reward_to_risk", "leverage", "margin"),
    *("net_reward_to_risk", "notional", "quantity", "risk_amount", "stop", "stop_distance"),
    *("targets", "published_at", "direction", "signal"),
)


def problem_of(data: bytes, candles: verify.CandleFolder) -> verify.DoesNotHoldError | None:
    return verify.verify(data, candles).first_problem


def is_read(data: bytes) -> bool:
    """Whether a file passes what needs no candles."""
    try:
        verify.read_record(data, verify.Findings())
    except verify.DoesNotHoldError:
        return False
    return True


def test_the_record_as_it_was_made_holds(candles: LoadedCandles) -> None:
    findings = verify.verify(EXPORT, candles)
    assert findings.first_problem is None
    assert not findings.unchecked
    assert (findings.checked, len(findings.live)) == (10, 2)
    states = {one.outcome["state"] for one in findings.signals.values() if one.outcome is not None}
    assert states == verify.STATES - {"cancelled"}
    assert len(findings.signals) == len(STORIES)


def test_every_single_byte_of_an_entry_counts() -> None:
    previous = verify.GENESIS
    for number, line in enumerate(LINES[1:], start=1):
        for place, byte in enumerate(line):
            for other in (byte ^ 1, byte ^ 0x20):
                changed = line[:place] + bytes((other,)) + line[place + 1 :]
                with pytest.raises(verify.DoesNotHoldError) as caught:
                    verify.read_entry(number, changed, previous)
                assert caught.value.entry == number
        previous = verify.read_entry(number, line, previous).hash


def test_every_byte_of_the_header_and_every_line_feed_counts() -> None:
    header = range(len(LINES[0]))
    feeds = [place for place, byte in enumerate(EXPORT) if byte == ord("\n")]
    for place in (*header, *feeds):
        changed = EXPORT[:place] + bytes((EXPORT[place] ^ 1,)) + EXPORT[place + 1 :]
        assert not is_read(changed), place


@given(place=st.integers(0, len(EXPORT) - 1), byte=st.integers(0, 255))
@settings(max_examples=300)
def test_any_byte_anywhere_counts(place: int, byte: int) -> None:
    changed = EXPORT[:place] + bytes((byte,)) + EXPORT[place + 1 :]
    assert is_read(changed) == (changed == EXPORT)


@given(place=st.integers(0, len(EXPORT) - 1), more=st.binary(max_size=3), less=st.integers(0, 3))
@settings(max_examples=200)
def test_bytes_left_out_or_put_in_count(place: int, more: bytes, less: int) -> None:
    changed = EXPORT[:place] + more + EXPORT[place + less :]
    assert is_read(changed) == (changed == EXPORT)


@pytest.mark.parametrize("left", range(len(RECORD.entries)))
def test_cut_tail_is_found_by_the_header_and_by_a_posted_head(left: int) -> None:
    cut = b"\n".join(LINES[: left + 1]) + b"\n"
    assert not is_read(cut)
    mended = rechained(contents()[:left], RECORD.entries[:left])
    assert is_read(mended)
    posted = [(left + 1, RECORD.entries[left].hash)]
    findings = verify.verify(mended, verify.CandleFolder(None), posted)
    assert findings.first_problem is not None
    assert findings.first_problem.entry == left + 1


def test_two_entries_that_change_places_are_found() -> None:
    for first, second in combinations(range(1, len(LINES)), 2):
        lines = LINES.copy()
        lines[first], lines[second] = lines[second], lines[first]
        with pytest.raises(verify.DoesNotHoldError) as caught:
            verify.read_record(b"\n".join(lines) + b"\n", verify.Findings())
        assert caught.value.entry == first


def test_entry_that_is_left_out_is_found_though_the_chain_is_computed_anew(
    candles: LoadedCandles,
) -> None:
    everything, entries = contents(), RECORD.entries
    for number, entry in enumerate(entries):
        data = rechained(
            everything[:number] + everything[number + 1 :], entries[:number] + entries[number + 1 :]
        )
        head = (len(entries) - 1, entries[-2].hash)
        assert verify.verify(data, candles, [head]).problems or number == len(entries) - 1
        findings = verify.verify(data, candles)
        is_newest_signal = number == NEWEST_SIGNAL  # nothing in the record points to it
        assert bool(findings.problems or findings.unchecked) != is_newest_signal, entry


@pytest.mark.parametrize("number", TELLERS)
def test_forged_outcome_is_found_though_the_chain_is_computed_anew(
    number: int, candles: LoadedCandles
) -> None:
    told = contents()
    for what, forged in forgeries(told[number]):
        if _is_bound_by_the_chain_alone(number, what):
            continue
        data = rechained([*told[:number], forged, *told[number + 1 :]])
        found = {problem.entry for problem in verify.verify(data, candles).problems}
        assert number + 1 in found, what


def _is_bound_by_the_chain_alone(number: int, what: str) -> bool:
    """The words of a reason, and the times of exits that a correction has restated."""
    is_restated_time = number == MISTAKEN_ENTRY - 1 and "at=" in what
    return is_restated_time or (number == TELLERS[-1] and what.startswith("reason"))


@pytest.mark.parametrize("number", [0, 2, 5])
def test_plan_that_does_not_add_up_is_found(number: int, candles: LoadedCandles) -> None:
    told = contents()
    for what, forged in forgeries(told[number], LEVELS):
        data = rechained([*told[:number], forged, *told[number + 1 :]])
        assert problem_of(data, candles) is not None, what


def test_entry_that_is_older_than_the_one_before_is_found(candles: LoadedCandles) -> None:
    entries = list(RECORD.entries)
    late = next(n for n, entry in enumerate(entries) if entry.kind is EntryKind.OUTCOME)
    entries[late] = replace(entries[late], at=entries[late + 1].at + timedelta(seconds=1))
    problem = verify.verify(rechained(contents(), entries), candles).first_problem
    assert problem is not None
    assert (problem.entry, problem.what) == (late + 2, "is older than the entry before")


def test_head_that_was_posted_is_that_of_its_count(candles: LoadedCandles) -> None:
    heads = [(0, "0" * 8), *((e.sequence, e.hash[:8]) for e in RECORD.entries)]
    assert verify.verify(EXPORT, candles, heads).heads == len(heads)
    for count, posted in heads:
        wrong = ("1" if posted[0] != "1" else "2") + posted[1:]
        problem = verify.verify(EXPORT, candles, [(count, wrong)]).first_problem
        assert problem is not None
        assert problem.entry == count
