"""Over any sequence of readings every trouble is told once, and so is its end."""

from collections import defaultdict
from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.monitoring.judge import find_troubles
from engine.monitoring.lasting import Lasting
from engine.monitoring.values import HealthReading, Notice, Severity, StoreReading
from tests.builders.health import PROCESS, make_job, make_reading, make_task
from tests.unit.monitoring_engine.test_health_watch import BROKEN, LIMITS, Watched

FREE_DISK = {None: 21e9, Severity.WARNING: 1e9, Severity.CRITICAL: 1e6}
SEVERITIES = st.sampled_from([None, Severity.WARNING, Severity.CRITICAL])


@st.composite
def readings(draw: st.DrawFn) -> HealthReading | Exception:
    if draw(st.integers(0, 9)) == 0:
        return BROKEN
    error = draw(st.sampled_from([None, None, "locked"]))
    return make_reading(
        database=StoreReading(name="SQLite", error=error, milliseconds=1.0),
        jobs=[make_job(name, failures=draw(st.sampled_from([0, 0, 5]))) for name in "ab"],
        tasks=[make_task("t", is_running=draw(st.booleans()))],
        process=replace(PROCESS, disk_free_bytes=int(FREE_DISK[draw(SEVERITIES)])),
    )


def by_subject(notices: list[Notice]) -> dict[str, list[Notice]]:
    found: dict[str, list[Notice]] = defaultdict(list)
    for notice in notices:
        found[notice.subject].append(notice)
    return found


@settings(max_examples=40, deadline=None)
@given(st.lists(readings(), max_size=15))
async def test_troubles_begin_and_end_in_turn(sequence: list[HealthReading | Exception]) -> None:
    watched = Watched()
    await watched.see(*sequence)
    for told in by_subject(watched.notices).values():
        assert not told[0].is_resolved
        for before, after in pairwise(told):
            is_worse = after.severity.urgency > before.severity.urgency
            assert after.is_resolved != before.is_resolved or (not after.is_resolved and is_worse)
            if after.is_resolved:
                assert after.severity is before.severity


@settings(max_examples=40, deadline=None)
@given(st.lists(readings(), max_size=15))
async def test_nothing_is_left_standing_once_all_is_well(
    sequence: list[HealthReading | Exception],
) -> None:
    watched = Watched()
    await watched.see(*sequence, make_reading(), make_reading())
    assert not watched.watch.standing
    for told in by_subject(watched.notices).values():
        assert told[-1].is_resolved


@settings(max_examples=40, deadline=None)
@given(st.lists(readings(), max_size=15))
async def test_whatever_is_critical_in_a_reading_has_been_told(
    sequence: list[HealthReading | Exception],
) -> None:
    watched = Watched()
    standing = Lasting(again_seconds=1e9)
    for reading in sequence:
        noted = len(watched.notices)
        await watched.see(reading)
        assert all(standing.is_news(notice, 0.0) for notice in watched.notices[noted:])
        if isinstance(reading, HealthReading):
            found = find_troubles(reading, LIMITS)
            critical = {one.subject for one in found if one.severity is Severity.CRITICAL}
            told = standing.standing()
            assert all(told.get(subject) is Severity.CRITICAL for subject in critical)
