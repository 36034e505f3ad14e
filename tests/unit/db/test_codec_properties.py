"""What is stored comes back, whatever it holds."""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.codec import (
    ACCOUNT,
    COURSE,
    DECISION,
    DENIALS,
    FILL,
    INTENT,
    MESSAGE,
    ORDER,
    PAST_OUTCOME,
    POSITION,
    SENTIMENT_SNAPSHOT,
    SHADOW,
    SIGNAL,
    TRANSFER,
    JsonCodec,
)
from domain.accounts import Account
from domain.decisions import Decision
from domain.instruments import Instrument
from domain.intents import Intent
from domain.lifecycle import LifecycleParameters
from domain.memory import PastOutcome
from domain.messages import OutgoingMessage
from domain.orders import Fill, Order
from domain.plans import Denial
from domain.positions import Position
from domain.sentiment import SentimentSnapshot
from domain.shadows import Shadow
from domain.signals import Course, Signal
from domain.transfers import Transfer

POSITIVE = st.decimals(min_value=Decimal("1e-18"), max_value=Decimal("1e18"))
LEAVES: dict[Any, st.SearchStrategy[Any]] = {
    bool: st.booleans(),
    int: st.integers(min_value=-(2**63), max_value=2**63 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False),
    str: st.text(max_size=20),
    Decimal: st.decimals(allow_nan=False, allow_infinity=False),
    datetime: st.datetimes(timezones=st.just(UTC)),
    timedelta: st.timedeltas(),
    types.NoneType: st.none(),
    LifecycleParameters: st.builds(
        LifecycleParameters,
        maximum_hold_candles=st.integers(1, 96),
        entry_tolerance_ticks=st.integers(0, 10),
        give_up_hours=st.floats(1, 720),
    ),
    Instrument: st.builds(
        Instrument,
        symbol=st.from_regex(r"[A-Z0-9]{1,20}", fullmatch=True),
        base=st.text(max_size=5),
        quote=st.just("USDT"),
        tick=POSITIVE,
        step=POSITIVE,
        minimum_quantity=POSITIVE,
        minimum_notional=POSITIVE,
        maximum_quantity=st.none() | POSITIVE,
        listed_at=st.none() | st.datetimes(timezones=st.just(UTC)),
    ),
}


def any_of(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of a domain type, built field by field from its annotations."""
    if hint in LEAVES:
        return LEAVES[hint]
    if get_origin(hint) in (Union, types.UnionType):
        return st.one_of([any_of(part) for part in get_args(hint)])
    if get_origin(hint) is tuple:
        return any_tuple(get_args(hint))
    if get_origin(hint) is Mapping:
        return st.dictionaries(*[any_of(part) for part in get_args(hint)], max_size=3)
    if isinstance(hint, type) and is_dataclass(hint):
        hints = get_type_hints(hint)
        return st.builds(hint, **{field.name: any_of(hints[field.name]) for field in fields(hint)})
    assert issubclass(hint, Enum)
    return st.sampled_from(hint)


def any_tuple(parts: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    if parts[-1] is Ellipsis:
        return st.lists(any_of(parts[0]), max_size=2).map(tuple)
    return st.tuples(*[any_of(part) for part in parts])


def assert_same_after_storing(codec: JsonCodec[Any], value: Any) -> None:
    text = codec.encode(value)
    stored = codec.decode(text)
    assert stored == value
    # Equal is not enough: 1.0 == 1.00 as decimals, but a price of 1.00 must stay one.
    assert codec.encode(stored) == text


thoroughly = settings(max_examples=40, suppress_health_check=list(HealthCheck))


@thoroughly
@given(any_of(Decision))
def test_any_decision_comes_back(decision: Decision) -> None:
    assert_same_after_storing(DECISION, decision)


@thoroughly
@given(any_of(Signal))
def test_any_signal_comes_back(signal: Signal) -> None:
    assert_same_after_storing(SIGNAL, signal)


@thoroughly
@given(any_of(Shadow))
def test_any_shadow_comes_back(shadow: Shadow) -> None:
    assert_same_after_storing(SHADOW, shadow)


@thoroughly
@given(any_of(Course))
def test_any_course_comes_back(course: Course) -> None:
    assert_same_after_storing(COURSE, course)


@thoroughly
@given(any_of(OutgoingMessage))
def test_any_message_comes_back(message: OutgoingMessage) -> None:
    assert_same_after_storing(MESSAGE, message)


@thoroughly
@given(any_of(tuple[Denial, ...]))
def test_any_denials_come_back(denials: tuple[Denial, ...]) -> None:
    assert_same_after_storing(DENIALS, denials)


@thoroughly
@given(any_of(Transfer))
def test_any_transfer_comes_back(transfer: Transfer) -> None:
    assert_same_after_storing(TRANSFER, transfer)


@thoroughly
@given(any_of(SentimentSnapshot))
def test_any_sentiment_snapshot_comes_back(snapshot: SentimentSnapshot) -> None:
    assert_same_after_storing(SENTIMENT_SNAPSHOT, snapshot)


@thoroughly
@given(any_of(PastOutcome))
def test_any_outcome_comes_back(outcome: PastOutcome) -> None:
    assert_same_after_storing(PAST_OUTCOME, outcome)


@thoroughly
@given(any_of(Intent))
def test_any_intent_comes_back(intent: Intent) -> None:
    assert_same_after_storing(INTENT, intent)


@thoroughly
@given(any_of(Position))
def test_any_position_comes_back(position: Position) -> None:
    assert_same_after_storing(POSITION, position)


@thoroughly
@given(any_of(Order))
def test_any_order_comes_back(order: Order) -> None:
    assert_same_after_storing(ORDER, order)


@thoroughly
@given(any_of(Fill))
def test_any_fill_comes_back(fill: Fill) -> None:
    assert_same_after_storing(FILL, fill)


@thoroughly
@given(any_of(Account))
def test_any_account_comes_back(account: Account) -> None:
    assert_same_after_storing(ACCOUNT, account)
