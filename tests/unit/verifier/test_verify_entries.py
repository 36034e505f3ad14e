"""Entries that fit the chain and nothing else, and records made to hurt the verifier."""

import copy
import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
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


@pytest.mark.parametrize("number", ["0.5", "1e9", "NaN", "-Infinity"])
def test_number_that_is_not_written_as_a_text_is_refused_though_its_hash_fits(number: str) -> None:
    _, first, *_ = RECORD.export.decode().splitlines()
    told = json.loads(first)
    told["body"] = told["body"].replace('"coverage":"1"', f'"coverage":{number}', 1)
    told["hash"] = verify.chained_hash(verify.GENESIS, told["body"])
    with pytest.raises(verify.DoesNotHoldError, match=f"{number} is not written as a text"):
        verify.read_entry(1, verify.canonical(told).encode(), verify.GENESIS)


def test_targets_that_do_not_rise_are_refused() -> None:
    told = contents()
    told[0]["plan"]["targets"].reverse()
    problem = verify.verify(rechained(told), NOTHING).first_problem
    assert problem is not None
    assert problem.entry == 1


@pytest.mark.parametrize("fractions", [["0.5", "0.5"], ["0.25", "0.25", "0.25", "0.25"]])
def test_plan_of_more_or_fewer_targets_than_three_is_refused(fractions: list[str]) -> None:
    told = contents()[:1]
    plan, fourth = told[0]["plan"], {"multiple": "8", "price": "88"}
    rows = zip([*plan["targets"], fourth], fractions, strict=False)
    plan["targets"] = [{**row, "fraction": fraction} for row, fraction in rows]
    problem = verify.verify(rechained(told, RECORD.entries[:1]), NOTHING).first_problem
    assert problem is not None
    assert problem.what == "the plan has not three targets that close everything"


@pytest.mark.parametrize(
    ("published", "written", "is_refused"),
    [(-30, 0, False), (1, 1, False), (10, 0, True), (-61, 0, True), (-30, 1, True)],
    ids=["moved behind another", "at once", "early", "too late", "late for no reason"],
)
def test_signal_is_written_when_it_is_published(
    published: int, written: int, is_refused: bool
) -> None:
    """Seconds from the entry before to publication, and to the entry."""
    first, before = contents()[0], RECORD.entries[0]
    told, at = copy.deepcopy(first), before.at + timedelta(seconds=published)
    told["signal"], told["decision"]["as_of"] = 2, "2025-10-06T12:00:00.000Z"
    told["published_at"] = f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"
    second = replace(before, at=before.at + timedelta(seconds=written))
    problem = verify.verify(rechained([first, told], [before, second]), NOTHING).first_problem
    expected = "the signal was not written when it was published" if is_refused else None
    assert (problem and problem.what) == expected


@pytest.mark.parametrize(
    ("place", "value", "fault"),
    [
        (
            "valid_until",
            "2025-10-07T14:00:03.000Z",
            "the signal can be entered for more than a day",
        ),
        ("decision.as_of", "2025-10-06T14:10:00.000Z", "the decision is younger than"),
        ("decision.score", "1", "the decision lacks the score that it needed"),
        ("plan.leverage", "7.5", "the plan has a leverage that is not whole"),
        ("plan.risk_percent", "0", "the plan has a risk_percent that is not above 0"),
        ("plan.stop", "98.5", "the plan has a stop_distance that is not above 0"),
        ("plan.targets.1.multiple", "1.5", "target 2 is not further away than the one before"),
        ("tick", "0.04", "the plan has prices off the tick grid"),
        ("direction", "up", "the signal is neither long nor short"),
        ("rules.entry_tolerance_ticks", 11, "its rules are out of bounds"),
    ],
)
def test_plan_against_the_rules_is_refused_though_its_figures_add_up(
    place: str, value: object, fault: str
) -> None:
    told = contents()[0]
    *steps, name = place.split(".")
    _inner(told, steps)[name] = value
    problem = _first_fault_that_does_not_follow(told)
    assert problem is not None
    assert problem.what.startswith(fault)


def _first_fault_that_does_not_follow(told: Content) -> verify.DoesNotHoldError | None:
    """What remains when a forger has every figure say what follows from the others."""
    for _ in range(20):
        problem = verify.verify(rechained([told], RECORD.entries[:1]), NOTHING).first_problem
        wrong = problem and re.fullmatch(r"(the plan|target .) has the wrong (\w+)", problem.what)
        if not problem or not wrong:
            return problem
        place, name = wrong.groups()
        row = told["plan"] if place == "the plan" else told["plan"]["targets"][int(place[-1]) - 1]
        row[name] = problem.should
    return problem


def _inner(table: Any, steps: list[str]) -> Any:
    for step in steps:
        table = table[int(step) if step.isdigit() else step]
    return table


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


@pytest.mark.parametrize(("seconds", "is_refused"), [(-59, False), (-61, True)])
def test_outcome_is_not_written_before_it_happened(seconds: int, is_refused: bool) -> None:
    """Clocks may differ by a minute; the candle that ended signal 9 closed at its end."""
    place = next(n for n, told in enumerate(contents()) if "exits" in told and told["signal"] == 9)
    kept = [n for n, told in enumerate(contents()) if "plan" in told and told["signal"] <= 9]
    entries = [RECORD.entries[number] for number in (*kept, place)]
    ended = datetime.fromisoformat(contents()[place]["ended_at"])
    entries[-1] = replace(entries[-1], at=ended + timedelta(seconds=seconds))
    data = rechained([contents()[number] for number in (*kept, place)], entries)
    told = {problem.what for problem in verify.verify(data, NOTHING).problems}
    fault = "the outcome did not end between publication and this entry"
    assert (fault in told) == is_refused


def test_outcome_of_an_invented_state_is_refused_without_any_candle() -> None:
    told = contents()
    place = next(n for n, one in enumerate(told) if one.get("state") == "stopped")
    told[place]["state"] = told[place]["exits"][-1]["state"] = "won"
    problem = verify.verify(rechained(told), NOTHING).first_problem
    assert problem is not None
    assert (problem.entry, problem.says) == (place + 1, "won")
    assert problem.what == "the outcome has a state in which nothing ends"


# Records made to hurt the verifier


@pytest.mark.parametrize(
    ("table", "name", "value"),
    [
        ("rules", "maximum_hold_candles", 10**9),
        ("rules", "maximum_hold_candles", True),
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
