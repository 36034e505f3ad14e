"""Entries that fit the chain and nothing else, and records made to hurt the verifier."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from domain.ledger import EntryKind, LedgerEntry
from engine.ledger import next_entry
from tests.unit.verifier.forging import Content, LoadedCandles, contents, rechained
from tests.unit.verifier.made_record import MadeRecord, make_record
from verifier import verify

RECORD: MadeRecord = make_record()
NOTHING = verify.CandleFolder(None)


# Entries that are not in their place


def _of_kind(entry: LedgerEntry, kind: str) -> LedgerEntry:
    strange: Any = kind
    return replace(entry, kind=strange)


def followed_by(kind: str, content: Content) -> verify.DoesNotHoldError | None:
    """What is wrong with the record and one more entry, chained as it should be."""
    head = RECORD.entries[-1]
    extra = next_entry(head, EntryKind.OUTCOME, head.at, {})
    data = rechained([*contents(), content], [*RECORD.entries, _of_kind(extra, kind)])
    return verify.verify(data, NOTHING).first_problem


def test_second_outcome_of_a_signal_is_refused() -> None:
    problem = followed_by("outcome", contents()[3])
    assert problem is not None
    assert "signal 3 has an outcome already, entry 4" in str(problem)


def test_correction_without_a_difference_is_refused() -> None:
    told = contents()[3]
    problem = followed_by(
        "correction", {"signal": 3, "restates": 4, "reason": "none", "outcome": told}
    )
    assert problem is not None
    assert "restates without a difference" in str(problem)


def test_correction_of_what_has_not_ended_is_refused() -> None:
    told = contents()[3]
    problem = followed_by(
        "correction", {"signal": 11, "restates": 20, "reason": "none", "outcome": told}
    )
    assert problem is not None
    assert "restates signal 11, which has no outcome" in str(problem)


def test_signal_out_of_turn_is_refused() -> None:
    problem = followed_by("signal", contents()[0])
    assert problem is not None
    assert problem.entry == len(RECORD.entries) + 1


@pytest.mark.parametrize("kind", ["note", "Outcome", ""])
def test_entry_of_an_unknown_kind_is_refused(kind: str) -> None:
    problem = followed_by(kind, contents()[3])
    assert problem is not None
    assert problem.entry == len(RECORD.entries) + 1


# What adds up and is wrong nevertheless, before any candle is looked at


@pytest.mark.parametrize("spaced", ["body", "line"])
def test_text_that_is_not_canonical_is_refused_though_its_hash_fits(spaced: str) -> None:
    _, first, *_ = RECORD.export.decode().splitlines()
    told = json.loads(first)
    if spaced == "body":
        told["body"] = told["body"].replace(",", ", ", 1)
        told["hash"] = verify.chained_hash(verify.GENESIS, told["body"])
    line = verify.canonical(told)
    line = line.replace(",", ", ", 1) if spaced == "line" else line
    with pytest.raises(verify.DoesNotHoldError, match="not canonical JSON"):
        verify.read_entry(1, line.encode(), verify.GENESIS)


def test_targets_that_do_not_rise_are_refused() -> None:
    told = contents()
    told[0]["plan"]["targets"].reverse()
    problem = verify.verify(rechained(told), NOTHING).first_problem
    assert problem is not None
    assert problem.entry == 1


def test_outcome_that_leaves_a_part_open_is_refused() -> None:
    told = contents()
    del told[7]["exits"][0]
    signal = verify.verify(RECORD.export, NOTHING).signals[5]
    legs = [
        (leg["state"], Decimal(leg["price"]), Decimal(leg["fraction"])) for leg in told[7]["exits"]
    ]
    told[7] |= verify.net_result(signal, legs)
    problem = verify.verify(rechained(told), NOTHING).first_problem
    assert problem is not None
    assert (problem.entry, problem.what) == (8, "the outcome does not close the position once")


# Records made to hurt the verifier


@pytest.mark.parametrize(
    ("table", "name", "value"),
    [
        ("rules", "maximum_hold_candles", 10**9),
        ("rules", "give_up_hours", "1" + "0" * 40),
        ("plan", "quantity", "1" + "0" * 60),
        ("plan", "leverage", "0"),
        ("plan", "targets", []),
    ],
)
def test_figures_beyond_reason_are_a_finding_and_no_crash(
    table: str, name: str, value: object
) -> None:
    told = contents()
    told[0][table][name] = value
    problem = verify.verify(rechained(told), NOTHING).first_problem
    assert problem is not None
    assert problem.entry == 1


def test_lines_of_brackets_are_a_finding_and_no_crash() -> None:
    data = RECORD.export.partition(b"\n")[0] + b"\n" + b"[" * 200_000 + b"\n"
    problem = verify.verify(data, NOTHING).first_problem
    assert problem is not None
    assert problem.entry == 1


def test_correction_is_about_its_signal_by_number(candles: LoadedCandles) -> None:
    told = contents()
    told[-1]["signal"] = 9
    assert verify.verify(rechained(told), candles).problems[-1].entry == len(told)
