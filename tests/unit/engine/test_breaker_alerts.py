"""Which breakers are told, and how often."""

from datetime import timedelta

import pytest

from domain.access import Role
from domain.breakers import Effect
from domain.plans import Denial
from engine.breaker_alerts import (
    Trip,
    find_activations,
    tell_activations,
    trips_at_once,
    trips_of_denials,
)
from engine.ports.storage import BreakerEvent, DecisionRecord
from risk.breakers import BreakerParameters, Ruling, all_breakers
from tests.fakes.clock import AFTERNOON
from tests.fakes.storage import InMemoryStorage
from tests.unit.engine.kept import look_into
from tests.unit.engine.plain_presenter import PlainPresenter
from tests.unit.risk.trade_builders import make_candidate

BEFORE = AFTERNOON - timedelta(minutes=30)


def denied(symbol: str, *rules: str) -> DecisionRecord:
    denials = tuple(Denial(rule=rule, text=f"{rule} in words") for rule in rules)
    return DecisionRecord(decision=make_candidate(symbol=symbol), denials=denials)


def told(*records: DecisionRecord, recent: list[BreakerEvent] | None = None) -> list[str]:
    trips = trips_of_denials(records)
    return [trip.text for trip in find_activations(trips, recent or [], AFTERNOON)]


def test_breaker_of_all_pairs_is_told_once_without_a_pair() -> None:
    records = (denied("AUSDT", "overtrading"), denied("BUSDT", "overtrading"))
    (trip,) = find_activations(trips_of_denials(records), [], AFTERNOON)
    assert trip == Trip(breaker="overtrading", symbol=None, text="overtrading in words", since=None)


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


@pytest.mark.parametrize(
    "rule", ["paused", "one_per_pair", "drawdown", "net_reward_to_risk", "no_atr"]
)
def test_what_is_no_trouble_or_no_breaker_or_told_elsewhere_is_not_told(rule: str) -> None:
    assert told(denied("AUSDT", rule)) == []


def test_what_was_told_lately_is_not_told_again_but_another_pair_is() -> None:
    recent = [BreakerEvent(breaker="revenge", at=BEFORE, symbol="AUSDT", text="told")]
    records = (denied("AUSDT", "revenge"), denied("BUSDT", "revenge"))
    assert told(*records, recent=recent) == ["BUSDT: revenge in words"]


def test_decision_that_was_not_denied_activates_nothing() -> None:
    assert told(denied("AUSDT")) == []


def test_what_is_told_at_once_are_results_costs_and_the_clock() -> None:
    rulings = [
        Ruling(breaker=breaker.name, effect=Effect.BLOCK, text="words", since=BEFORE)
        for breaker in all_breakers(BreakerParameters())
    ]
    found = {trip.breaker for trip in trips_at_once(rulings)}
    assert found == {"loss_streak", "hourly_losses", "clock_health", "fee_share", "win_streak"}


@pytest.mark.parametrize(("minutes", "is_new"), [(-1, True), (0, False), (1, False), (600, False)])
def test_event_since_it_tripped_tells_of_the_same_activation(minutes: float, is_new: bool) -> None:
    since = AFTERNOON - timedelta(hours=5)
    trip = Trip(breaker="win_streak", symbol=None, text="words", since=since)
    at = since + timedelta(minutes=minutes)
    event = BreakerEvent(breaker="win_streak", at=at, symbol=None, text="told")
    assert find_activations([trip], [event], AFTERNOON) == ([trip] if is_new else [])


def test_denial_knows_since_when_its_breaker_has_tripped() -> None:
    ruling = Ruling(breaker="loss_streak", effect=Effect.BLOCK, text="words", since=BEFORE)
    (trip,) = trips_of_denials([denied("AUSDT", "loss_streak")], [ruling])
    assert trip.since == BEFORE


async def test_activation_is_stored_and_told_to_each_admin_once_however_often_it_is_found() -> None:
    storage = InMemoryStorage()
    trip = Trip(breaker="loss_streak", symbol=None, text="3 losses", since=BEFORE)
    async with storage() as unit:
        for admin in (7, 8):
            await unit.users.grant(admin, Role.ADMIN, at=AFTERNOON, how="settings")
        await unit.commit()
    for minutes in range(3):
        async with storage() as unit:
            at = AFTERNOON + timedelta(minutes=minutes)
            await tell_activations(unit, PlainPresenter(), [trip, trip], at)
            await unit.commit()
    kept = await look_into(storage)
    assert [(event.breaker, event.at) for event in kept.events] == [("loss_streak", AFTERNOON)]
    assert [(message.recipient, message.text) for message in kept.messages] == [
        ("7", "alert: 3 losses"),
        ("8", "alert: 3 losses"),
    ]
