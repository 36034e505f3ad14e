"""What advice was told already, read from the outbox: a restart repeats nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

from domain.advice import Advice, AdvisedAction, WatchWarning
from domain.signals import FollowedSignal
from engine.ports.storage import OutboxRow, UnitOfWork

ADVICE_PREFIX: Final = "advice:"
_ALL: Final = "all"


def advice_key(advice: Advice) -> str:
    """The key that a piece of advice is told under.

    About a signal each warning tells each action once. What is about all trades ends at some time,
    and may come again: its key says when.
    """
    if advice.signal_id is None:
        return f"{_key(_ALL, advice.warning, advice.action)}:{advice.at.isoformat()}"
    return _key(str(advice.signal_id), advice.warning, advice.action)


async def read_told(
    unit: UnitOfWork, signals: Iterable[FollowedSignal], *, recent_since: datetime
) -> "ToldAdvice":
    """What was told about these signals, and about all trades since an instant."""
    since = min([recent_since, *(followed.signal.published_at for followed in signals)])
    rows = await unit.outbox.list_put_since(since, prefix=ADVICE_PREFIX)
    return ToldAdvice.of(rows, recent_since=recent_since)


def _key(subject: str, warning: WatchWarning, action: AdvisedAction) -> str:
    return f"{ADVICE_PREFIX}{subject}:{warning}:{action}"


@dataclass(frozen=True, slots=True)
class ToldAdvice:
    """Keys of what was told, and which actions the health has advised lately."""

    keys: frozenset[str]
    recent_of_health: frozenset[AdvisedAction]

    @classmethod
    def of(cls, rows: Sequence[OutboxRow], *, recent_since: datetime) -> Self:
        """From rows of the outbox whose keys have the prefix of advice."""
        recent = (row.message.key for row in rows if row.created_at >= recent_since)
        return cls(
            keys=frozenset(row.message.key for row in rows),
            recent_of_health=frozenset(_actions_of_health(recent)),
        )

    def is_news(self, advice: Advice) -> bool:
        """Whether it was not told; about a signal that should be closed there is nothing to add."""
        return advice_key(advice) not in self.keys and not self._should_be_closed(advice.signal_id)

    def and_then(self, advice: Advice) -> "ToldAdvice":
        """After telling one more."""
        return ToldAdvice(self.keys | {advice_key(advice)}, self.recent_of_health)

    def _should_be_closed(self, signal_id: int | None) -> bool:
        if signal_id is None:
            return False
        subject = str(signal_id)
        return any(_key(subject, each, AdvisedAction.CLOSE) in self.keys for each in WatchWarning)


def _actions_of_health(keys: Iterable[str]) -> Iterable[AdvisedAction]:
    for key in keys:
        # Others tell advice as well, under keys of their own.
        _, _, warning, action, *_ = (*key.split(":"), "", "", "")
        if warning == WatchWarning.HEALTH:
            yield AdvisedAction(action)
