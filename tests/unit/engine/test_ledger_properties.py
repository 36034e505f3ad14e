"""The chain breaks when anything in it changes, and one value has one text."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.ledger import EntryKind, LedgerEntry
from engine.ledger import next_entry, to_canonical_json, verify_chain

FIRST = datetime(1970, 1, 1, tzinfo=UTC)
INSTANTS = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001 - Hypothesis adds the zone itself
    max_value=datetime(2099, 1, 1),  # noqa: DTZ001 - Hypothesis adds the zone itself
    timezones=st.just(UTC),
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.decimals(allow_nan=False, allow_infinity=False, places=4)
    | INSTANTS
)
CONTENTS = st.dictionaries(st.text(max_size=8), LEAVES | st.lists(LEAVES, max_size=3), max_size=4)


@st.composite
def chains(draw: st.DrawFn) -> list[LedgerEntry]:
    entries: list[LedgerEntry] = []
    for content in draw(st.lists(CONTENTS, min_size=1, max_size=5)):
        head = entries[-1] if entries else None
        kind = draw(st.sampled_from(EntryKind))
        entries.append(next_entry(head, kind, draw(INSTANTS), content))
    return entries


def with_another_character(text: str, place: int, character: str) -> str:
    place %= len(text)
    if text[place] == character:
        character = "0" if character != "0" else "1"
    return text[:place] + character + text[place + 1 :]


def changed(entry: LedgerEntry, field: str, data: st.DataObject) -> LedgerEntry:
    if field == "sequence":
        return replace(entry, sequence=entry.sequence + data.draw(st.sampled_from([-1, 1, 7])))
    if field == "at":
        return replace(entry, at=entry.at + timedelta(milliseconds=1))
    if field == "kind":
        other = data.draw(st.sampled_from([kind for kind in EntryKind if kind is not entry.kind]))
        return replace(entry, kind=other)
    text = with_another_character(
        getattr(entry, field), data.draw(st.integers(0, 10_000)), data.draw(st.characters())
    )
    changes: dict[str, Any] = {field: text}
    return replace(entry, **changes)


@given(chains())
@settings(max_examples=50)
def test_untouched_chain_holds(chain: list[LedgerEntry]) -> None:
    assert verify_chain(chain) is None


@given(chain=chains(), data=st.data())
@settings(max_examples=150)
def test_any_change_breaks_the_chain_where_it_was_made(
    chain: list[LedgerEntry], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(chain) - 1))
    field = data.draw(st.sampled_from(["sequence", "at", "kind", "body", "previous_hash", "hash"]))
    forged = [*chain]
    forged[place] = changed(chain[place], field, data)
    assert verify_chain(forged) == place + 1


def told_simply(value: object) -> object:
    """The form that docs/record.md describes, put as simply as it can be."""
    if isinstance(value, Decimal):
        whole = format(+value, "f")  # to 28 digits, as all of Python's decimals
        text = whole.rstrip("0").rstrip(".") if "." in whole else whole
        return "0" if text == "-0" else text
    if isinstance(value, datetime):
        rounded = timedelta(milliseconds=round((value - FIRST) / timedelta(milliseconds=1)))
        return (FIRST + rounded).isoformat(timespec="milliseconds")[: -len("+00:00")] + "Z"
    if isinstance(value, list):
        return [told_simply(item) for item in value]
    return value


@given(CONTENTS)
@settings(max_examples=200)
def test_canonical_text_is_that_of_the_simplest_reading(content: dict[str, Any]) -> None:
    simple = {key: told_simply(value) for key, value in content.items()}
    text = json.dumps(simple, sort_keys=True, separators=(",", ":"))
    assert to_canonical_json(content) == text


@given(CONTENTS)
@settings(max_examples=100)
def test_canonical_text_is_stable_json(content: dict[str, Any]) -> None:
    text = to_canonical_json(content)
    assert text.isascii()
    assert to_canonical_json(json.loads(text)) == text
    assert to_canonical_json(dict(reversed(content.items()))) == text
