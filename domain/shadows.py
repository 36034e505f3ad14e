"""Decisions that were not sent, followed like signals: what a rule prevented, or what it cost."""

from dataclasses import dataclass
from datetime import datetime

from domain.decisions import Decision
from domain.instruments import Instrument
from domain.lifecycle import LifecycleParameters
from domain.plans import TradePlan
from domain.signals import Course


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadow:
    """A trade that nobody was told of. Never published, never in the record.

    `rules` are the names of everything that stood in its way: of denials ("overtrading"), or of
    discards ("LOW_SCORE"), each once. The plan has the levels of a real one and full size. The
    decision is kept without its layers and shares: those are with the decision itself, which is
    stored for every pair and close. `decided_at` is when a follower could first have known; no
    candle that opens before it counts. `id` counts up from 1, apart from signals.
    """

    id: int
    instrument: Instrument
    decision: Decision
    plan: TradePlan
    decided_at: datetime
    valid_until: datetime
    lifecycle: LifecycleParameters
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedShadow:
    """A shadow with its course."""

    shadow: Shadow
    course: Course
