"""Which breakers are told, and how often."""

from datetime import timedelta

import pytest

from domain.plans import Denial
from engine.breaker_alerts import find_activations
from engine.ports.storage import BreakerEvent, DecisionRecord
from tests.fakes.clock import AFTERNOON
from tests.unit.risk.trade_builders import make_candidate


def denied(symbol: str, *rules: str) -> DecisionRecord:
    denials = tuple(Denial(rule=rule, text=f"{rule} in words") for rule in rules)
    return DecisionRecord(decision=make_candidate(symbol=symbol), denials=denials)


def told(*records: DecisionRecord, recent: list[BreakerEvent] | None = None) -> list[str]:
    return [event.text for event in find_activations(records, recent or [], AFTERNOON)]


def test_breaker_of_all_pairs_is_told_once_without_a_pair() -> None:
    records = (denied("AUSDT", "overtrading"), denied("BUSDT", "overtrading"))
    (event,) = find_activations(records, [], AFTERNOON)
    assert event == BreakerEvent(
        breaker="overtrading", at=AFTERNOON, symbol=None, text="overtrading in words"
    )


def test_breaker_of_a_pair_is_told_for_each_pair_by_name() -> None:
    records = (denied("AUSDT", "extreme_volatility"), denied("BUSDT", "extreme_volatility"))
    assert told(*records) == [
        "AUSDT: extreme_volatility in words",
        "BUSDT: extreme_volatility in words",
    ]


def test_every_breaker_of_a_denial_is_told() -> None:
    assert told(denied("AUSDT", "max_positions", "revenge")) == [
        "max_positions in words",
        "AUSDT: revenge in words",
    ]


@pytest.mark.parametrize("rule", ["paused", "one_per_pair", "net_reward_to_risk", "no_atr"])
def test_what_is_no_trouble_or_no_breaker_is_not_told(rule: str) -> None:
    assert told(denied("AUSDT", rule)) == []


def test_what_was_told_lately_is_not_told_again_but_another_pair_is() -> None:
    before = AFTERNOON - timedelta(minutes=30)
    recent = [BreakerEvent(breaker="revenge", at=before, symbol="AUSDT", text="told")]
    records = (denied("AUSDT", "revenge"), denied("BUSDT", "revenge"))
    assert told(*records, recent=recent) == ["BUSDT: revenge in words"]


def test_decision_that_was_not_denied_activates_nothing() -> None:
    assert told(denied("AUSDT")) == []
