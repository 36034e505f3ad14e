"""From decisions to stored signals: together or not at all, the best first."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest

from domain.access import Role
from domain.breakers import Latch
from domain.correlations import Correlations
from domain.decisions import Decision, Discard
from domain.errors import ConflictError, StorageUnavailableError
from domain.ledger import EntryKind
from domain.lifecycle import LifecycleParameters
from domain.market import MarketSnapshot
from domain.messages import CHANNEL, Action
from domain.sentiment import MacroReading, MacroState, Sentiment
from domain.signals import Course, SignalState
from domain.timeframes import to_ms
from domain.trading_state import PauseState
from engine.issue import (
    IssueParameters,
    IssueResult,
    IssueSignals,
    is_post_key,
    post_key,
)
from engine.ledger import next_entry, parse_content
from engine.ports.storage import DecisionRecord, Storage
from engine.risk_state import RiskFacts
from risk.breakers import BreakerParameters
from risk.breakers.max_positions import MaxPositionsParameters
from risk.gate import RiskParameters
from tests.builders.market import make_instrument
from tests.builders.outside import make_macro
from tests.fakes.clock import AFTERNOON, HandClock
from tests.fakes.storage import InMemoryStorage
from tests.unit.engine.failing_storage import FailingStorage
from tests.unit.engine.kept import NOTHING, look_into
from tests.unit.engine.plain_presenter import PlainPresenter
from tests.unit.risk.trade_builders import make_candidate, make_snapshot

SOL, ETH, XRP = "SOLUSDT", "ETHUSDT", "XRPUSDT"
PAIRS = ("AUSDT", "BUSDT", "CUSDT")
STRANGERS = Correlations(
    values=dict.fromkeys(combinations(sorted((SOL, ETH, XRP, *PAIRS)), 2), 0.0)
)
"""Pairs that have nothing to do with each other."""

ONE_AT_A_TIME = replace(
    RiskParameters(),
    breakers=BreakerParameters(max_positions=MaxPositionsParameters(maximum_positions=1)),
)


def candidate(symbol: str = SOL, score: float = 90.0) -> Decision:
    return make_candidate(symbol=symbol, score=score)


def discarded(symbol: str) -> Decision:
    decision = replace(candidate(symbol), direction=None, discards=(Discard.NO_DIRECTION,))
    return replace(decision, tier=None, score=50.0)


def snapshot_of(decision: Decision) -> MarketSnapshot:
    base = decision.symbol.removesuffix("USDT")
    return make_snapshot(instrument=make_instrument(base, tick="0.01", step="0.01"))


@dataclass
class Desk:
    """What issues signals, two seconds after a close."""

    risk: RiskParameters = field(default_factory=RiskParameters)
    facts: RiskFacts = field(
        default_factory=lambda: RiskFacts(correlations=lambda _as_of, _live: STRANGERS)
    )
    storage: InMemoryStorage = field(default_factory=InMemoryStorage)
    issuing: IssueParameters = field(default_factory=IssueParameters)

    def __post_init__(self) -> None:
        self.clock = HandClock(AFTERNOON + timedelta(seconds=2))

    async def issue(
        self,
        *decisions: Decision,
        storage: Storage | None = None,
        macro: MacroReading | None = None,
    ) -> IssueResult:
        issue = IssueSignals(
            storage=storage or self.storage,
            presenter=PlainPresenter(),
            clock=self.clock,
            risk=self.risk,
            parameters=self.issuing,
            facts=self.facts,
        )
        sentiment = Sentiment(at_ms=to_ms(AFTERNOON), macro=macro)
        return await issue(
            decisions,
            {each.symbol: replace(snapshot_of(each), sentiment=sentiment) for each in decisions},
        )

    async def latest(self, symbol: str) -> DecisionRecord:
        async with self.storage() as unit:
            record = await unit.decisions.find_latest(symbol)
        assert record is not None
        return record


class Waiting(FailingStorage):
    """Whoever asks for the head of the ledger waits for another writer first."""

    def __init__(self, kept: Storage, clock: HandClock) -> None:
        super().__init__(kept)
        self._clock = clock

    async def step(self, name: str, call: Callable[[], Any]) -> Any:
        if name == "ledger.find_head":
            self._clock.advance(0.05)
        return await super().step(name, call)


@pytest.mark.parametrize(("window_seconds", "funding"), [(900.0, "0"), (3600.0, "0.0001")])
async def test_funding_that_a_late_entry_would_pay_is_in_the_plan(
    window_seconds: float, funding: str
) -> None:
    # Funding is due 4 hours after the close, the longest hold is 3 hours and a quarter.
    rules = LifecycleParameters(maximum_hold_candles=13)
    desk = Desk(
        risk=replace(RiskParameters(), lifecycle=rules),
        issuing=IssueParameters(entry_window_seconds=window_seconds),
    )
    (followed,) = (await desk.issue(candidate())).issued
    signal = followed.signal
    assert signal.plan.costs.funding == Decimal(funding)
    assert signal.valid_until == AFTERNOON + desk.issuing.entry_window


async def test_signal_that_waited_for_its_turn_is_published_when_it_is_written() -> None:
    desk = Desk()
    written_meanwhile = desk.clock.now() + timedelta(milliseconds=30)
    async with desk.storage() as unit:
        await unit.ledger.append(next_entry(None, EntryKind.OUTCOME, written_meanwhile, {}))
        await unit.commit()
    result = await desk.issue(candidate(), storage=Waiting(desk.storage, desk.clock).storage)
    (followed,) = result.issued
    entry = (await look_into(desk.storage)).ledger[-1]
    assert followed.signal.published_at == entry.at > written_meanwhile


async def test_signal_is_stored_with_its_course_its_entry_and_its_post() -> None:
    desk = Desk()
    result = await desk.issue(candidate())
    kept = await look_into(desk.storage)

    (followed,) = kept.signals
    assert result.issued == (followed,)
    assert followed.signal.id == 1
    assert followed.signal.decision == candidate()
    assert followed.signal.published_at == AFTERNOON + timedelta(seconds=2)
    assert followed.signal.valid_until == AFTERNOON + timedelta(minutes=15)
    assert followed.course == Course(state=SignalState.PUBLISHED, stop=followed.signal.plan.stop)

    (entry,) = kept.ledger
    assert followed.ledger_hash == entry.hash
    assert (entry.sequence, entry.at) == (1, followed.signal.published_at)
    assert parse_content(entry)["signal"] == 1

    (message,) = kept.messages
    assert (message.key, message.recipient, message.edits) == ("signal:1", CHANNEL, None)
    assert message.text == "post of #1: published"
    assert [(button.action, button.subject) for button in message.buttons] == [
        (Action.EXECUTE, 1),
        (Action.WHY, 1),
        (Action.CHART, 1),
    ]
    assert (await desk.latest(SOL)).signal_id == 1


async def test_discarded_decisions_are_kept_too() -> None:
    desk = Desk()
    result = await desk.issue(discarded(ETH), discarded(XRP))
    assert result.issued == ()
    kept = await look_into(desk.storage)
    assert (kept.decisions.decided, kept.decisions.sent, kept.decisions.denied) == (2, 0, 0)
    assert (kept.signals, kept.ledger, kept.messages) == ([], [], [])
    assert await desk.latest(ETH) == DecisionRecord(decision=discarded(ETH))


async def test_best_score_comes_first_and_takes_the_last_seat() -> None:
    desk = Desk(ONE_AT_A_TIME)
    result = await desk.issue(candidate(SOL, 80.0), discarded(ETH), candidate(XRP, 85.0))
    assert [followed.signal.plan.symbol for followed in result.issued] == [XRP]
    denied = await desk.latest(SOL)
    assert denied.signal_id is None
    assert [denial.rule for denial in denied.denials] == ["max_positions"]


async def test_like_scores_are_served_in_order_of_their_names() -> None:
    result = await Desk(ONE_AT_A_TIME).issue(candidate(XRP), candidate(ETH), candidate(SOL))
    assert [followed.signal.plan.symbol for followed in result.issued] == [ETH]


async def test_each_signal_is_judged_against_those_issued_before_it() -> None:
    desk = Desk()
    result = await desk.issue(*(candidate(f"P{number}USDT") for number in range(8)))
    risked = sum((each.signal.plan.risk_percent for each in result.issued), Decimal(0))
    assert 1 < len(result.issued) < 8
    assert risked <= Decimal(6)
    kept = await look_into(desk.storage)
    assert kept.decisions.denied == 8 - len(result.issued)


async def test_every_reason_of_a_denial_is_kept() -> None:
    desk = Desk()
    async with desk.storage() as unit:
        await unit.state.set_pause(PauseState(is_paused=True, by="terminal", reason="news"))
        await unit.commit()
    wild = replace(candidate(), atr=4.0, atr_ratio=5.0)
    result = await desk.issue(wild)
    assert result.issued == ()
    record = await desk.latest(SOL)
    rules = [denial.rule for denial in record.denials]
    assert rules[:2] == ["paused", "extreme_volatility"]
    assert len(rules) == 3
    assert "news" in record.denials[0].text
    kept = await look_into(desk.storage)
    assert (kept.signals, kept.ledger) == ([], [])


async def test_ids_and_the_chain_go_on_from_batch_to_batch() -> None:
    desk = Desk()
    await desk.issue(candidate(SOL), candidate(ETH, 89.0))
    desk.clock.advance(900)
    await desk.issue(candidate(XRP))
    kept = await look_into(desk.storage)
    assert [followed.signal.id for followed in kept.signals] == [1, 2, 3]
    assert [entry.sequence for entry in kept.ledger] == [1, 2, 3]
    assert [each.ledger_hash for each in kept.signals] == [entry.hash for entry in kept.ledger]
    assert kept.keys == ["signal:1", "signal:2", "signal:3"]


async def test_breaker_is_told_to_every_admin_once_and_not_once_per_pair() -> None:
    desk = Desk(ONE_AT_A_TIME)
    async with desk.storage() as unit:
        for admin in (7, 8):
            await unit.users.grant(admin, Role.ADMIN, at=AFTERNOON, how="settings")
        await unit.commit()
    await desk.issue(candidate(SOL), candidate(ETH), candidate(XRP))
    await desk.issue(replace(candidate("AUSDT"), as_of=AFTERNOON))
    desk.clock.advance(900)
    await desk.issue(candidate("BUSDT"))
    kept = await look_into(desk.storage)
    alerts = [message for message in kept.messages if message.recipient != CHANNEL]
    assert [alert.recipient for alert in alerts] == ["7", "8"]
    assert all(alert.text.startswith("alert: 1 trade is live") for alert in alerts)
    assert [(event.breaker, event.symbol) for event in kept.events] == [("max_positions", None)]


async def test_breaker_that_still_trips_an_hour_later_is_told_again() -> None:
    desk = Desk(ONE_AT_A_TIME)
    await desk.issue(candidate(SOL), candidate(ETH))
    desk.clock.advance(3601)
    await desk.issue(candidate(ETH))
    assert len((await look_into(desk.storage)).events) == 2


async def steps_of(*decisions: Decision) -> list[str]:
    desk = Desk(ONE_AT_A_TIME)
    counting = FailingStorage(desk.storage)
    await desk.issue(*decisions, storage=counting.storage)
    return counting.steps


async def test_failure_at_any_step_leaves_nothing_behind() -> None:
    decisions = (candidate(SOL), candidate(ETH), discarded(XRP))
    steps = await steps_of(*decisions)
    assert {"signals.add", "ledger.append", "outbox.put", "decisions.add"} < set(steps)
    assert steps[-1] == "commit"
    for number, step in enumerate(steps):
        desk = Desk(ONE_AT_A_TIME)
        failing = FailingStorage(desk.storage, number)
        with pytest.raises(StorageUnavailableError):
            await desk.issue(*decisions, storage=failing.storage)
        assert failing.has_failed, step
        assert await look_into(desk.storage) == NOTHING, step
        assert len((await desk.issue(*decisions)).issued) == 1


async def test_lost_race_at_any_step_is_run_again() -> None:
    desk = Desk()
    await desk.issue(candidate(SOL))
    expected = await look_into(desk.storage)
    for number in range(len(await steps_of(candidate(SOL)))):
        desk = Desk()
        failing = FailingStorage(desk.storage, number, ConflictError("somebody was quicker"))
        await desk.issue(candidate(SOL), storage=failing.storage)
        assert failing.has_failed
        assert await look_into(desk.storage) == expected


async def test_writers_at_the_same_time_share_one_chain() -> None:
    desk = Desk()
    shared = FailingStorage(desk.storage).storage
    await asyncio.gather(*(desk.issue(candidate(pair), storage=shared) for pair in PAIRS))
    kept = await look_into(desk.storage)
    assert [followed.signal.id for followed in kept.signals] == [1, 2, 3]
    assert len(kept.ledger) == len(kept.messages) == 3


@pytest.mark.parametrize(
    ("key", "is_post"),
    [
        (post_key(12), True),
        ("signal:12:tp1", False),
        ("signal:12:tp1:post", False),
        ("report:2025-10-06", False),
    ],
)
def test_post_is_told_from_edits_replies_and_reports(key: str, is_post: bool) -> None:
    assert is_post_key(key) is is_post


async def test_macro_danger_denies_every_pair_and_admins_are_told_once() -> None:
    desk = Desk()
    async with desk.storage() as unit:
        await unit.users.grant(11, Role.ADMIN, at=AFTERNOON, how="settings")
        await unit.commit()
    danger = make_macro(cause="S&P 500 -2.3% in an hour")
    result = await desk.issue(candidate(SOL), candidate(ETH), macro=danger)
    assert result.issued == ()
    assert {d.rule for record in result.records for d in record.denials} == {"macro_danger"}
    await desk.issue(candidate(XRP), macro=danger)
    kept = await look_into(desk.storage)
    (message,) = kept.messages
    assert message.text.startswith("alert: macro danger since 14:00 UTC: S&P 500 -2.3%")
    assert [event.breaker for event in kept.events] == ["macro_danger"]


async def test_signals_are_issued_again_when_the_macro_danger_is_over() -> None:
    desk = Desk()
    await desk.issue(candidate(), macro=make_macro())
    assert len((await desk.issue(candidate(), macro=make_macro(MacroState.CALM))).issued) == 1


async def test_third_signal_of_pairs_nobody_knows_apart_is_denied() -> None:
    desk = Desk(facts=RiskFacts())
    await desk.issue(candidate(SOL), candidate(ETH), candidate(XRP, 80.0))
    denied = await desk.latest(XRP)
    assert [denial.rule for denial in denied.denials] == ["correlation_guard"]
    kept = await look_into(desk.storage)
    assert [(event.breaker, event.symbol) for event in kept.events] == [("correlation_guard", XRP)]


async def test_clock_that_was_not_measured_denies_every_pair() -> None:
    desk = Desk(facts=RiskFacts(clock_age_seconds=lambda: 3600.0))
    result = await desk.issue(candidate(SOL), candidate(ETH))
    assert {d.rule for record in result.records for d in record.denials} == {"clock_health"}
    assert len((await look_into(desk.storage)).events) == 1


async def test_latched_breaker_denies_and_is_not_told_again() -> None:
    desk = Desk()
    latch = Latch(breaker="drawdown", level=2, tripped_at=AFTERNOON, text="down 3 %")
    async with desk.storage() as unit:
        await unit.state.set_latch(latch)
        await unit.commit()
    await desk.issue(candidate())
    assert [denial.rule for denial in (await desk.latest(SOL)).denials] == ["drawdown"]
    assert (await look_into(desk.storage)).events == []
