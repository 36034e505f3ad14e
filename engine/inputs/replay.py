"""Makes a published signal again from its inputs, and says where it is not what was stored."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from difflib import unified_diff
from enum import StrEnum
from typing import Final

from domain.decisions import Decision
from domain.ledger import LedgerEntry
from domain.messages import OutgoingMessage
from domain.plans import Denial, Denied, TradePlan
from domain.signals import FollowedSignal, Signal
from engine.decide import decide
from engine.inputs.differences import Difference, differences
from engine.inputs.values import SignalInputs
from engine.issue import Publication, compose_publication, compose_signal
from engine.ports.presenting import Presenter
from risk.gate import assess


class Part(StrEnum):
    """What publishing a signal writes."""

    DECISION = "decision"
    PLAN = "plan"
    TERMS = "terms"
    """The rest of the signal: its pair, its times and the rules of its life."""
    LEDGER = "ledger entry"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSignal:
    """What is stored of a signal: the signal, its entry and the one before, its post.

    An entry or a post that is not there is None; so is the entry before the record's first.
    """

    followed: FollowedSignal
    before: LedgerEntry | None
    entry: LedgerEntry | None
    post: OutgoingMessage | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartReplayed:
    """How one part compares; without a difference it is identical."""

    part: Part
    differences: tuple[Difference, ...]

    @property
    def is_identical(self) -> bool:
        """Whether the part made anew is the stored one, bit for bit."""
        return not self.differences


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """All parts, in the order in which one follows from the other."""

    parts: tuple[PartReplayed, ...]

    @property
    def is_identical(self) -> bool:
        """Whether every part is."""
        return all(part.is_identical for part in self.parts)


def replay(inputs: SignalInputs, stored: StoredSignal, presenter: Presenter) -> Replayed:
    """Decide, judge and publish again with the functions that did it live, and compare. Pure.

    Where the gate denies it now, nothing that follows from the plan can be made.
    """
    decision = decide(inputs.snapshot, inputs.rules.decision)
    plan = _judge(inputs, decision)
    if isinstance(plan, Denied):
        later = _never_made(plan)
    else:
        later = _compare_published(stored, _publish(inputs, stored, decision, plan, presenter))
    found = {Part.DECISION: differences(stored.followed.signal.decision, decision), **later}
    return Replayed(
        parts=tuple(PartReplayed(part=part, differences=each) for part, each in found.items())
    )


def _judge(inputs: SignalInputs, decision: Decision) -> TradePlan | Denied:
    if decision.direction is None:
        reasons = ", ".join(decision.discards)
        return Denied(denials=(Denial(rule="no_direction", text=reasons),))
    rules = inputs.rules
    window = rules.issuing.entry_window
    return assess(decision, inputs.snapshot, inputs.state, rules.risk, entry_window=window)


def _publish(
    inputs: SignalInputs,
    stored: StoredSignal,
    decision: Decision,
    plan: TradePlan,
    presenter: Presenter,
) -> Publication:
    signal = compose_signal(
        inputs.signal_id,
        decision,
        plan,
        inputs.snapshot.instrument,
        published_at=inputs.published_at,
        issuing=inputs.rules.issuing,
        rules=inputs.rules.risk.lifecycle,
    )
    return compose_publication(signal, stored.before, inputs.mode, presenter)


def _never_made(denied: Denied) -> dict[Part, tuple[Difference, ...]]:
    reasons = "; ".join(f"{denial.rule}: {denial.text}" for denial in denied.denials)
    refused = Difference(name="verdict", stored="approved", recomputed=f"denied ({reasons})")
    nothing = Difference(name="", stored="published", recomputed="nothing, for want of a plan")
    later = (Part.TERMS, Part.LEDGER, Part.MESSAGE)
    return {Part.PLAN: (refused,), **dict.fromkeys(later, (nothing,))}


def _compare_published(
    stored: StoredSignal, made: Publication
) -> dict[Part, tuple[Difference, ...]]:
    old, new = stored.followed.signal, made.followed.signal
    return {
        Part.PLAN: differences(old.plan, new.plan),
        Part.TERMS: differences(_terms(old), _terms(new)),
        Part.LEDGER: tuple(_compare_entries(stored, made.entry)),
        Part.MESSAGE: tuple(_compare_posts(stored.post, made.post)),
    }


_PARTS_OF_THEIR_OWN: Final = frozenset({"decision", "plan"})


def _terms(signal: Signal) -> dict[str, object]:
    names = (each.name for each in fields(signal))
    return {name: getattr(signal, name) for name in names if name not in _PARTS_OF_THEIR_OWN}


def _compare_entries(stored: StoredSignal, made: LedgerEntry) -> Iterator[Difference]:
    """What the entry says field by field, and then its place and its hashes."""
    entry = stored.entry
    if entry is None:
        yield Difference(name="", stored="no such entry", recomputed=made.body)
        return
    if entry.body != made.body:
        yield from differences(_content(entry), _content(made)) or (
            Difference(name="body", stored=entry.body, recomputed=made.body),
        )
    yield from differences(
        {**_place(entry), "hash kept with the signal": stored.followed.ledger_hash},
        {**_place(made), "hash kept with the signal": made.hash},
    )


def _place(entry: LedgerEntry) -> dict[str, object]:
    names = (each.name for each in fields(entry))
    return {name: getattr(entry, name) for name in names if name != "body"}


def _content(entry: LedgerEntry) -> object:
    try:
        return {"content": json.loads(entry.body).get("content")}
    except (ValueError, AttributeError):
        return {"content": entry.body}


def _compare_posts(stored: OutgoingMessage | None, made: OutgoingMessage) -> Iterator[Difference]:
    """The text as a unified diff, everything else field by field."""
    if stored is None:
        yield Difference(name="", stored="no such message", recomputed=made.text)
        return
    for each in differences(stored, made):
        if each.name == "text":
            lines = unified_diff(
                stored.text.splitlines(), made.text.splitlines(), "stored", "made anew", lineterm=""
            )
            yield Difference(
                name="text", stored=stored.text, recomputed=made.text, lines=tuple(lines)
            )
        else:
            yield each
