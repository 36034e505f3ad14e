"""Small state in SQL: the pause, the mode and tag of execution, the breakers."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from sqlalchemy import delete, insert, select

from db.tables import breaker_events, breaker_latches, execution_state, pause_state
from db.transaction import Transaction
from domain.accounts import ExecutionMode
from domain.breakers import Latch
from domain.trading_state import PauseState
from engine.ports.storage import BreakerEvent

_ONLY_ROW = 1
_MODE = "mode"
_TAG = "tag"
_PROBE = "probe"
_LAST_SEEN = "last seen"


class SqlStateRepository:
    """What survives a restart and is not a list of trades."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def check_writing(self) -> None:
        """Write a row and take it back.

        A row that is really written: a statement that finds nothing to change is content with a
        disk that takes no more and with a file system that has become read-only.
        """
        probe = self._transaction.insert(execution_state).values(name=_PROBE, value="")
        key = [execution_state.c.name]
        await self._transaction.execute(probe.on_conflict_do_nothing(index_elements=key))
        await self._transaction.execute(
            delete(execution_state).where(execution_state.c.name == _PROBE)
        )

    async def get_pause(self) -> PauseState:
        """Whether new signals are paused; not paused when nobody ever said so."""
        row = (await self._transaction.execute(select(pause_state))).one_or_none()
        if row is None:
            return PauseState()
        return PauseState(
            is_paused=row.is_paused, since=row.since, by=row.said_by, reason=row.reason
        )

    async def set_pause(self, pause: PauseState) -> None:
        """Pause or resume."""
        values = {
            "is_paused": pause.is_paused,
            "since": pause.since,
            "said_by": pause.by,
            "reason": pause.reason,
        }
        statement = self._transaction.insert(pause_state).values(id=_ONLY_ROW, **values)
        key = [pause_state.c.id]
        await self._transaction.execute(
            statement.on_conflict_do_update(index_elements=key, set_=values)
        )

    async def add_breaker_events(self, events: Sequence[BreakerEvent]) -> None:
        """Append to the breaker log."""
        if events:
            rows = [asdict(event) for event in events]
            await self._transaction.execute(insert(breaker_events), rows)

    async def list_breaker_events(self, start: datetime, end: datetime) -> list[BreakerEvent]:
        """Events with start <= at < end, oldest first."""
        at = breaker_events.c.at
        statement = (
            select(breaker_events).where(at >= start, at < end).order_by(at, breaker_events.c.id)
        )
        return [
            BreakerEvent(breaker=row.breaker, at=row.at, symbol=row.symbol, text=row.text)
            for row in await self._transaction.execute(statement)
        ]

    async def get_last_seen(self) -> datetime | None:
        """When a bot was last seen at work on this database; None after an end in order."""
        seen_at = await self._read(_LAST_SEEN)
        return None if seen_at is None else datetime.fromisoformat(seen_at)

    async def set_last_seen(self, at: datetime | None) -> None:
        """One is at work at an instant; None when it ends in order."""
        if at is None:
            await self._transaction.execute(
                delete(execution_state).where(execution_state.c.name == _LAST_SEEN)
            )
        else:
            await self._write(_LAST_SEEN, at.astimezone(UTC).isoformat())

    async def get_mode(self) -> ExecutionMode | None:
        """What presses lead to; None when nobody ever said so."""
        mode = await self._read(_MODE)
        return None if mode is None else ExecutionMode(mode)

    async def set_mode(self, mode: ExecutionMode) -> None:
        """Say it, in place of what was said before."""
        await self._write(_MODE, mode)

    async def get_tag(self) -> str | None:
        """What marks this database's orders; None before the first."""
        return await self._read(_TAG)

    async def set_tag(self, tag: str) -> None:
        """Choose it, once. Raises `ConflictError` when there is one."""
        await self._transaction.execute(insert(execution_state).values(name=_TAG, value=tag))

    async def _write(self, name: str, value: str) -> None:
        statement = self._transaction.insert(execution_state).values(name=name, value=value)
        key = [execution_state.c.name]
        await self._transaction.execute(
            statement.on_conflict_do_update(index_elements=key, set_={"value": value})
        )

    async def _read(self, name: str) -> str | None:
        statement = select(execution_state.c.value).where(execution_state.c.name == name)
        value: str | None = (await self._transaction.execute(statement)).scalar_one_or_none()
        return value

    async def list_latches(self) -> list[Latch]:
        """Breakers that stay tripped, by name."""
        statement = select(breaker_latches).order_by(breaker_latches.c.breaker)
        return [
            Latch(
                breaker=row.breaker,
                level=row.level,
                tripped_at=row.tripped_at,
                text=row.text,
                resumed_at=row.resumed_at,
            )
            for row in await self._transaction.execute(statement)
        ]

    async def set_latch(self, latch: Latch) -> None:
        """Keep a latch, in place of an earlier one of the same breaker."""
        values = asdict(latch)
        statement = self._transaction.insert(breaker_latches).values(values)
        key = [breaker_latches.c.breaker]
        await self._transaction.execute(
            statement.on_conflict_do_update(index_elements=key, set_=values)
        )
