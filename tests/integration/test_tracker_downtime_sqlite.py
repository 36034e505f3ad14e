"""Trackers that die at any step of a real database, and the record that they leave behind."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from db.engine import create_database_engine
from db.migrate import upgrade
from db.unit_of_work import SqlStorage
from tests.unit.engine.downtime import Life, interrupted, publish_signals, uninterrupted

LIVES = st.lists(
    st.builds(Life, away=st.integers(0, 60), dies_at=st.integers(0, 12), is_late=st.booleans()),
    min_size=1,
    max_size=5,
)


@asynccontextmanager
async def new_database() -> AsyncIterator[SqlStorage]:
    with TemporaryDirectory() as folder:
        engine = create_database_engine(f"sqlite:///{Path(folder) / 'quorum.sqlite'}")
        try:
            await upgrade(engine)
            yield SqlStorage(engine)
        finally:
            await engine.dispose()


@settings(max_examples=8)
@given(seed=st.integers(0, 2**32), lives=LIVES)
async def test_kills_and_downtime_change_nothing_in_a_database(
    seed: int, lives: list[Life]
) -> None:
    async with new_database() as storage:
        bench = await publish_signals(seed, storage)
        assert await interrupted(bench, lives) == await uninterrupted(seed)
