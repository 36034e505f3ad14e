"""From the database of the release before to this one's, on both kinds of database."""

import asyncio
import signal
import sys
from datetime import timedelta
from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import AsyncEngine

from db.engine import create_database_engine
from db.migrate import migration_state, upgrade
from db.unit_of_work import SqlStorage, SqlUnitOfWork
from domain.ledger import EntryKind
from domain.readiness import CONFLUENCE
from engine.ledger import next_entry, verify_chain
from engine.ports.storage import DecisionRecord
from tests.builders.signals import CLOSED_AT, make_decision
from tests.integration.upkeep.releases import HEAD, REVISION, all_rows

EVER = (CLOSED_AT - timedelta(days=9), CLOSED_AT + timedelta(days=9))


async def test_an_upgrade_keeps_every_row_as_it_was(released: AsyncEngine) -> None:
    before = await all_rows(released)
    assert all(before.values()), "the release has rows in every table"
    assert (await migration_state(released)).current == REVISION
    await upgrade(released)
    assert (await migration_state(released)).current == HEAD
    assert await all_rows(released) == before


async def test_everything_is_read_after_an_upgrade(released: AsyncEngine) -> None:
    await upgrade(released)
    async with SqlStorage(released)() as unit:
        await _read_signals(unit)
        await _read_execution(unit)
        await _read_state(unit)
        await _read_research(unit)


async def _read_signals(unit: SqlUnitOfWork) -> None:
    entries = await unit.ledger.list_from(1, limit=99)
    assert [entry.kind for entry in entries].count(EntryKind.SIGNAL) == 2
    assert verify_chain(entries) is None
    assert [each.signal.id for each in await unit.signals.list_live()] == [12]
    assert len(await unit.signals.list_ended_between(*EVER)) == 1
    assert (await unit.decisions.find_latest("ETHUSDT")) is not None
    assert (await unit.decisions.count_between(*EVER)).sent == 2
    assert len(await unit.shadows.list_live()) == 1
    assert len(await unit.shadows.list_results_between(*EVER)) == 1
    assert len(await unit.outcomes.list_all()) == 1
    assert (await unit.outbox.depth()).unknown == 1
    assert [row.message.key for row in await unit.outbox.list_due(EVER[1])] == [
        "signal:12:tp1:post"
    ]


async def _read_execution(unit: SqlUnitOfWork) -> None:
    (live,) = await unit.positions.list_live()
    assert (len(live.orders), len(live.fills)) == (2, 1)
    assert len(await unit.positions.list_closed_between(*EVER)) == 1
    (account,) = await unit.accounts.list_connected()
    assert account.user_id is not None
    assert await unit.accounts.find_key(account.user_id) is not None
    assert await unit.accounts.load_paper("paper:7") == b"\x01books"
    assert await unit.state.get_tag() == "a1b2c3"


async def _read_state(unit: SqlUnitOfWork) -> None:
    assert (await unit.state.get_pause()).is_paused
    assert len(await unit.state.list_latches()) == 1
    assert len(await unit.state.list_breaker_events(*EVER)) == 2
    assert len(await unit.watchlist.list_pairs()) == 1
    assert len(await unit.watchlist.list_changes(limit=9)) == 2
    assert len(await unit.transfers.list_known_since(0)) == 2
    assert len(await unit.sentiment.list_since(0)) == 1


async def _read_research(unit: SqlUnitOfWork) -> None:
    assert await unit.readiness.find_latest(CONFLUENCE) is not None
    assert len(await unit.parameter_sets.list_all(CONFLUENCE)) == 1
    assert len(await unit.parameter_sets.list_changes(CONFLUENCE)) == 2
    assert await unit.inputs.find_for_signal(12) == bytes(range(64))
    assert len(await unit.inputs.list_observations(*EVER)) == 2


async def test_work_goes_on_after_an_upgrade(released: AsyncEngine) -> None:
    await upgrade(released)
    async with SqlStorage(released)() as unit:
        head = await unit.ledger.find_head()
        assert head is not None
        await unit.ledger.append(next_entry(head, EntryKind.SIGNAL, EVER[1], {"signal": 13}))
        decided = make_decision(as_of=EVER[1])
        await unit.decisions.add([DecisionRecord(decision=decided)])
        await unit.commit()
        assert (await unit.ledger.list_from(head.sequence + 1, limit=9))[0].previous_hash == (
            head.hash
        )


_KILLED_IN_THE_MIDDLE = """
import asyncio, sys, time
from sqlalchemy import event
from db.engine import create_database_engine
from db.migrate import upgrade

engine = create_database_engine(sys.argv[1])

def hang(connection, cursor, statement, *rest):
    if statement.lstrip().startswith("UPDATE alembic_version"):
        print("there", flush=True)
        time.sleep(60)

event.listen(engine.sync_engine, "before_cursor_execute", hang)
asyncio.run(upgrade(engine))
"""


async def test_an_upgrade_that_is_killed_in_the_middle_leaves_the_old_state(
    released: AsyncEngine,
) -> None:
    before = await all_rows(released)
    url = released.url.render_as_string(hide_password=False)
    killed = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _KILLED_IN_THE_MIDDLE, url),
        cwd=Path(__file__).parents[3],
        stdout=asyncio.subprocess.PIPE,
    )
    assert killed.stdout is not None
    assert await killed.stdout.readline() == b"there\n"
    killed.send_signal(signal.SIGKILL)
    await killed.wait()
    await assert_old(released)
    await upgrade(released)
    assert await all_rows(released) == before


async def assert_old(engine: AsyncEngine) -> None:
    fresh = create_database_engine(engine.url)
    assert (await migration_state(fresh)).current == REVISION
    async with fresh.connect() as connection:
        indexes = await connection.run_sync(
            lambda sync: [each["name"] for each in inspect(sync).get_indexes("shadows")]
        )
    assert "ix_shadows_symbol_decided_at" not in indexes
    await fresh.dispose()
