"""Use case: make signals out of decisions, and write down all of it in one transaction."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from domain.accounts import ExecutionMode
from domain.decisions import Decision
from domain.instruments import Instrument
from domain.ledger import EntryKind, LedgerEntry
from domain.lifecycle import LifecycleParameters
from domain.market import MarketSnapshot
from domain.messages import CHANNEL, Action, Button, OutgoingMessage
from domain.parameters import Parameters, parameter
from domain.plans import Denied, TradePlan
from domain.sentiment import MacroReading
from domain.signals import FollowedSignal, Signal, SignalState
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
from risk.state import RiskState

FRESH_STATES: Final = frozenset({SignalState.PUBLISHED, SignalState.TRIGGERED})
"""Nothing of the trade is over yet: it can still be entered while the entry window is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueParameters(Parameters):
    """When a signal may still go out, and for how long it can be entered."""

    entry_window_seconds: float = parameter(
        900.0,
        doc="how long after the close decided on a signal can be entered",
        unit="seconds",
        source="design 4.7; below 3 minutes hardly a candle fits in after publication",
        low=180,
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

    @property
    def entry_window(self) -> timedelta:
        """How long after the close decided on a signal can be entered."""
        return timedelta(seconds=self.entry_window_seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueResult:
    """What became of a batch of decisions."""

    issued: tuple[FollowedSignal, ...]
    records: tuple[DecisionRecord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A signal as it is published: its course at the start, its place in the record, its post."""

    followed: FollowedSignal
    entry: LedgerEntry
    post: OutgoingMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedOn:
    """A publication and what it came from: the market, the account as the gate saw it, the mode."""

    publication: Publication
    snapshot: MarketSnapshot
    state: RiskState
    mode: ExecutionMode | None


KeepInputs = Callable[[UnitOfWork, Sequence[PublishedOn]], Awaitable[None]]
"""Keeps, in the transaction that publishes, what signals were decided on."""


async def keep_nothing(_unit: UnitOfWork, _published: Sequence[PublishedOn]) -> None:
    """For runs that nobody will ask about: a backtest can be run again."""


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
        keep_inputs: KeepInputs = keep_nothing,
    ) -> None:
        self._storage = storage
        self._presenter = presenter
        self._clock = clock
        self._risk = risk
        self._parameters = parameters
        self._facts = facts
        self._keep_inputs = keep_inputs

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
        published: list[PublishedOn] = []
        for decision in sorted((d for d in decisions if d.is_signal), key=_best_first):
            snapshot = snapshots[decision.symbol]
            window = self._parameters.entry_window
            verdict = assess(decision, snapshot, state, self._risk, entry_window=window)
            if isinstance(verdict, Denied):
                records.append(DecisionRecord(decision=decision, denials=verdict.denials))
                continue
            publication, mode = await self._publish(unit, decision, snapshot, verdict, now)
            published.append(
                PublishedOn(publication=publication, snapshot=snapshot, state=state, mode=mode)
            )
            state = state.with_signal(publication.followed)
            signal_id = publication.followed.signal.id
            records.append(DecisionRecord(decision=decision, signal_id=signal_id))
        trips = trips_of_denials(records, check_all_pairs(state, self._risk.breakers))
        await tell_activations(unit, self._presenter, trips, now)
        await self._keep_inputs(unit, published)
        return [each.publication.followed for each in published]

    async def _publish(
        self,
        unit: UnitOfWork,
        decision: Decision,
        snapshot: MarketSnapshot,
        plan: TradePlan,
        now: datetime,
    ) -> tuple[Publication, ExecutionMode | None]:
        signal = compose_signal(
            await unit.signals.next_id(),
            decision,
            plan,
            snapshot.instrument,
            published_at=now,
            issuing=self._parameters,
            rules=self._risk.lifecycle,
        )
        head, mode = await unit.ledger.find_head(), await unit.state.get_mode()
        publication = compose_publication(signal, head, mode, self._presenter)
        await unit.signals.add(publication.followed)
        await unit.ledger.append(publication.entry)
        await unit.outbox.put([publication.post], at=now)
        return publication, mode


def compose_signal(
    signal_id: int,
    decision: Decision,
    plan: TradePlan,
    instrument: Instrument,
    *,
    published_at: datetime,
    issuing: IssueParameters,
    rules: LifecycleParameters,
) -> Signal:
    """The signal that an approved decision becomes."""
    return Signal(
        id=signal_id,
        instrument=instrument,
        decision=decision,
        plan=plan,
        published_at=published_at,
        valid_until=decision.as_of + issuing.entry_window,
        rules=rules,
    )


def compose_publication(
    signal: Signal, head: LedgerEntry | None, mode: ExecutionMode | None, presenter: Presenter
) -> Publication:
    """What publishing a signal writes after the record's `head`. Pure: replay calls it as well."""
    content = signal_content(signal)
    entry = next_entry(head, EntryKind.SIGNAL, signal.published_at, content)
    followed = FollowedSignal(signal=signal, course=start_course(signal), ledger_hash=entry.hash)
    post = OutgoingMessage(
        key=post_key(signal.id),
        recipient=CHANNEL,
        text=presenter.signal_post(followed),
        buttons=signal_buttons(signal.id, is_executable=mode is not ExecutionMode.OFF),
    )
    return Publication(followed=followed, entry=entry, post=post)


def can_be_executed(followed: FollowedSignal, mode: ExecutionMode | None, now: datetime) -> bool:
    """Whether a press on *execute* could lead to anything; no mode is paper, as by default."""
    is_fresh = followed.course.state in FRESH_STATES and now < followed.signal.valid_until
    return is_fresh and mode is not ExecutionMode.OFF


def post_key(signal_id: int) -> str:
    """Key of the channel post of a signal."""
    return f"signal:{signal_id}"


def is_post_key(key: str) -> bool:
    """Whether a message key is that of a signal's post, not of an edit or a reply."""
    return key.startswith("signal:") and key.count(":") == 1


def signal_buttons(signal_id: int, *, is_executable: bool = False) -> tuple[Button, ...]:
    """Buttons under a signal's post; that to execute it only while it can be."""
    execute = Button(label="⚡ Execute", action=Action.EXECUTE, subject=signal_id)
    return (
        *((execute,) if is_executable else ()),
        Button(label="🔍 Why", action=Action.WHY, subject=signal_id),
        Button(label="📈 Chart", action=Action.CHART, subject=signal_id),
    )


def _macro_of(snapshots: Mapping[str, MarketSnapshot]) -> MacroReading | None:
    """The markets outside crypto, which all pairs of a close share."""
    sentiments = (snapshot.sentiment for snapshot in snapshots.values())
    return next((each.macro for each in sentiments if each is not None and each.macro), None)


def _best_first(decision: Decision) -> tuple[float, str]:
    return (-decision.score, decision.symbol)
