"""Use case: replay a published signal from what the database keeps of it."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.errors import NotFoundError
from domain.ledger import LedgerEntry
from engine.inputs.replay import Replayed, StoredSignal, replay
from engine.inputs.values import KeptInputs
from engine.issue import post_key
from engine.ports.presenting import Presenter
from engine.ports.storage import Storage, UnitOfWork

Decode = Callable[[bytes], KeptInputs]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedSignal:
    """What was kept of a signal, and how the signal made from it compares with the stored one."""

    kept: KeptInputs
    replayed: Replayed
    bytes_kept: int


class ReplaySignal:
    """Reads only, also while the bot runs."""

    def __init__(self, *, storage: Storage, decode: Decode, presenter: Presenter) -> None:
        self._storage = storage
        self._decode = decode
        self._presenter = presenter

    async def __call__(self, signal_id: int) -> ReplayedSignal:
        """Replay one signal.

        Raises `NotFoundError` where there is no such signal or nothing was kept of what it was
        decided on, `InvalidDataError` for what was kept and cannot be read.
        """
        async with self._storage() as unit:
            content = await unit.inputs.find_for_signal(signal_id)
            followed = await unit.signals.find(signal_id)
            if followed is None:
                raise NotFoundError(f"there is no signal #{signal_id} in this database")
            if content is None:
                raise NotFoundError(
                    f"nothing is kept of what signal #{signal_id} was decided on: it was published "
                    "by a version that did not keep it yet, so it cannot be replayed"
                )
            kept = self._decode(content)
            before, entry = await _read_place(unit, kept.inputs.sequence)
            row = await unit.outbox.find_by_key(post_key(signal_id))
        stored = StoredSignal(
            followed=followed, before=before, entry=entry, post=None if row is None else row.message
        )
        replayed = replay(kept.inputs, stored, self._presenter)
        return ReplayedSignal(kept=kept, replayed=replayed, bytes_kept=len(content))


async def _read_place(
    unit: UnitOfWork, sequence: int
) -> tuple[LedgerEntry | None, LedgerEntry | None]:
    """The entry before a number, and the one that has it."""
    entries = await unit.ledger.list_from(max(1, sequence - 1), limit=2)
    found = {entry.sequence: entry for entry in entries}
    return found.get(sequence - 1), found.get(sequence)
