"""Use case: make signals out of decisions, and write down all of it in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.decisions import Decision
from domain.ledger import EntryKind
from domain.market import MarketSnapshot
from domain.messages import CHANNEL, Action, Button, OutgoingMessage
from domain.parameters import Parameters, parameter
from domain.plans import Denied, TradePlan
from domain.sentiment import MacroReading
from domain.signals import FollowedSignal, Signal
from engine.breaker_alerts import tell_activations, trips_of_denials
from engine.ledger import next_entry, signal_content
from engine.lifecycle import start_course
from engine.only_writer import become_only_writer
from engine.ports.clock import Clock
from engine.ports.presenting import Presenter
from engine.ports.storage import DecisionRecord, Storage, UnitOfWork
from engine.redo import redo_on_conflict
from engine.risk_state import NOTHING_KNOWN, RiskFacts, collect_risk_state
from risk.breakers import check_all_pairs
from risk.gate import RiskParameters, assess


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueParameters(Parameters):
    """When a signal may still go out, and for how long it can be entered."""

    entry_window_seconds: float = parameter(
        900.0,
        doc="how long after the close decided on a signal can be entered",
        unit="seconds",
        source="design 4.7",
        low=60,
        high=3600,
    )
    maximum_lateness_seconds: float = parameter(
        450.0,
        doc="a close decided on later than this gives no signal any more",
        unit="seconds",
        source="half the entry window",
        low=5,
        high=3600,
    )

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        if self.maximum_lateness_seconds > self.entry_window_seconds:
            raise ValueError(
                f"maximum_lateness_seconds is {self.maximum_lateness_seconds}; it must not exceed "
                f"entry_window_seconds, {self.entry_window_seconds}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueResult:
    """What became of a batch of decisions."""

    issued: tuple[FollowedSignal, ...]
    records: tuple[DecisionRecord, ...]


class IssueSignals:
    """Passes decisions through the risk gate, best score first, and stores every one of them."""

    def __init__(
        self,
        *,
        storage: Storage,
        presenter: Presenter,
        clock: Clock,
        risk: RiskParameters,
        parameters: IssueParameters,
        facts: RiskFacts = NOTHING_KNOWN,
    ) -> None:
        self._storage = storage
        self._presenter = presenter
        self._clock = clock
        self._risk = risk
        self._parameters = parameters
        self._facts = facts

    async def __call__(
        self, decisions: Sequence[Decision], snapshots: Mapping[str, MarketSnapshot]
    ) -> IssueResult:
        """Store decisions, ledger entries and outgoing messages together, or nothing at all."""

        async def issue() -> IssueResult:
            async with self._storage() as unit:
                result = await self._issue(unit, decisions, snapshots)
                await unit.commit()
            return result

        return await redo_on_conflict(issue)

    async def _issue(
        self,
        unit: UnitOfWork,
        decisions: Sequence[Decision],
        snapshots: Mapping[str, MarketSnapshot],
    ) -> IssueResult:
        records = [DecisionRecord(decision=d) for d in decisions if not d.is_signal]
        issued: list[FollowedSignal] = []
        if len(records) < len(decisions):
            issued = await self._judge(unit, decisions, snapshots, records)
        await unit.decisions.add(records)
        return IssueResult(issued=tuple(issued), records=tuple(records))

    async def _judge(
        self,
        unit: UnitOfWork,
        decisions: Sequence[Decision],
        snapshots: Mapping[str, MarketSnapshot],
        records: list[DecisionRecord],
    ) -> list[FollowedSignal]:
        # Whoever waits for the ledger is overtaken: a signal is published when its turn has come.
        await become_only_writer(unit)
        now = self._clock.now()
        # The breakers' windows count from the close decided on, not from when the work was done.
        macro = _macro_of(snapshots)
        state = await collect_risk_state(
            unit, decisions[0].as_of, now, self._risk, macro, facts=self._facts
        )
        issued: list[FollowedSignal] = []
        for decision in sorted((d for d in decisions if d.is_signal), key=_best_first):
            snapshot = snapshots[decision.symbol]
            verdict = assess(decision, snapshot, state, self._risk)
            if isinstance(verdict, Denied):
                records.append(DecisionRecord(decision=decision, denials=verdict.denials))
                continue
            followed = await self._publish(unit, decision, snapshot, verdict, now)
            state = state.with_signal(followed)
            issued.append(followed)
            records.append(DecisionRecord(decision=decision, signal_id=followed.signal.id))
        trips = trips_of_denials(records, check_all_pairs(state, self._risk.breakers))
        await tell_activations(unit, self._presenter, trips, now)
        return issued

    async def _publish(
        self,
        unit: UnitOfWork,
        decision: Decision,
        snapshot: MarketSnapshot,
        plan: TradePlan,
        now: datetime,
    ) -> FollowedSignal:
        signal = Signal(
            id=await unit.signals.next_id(),
            instrument=snapshot.instrument,
            decision=decision,
            plan=plan,
            published_at=now,
            valid_until=decision.as_of + timedelta(seconds=self._parameters.entry_window_seconds),
            rules=self._risk.lifecycle,
        )
        content = signal_content(signal)
        entry = next_entry(await unit.ledger.find_head(), EntryKind.SIGNAL, now, content)
        followed = FollowedSignal(
            signal=signal, course=start_course(signal), ledger_hash=entry.hash
        )
        await unit.signals.add(followed)
        await unit.ledger.append(entry)
        await unit.outbox.put([self._post(followed)], at=now)
        return followed

    def _post(self, followed: FollowedSignal) -> OutgoingMessage:
        return OutgoingMessage(
            key=post_key(followed.signal.id),
            recipient=CHANNEL,
            text=self._presenter.signal_post(followed),
            buttons=signal_buttons(followed.signal.id),
        )


def post_key(signal_id: int) -> str:
    """Key of the channel post of a signal."""
    return f"signal:{signal_id}"


def is_post_key(key: str) -> bool:
    """Whether a message key is that of a signal's post, not of an edit or a reply."""
    return key.startswith("signal:") and key.count(":") == 1


def signal_buttons(signal_id: int) -> tuple[Button, ...]:
    """Buttons under a signal's post."""
    return (
        Button(label="🔍 Why", action=Action.WHY, subject=signal_id),
        Button(label="📈 Chart", action=Action.CHART, subject=signal_id),
    )


def _macro_of(snapshots: Mapping[str, MarketSnapshot]) -> MacroReading | None:
    """The markets outside crypto, which all pairs of a close share."""
    sentiments = (snapshot.sentiment for snapshot in snapshots.values())
    return next((each.macro for each in sentiments if each is not None and each.macro), None)


def _best_first(decision: Decision) -> tuple[float, str]:
    return (-decision.score, decision.symbol)
