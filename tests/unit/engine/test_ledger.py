"""The record: canonical text, the chain, and what entries say."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest

from domain.directions import Direction
from domain.errors import InvalidDataError
from domain.ledger import GENESIS_HASH, EntryKind, LedgerEntry
from engine.ledger import (
    next_entry,
    outcome_content,
    parse_canonical_json,
    parse_content,
    short_hash,
    signal_content,
    to_canonical_json,
    verify_chain,
)
from engine.lifecycle import start_course
from tests.unit.engine.minutes import Gains, follow, make_minutes
from tests.unit.risk.trade_builders import make_round_signal

AT = datetime(2026, 1, 31, 12, 0, 0, 123456, tzinfo=UTC)


def make_chain(length: int = 4) -> list[LedgerEntry]:
    entries: list[LedgerEntry] = []
    for number in range(length):
        head = entries[-1] if entries else None
        entries.append(next_entry(head, EntryKind.SIGNAL, AT, {"signal": number}))
    return entries


# Canonical text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [True, None]}, '{"a":[true,null],"b":1}'),
        (Decimal("1.500"), '"1.5"'),
        (Decimal("1E+3"), '"1000"'),
        (Decimal("-0.00"), '"0"'),
        (Decimal("0.00000001"), '"0.00000001"'),
        (AT, '"2026-01-31T12:00:00.123Z"'),
        (AT.astimezone(timezone(timedelta(hours=2))), '"2026-01-31T12:00:00.123Z"'),
        (Direction.LONG, '"long"'),
        ("\u00e9\n", '"\\u00e9\\n"'),
    ],
)
def test_value_has_one_text(value: object, text: str) -> None:
    assert to_canonical_json(value) == text


@pytest.mark.parametrize("value", [1.5, Decimal("NaN"), {1: 2}, {"a": object()}, b"x"])
def test_value_without_a_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        to_canonical_json(value)


def test_instant_without_a_time_zone_is_refused() -> None:
    with pytest.raises(InvalidDataError, match="time zone"):
        to_canonical_json(AT.replace(tzinfo=None))


@pytest.mark.parametrize(
    "text", ['{"a": 1}', '{"b":1,"a":1}', '{"a":1,"a":1}', "1.5", "nonsense", ""]
)
def test_text_in_another_form_is_refused(text: str) -> None:
    with pytest.raises(InvalidDataError):
        parse_canonical_json(text)


# The chain


def test_first_entry_follows_the_genesis_hash() -> None:
    entry = next_entry(None, EntryKind.SIGNAL, AT, {"price": Decimal("1.10")})
    assert entry.sequence == 1
    assert entry.previous_hash == GENESIS_HASH
    assert entry.body == (
        '{"at":"2026-01-31T12:00:00.123Z","content":{"price":"1.1"},"kind":"signal","sequence":1}'
    )
    assert entry.hash == sha256(f"{GENESIS_HASH}\n{entry.body}".encode()).hexdigest()


def test_entry_keeps_its_time_to_the_millisecond() -> None:
    assert next_entry(None, EntryKind.SIGNAL, AT, {}).at == AT.replace(microsecond=123000)


def test_next_entry_is_chained_to_the_head() -> None:
    first, second = make_chain(2)
    assert second.sequence == 2
    assert second.previous_hash == first.hash
    assert second.hash == sha256(f"{first.hash}\n{second.body}".encode()).hexdigest()


def test_time_never_runs_backwards_in_the_record() -> None:
    first = next_entry(None, EntryKind.SIGNAL, AT, {})
    second = next_entry(first, EntryKind.SIGNAL, AT - timedelta(seconds=1), {})
    third = next_entry(second, EntryKind.SIGNAL, AT + timedelta(seconds=1), {})
    assert (second.at, third.at) == (first.at, first.at + timedelta(seconds=1))
    assert verify_chain([first, second, third]) is None


def test_whole_chain_holds() -> None:
    chain = make_chain()
    assert verify_chain([]) is None
    assert verify_chain(chain) is None
    assert verify_chain(chain[2:], after=chain[1]) is None


def test_missing_entry_is_named() -> None:
    chain = make_chain()
    assert verify_chain([*chain[:1], *chain[2:]]) == 2
    assert verify_chain(chain[1:]) == 1


def test_number_left_out_is_found_though_the_hashes_fit() -> None:
    (first,) = make_chain(1)
    skipping = next_entry(replace(first, sequence=2), EntryKind.SIGNAL, AT, {})
    assert skipping.previous_hash == first.hash
    assert verify_chain([first, skipping]) == 2


def test_swapped_entries_are_named() -> None:
    first, second, third, fourth = make_chain()
    assert verify_chain([first, third, second, fourth]) == 2


def test_entry_rewritten_with_a_fitting_hash_breaks_the_next() -> None:
    chain = make_chain()
    forged = next_entry(chain[0], EntryKind.SIGNAL, AT, {"signal": 99})
    assert verify_chain([chain[0], forged, *chain[2:]]) == 3


def test_field_that_differs_from_the_body_is_found() -> None:
    (entry,) = make_chain(1)
    assert verify_chain([replace(entry, kind=EntryKind.OUTCOME)]) == 1
    assert verify_chain([replace(entry, at=AT + timedelta(seconds=1))]) == 1


def test_body_that_is_not_an_entrys_is_found_though_its_hash_fits() -> None:
    (entry,) = make_chain(1)
    for body in ("[]", "{}", entry.body.replace(",", ", "), "nonsense"):
        fitting = sha256(f"{GENESIS_HASH}\n{body}".encode()).hexdigest()
        assert verify_chain([replace(entry, body=body, hash=fitting)]) == 1


def test_posts_show_eight_digits() -> None:
    assert short_hash("0123456789abcdef" * 4) == "01234567"


# Contents


PATH: list[Gains] = [
    (0.5, 0.6, -0.1, 0.4),
    (1.0, 3.0, 0.9, 2.9),
    (2.9, 5.6, 2.8, 5.0),
    (5.0, 5.1, 4.6, 4.8),
]


def record(direction: Direction, path: list[Gains]) -> tuple[Any, Any]:
    """What a stranger reads of a signal and of its outcome: plain JSON."""
    signal = make_round_signal(direction)
    course, _ = follow(signal, make_minutes(path, direction))
    first = next_entry(None, EntryKind.SIGNAL, AT, signal_content(signal))
    second = next_entry(first, EntryKind.OUTCOME, AT, outcome_content(signal, course))
    assert verify_chain([first, second]) is None
    return json.loads(first.body)["content"], json.loads(second.body)["content"]


@pytest.mark.parametrize("direction", list(Direction))
def test_stranger_can_recompute_the_result_from_the_record_alone(direction: Direction) -> None:
    signal, outcome = record(direction, PATH)
    sign = 1 if outcome["direction"] == "long" else -1
    entry = Decimal(signal["plan"]["entry"])
    costs = {name: Decimal(value) for name, value in signal["plan"]["costs"].items()}
    total = Decimal(0)
    for leg in outcome["exits"]:
        is_at_target = leg["state"] in ("tp1", "tp2", "tp3")
        cost = sum(costs.values()) + (0 if is_at_target else costs["slippage"])
        gain = sign * (Decimal(leg["price"]) - entry) - entry * cost
        total += Decimal(leg["fraction"]) * gain
    assert Decimal(outcome["net_r"]) == total / Decimal(signal["plan"]["stop_distance"])
    assert Decimal(outcome["net_percent"]) == total / entry * 100


def test_outcome_says_when_and_how_each_part_closed() -> None:
    _, outcome = record(Direction.LONG, PATH)
    assert outcome["state"] == "trailed"
    assert outcome["triggered_at"] == "2025-10-06T14:02:00.000Z"
    assert outcome["ended_at"] == "2025-10-06T14:05:00.000Z"
    assert [(leg["state"], leg["price"], leg["fraction"]) for leg in outcome["exits"]] == [
        ("tp1", "103", "0.4"),
        ("tp2", "105", "0.4"),
        ("trailed", "104.6", "0.2"),
    ]


def test_publication_says_what_binds_it() -> None:
    signal, _ = record(Direction.SHORT, PATH)
    assert signal["published_at"] == "2025-10-06T14:00:02.000Z"
    assert signal["valid_until"] == "2025-10-06T14:15:00.000Z"
    assert signal["plan"]["stop"] == "102"
    assert [target["price"] for target in signal["plan"]["targets"]] == ["97", "95", "92"]
    assert signal["decision"]["layers"][0]["layer"] == "technical"


def test_expired_signal_has_an_outcome_without_exits() -> None:
    _, outcome = record(Direction.LONG, [(0.5, 0.6, 0.4, 0.5)] * 14)
    assert (outcome["state"], outcome["exits"], outcome["net_r"]) == ("expired", [], "0")
    assert outcome["triggered_at"] is None


def test_content_is_read_back() -> None:
    signal = make_round_signal()
    entry = next_entry(None, EntryKind.SIGNAL, AT, outcome_content(signal, start_course(signal)))
    assert parse_content(entry)["pair"] == "SOL/USDT"


@pytest.mark.parametrize("body", ["nonsense", "[]", "{}", '{"content":1}'])
def test_body_without_content_is_refused(body: str) -> None:
    (entry,) = make_chain(1)
    with pytest.raises(InvalidDataError, match="entry 1"):
        parse_content(replace(entry, body=body))
