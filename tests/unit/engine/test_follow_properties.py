"""Wherever the process is killed, and however long it was away: the record is the same."""

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.signals import SignalState
from tests.unit.engine.downtime import Life, interrupted, publish_signals, uninterrupted

LIVES = st.lists(
    st.builds(
        Life,
        away=st.integers(0, 40),
        dies_at=st.none() | st.integers(0, 20),
        is_late=st.booleans(),
    ),
    max_size=12,
)


@settings(max_examples=60)
@given(seed=st.integers(0, 2**32), lives=LIVES)
async def test_kills_and_downtime_change_nothing(seed: int, lives: list[Life]) -> None:
    story = await interrupted(await publish_signals(seed), lives)
    assert story == await uninterrupted(seed)
    assert all(course.state.is_final for course in story.courses)
    keys = [message.key for message in story.messages]
    assert len(keys) == len(set(keys))


async def test_the_paths_end_in_every_way() -> None:
    """The property would say little if all signals ended alike."""
    ends = {course.state for seed in range(60) for course in (await uninterrupted(seed)).courses}
    assert ends == {state for state in SignalState if state.is_final}
