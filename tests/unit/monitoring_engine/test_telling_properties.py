"""Whatever is noted, memory stays bounded, and what matters most is kept longest."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.monitoring.backlog import Backlog
from engine.monitoring.notice_keys import notice_key, told_by
from engine.monitoring.notice_parameters import NoticeParameters
from engine.monitoring.values import Notice, Severity
from tests.builders.health import NOW, make_notice
from tests.fakes.clock import HandClock
from tests.unit.monitoring_engine.operators import Room

SUBJECTS = st.text("ab;:+-!. ", min_size=1, max_size=12) | st.text(min_size=1, max_size=12)


@st.composite
def notices(draw: st.DrawFn) -> Notice:
    return make_notice(
        draw(SUBJECTS),
        draw(st.sampled_from(Severity)),
        at=NOW + timedelta(seconds=draw(st.integers(0, 10_000))),
        is_resolved=draw(st.booleans()),
    )


@given(st.lists(notices(), max_size=60), st.integers(1, 12))
def test_a_backlog_is_bounded_and_drops_what_matters_least(
    arriving: list[Notice], most: int
) -> None:
    arriving = [
        replace(notice, at=NOW + timedelta(seconds=index)) for index, notice in enumerate(arriving)
    ]
    backlog = Backlog(most)
    for notice in arriving:
        backlog.add(notice)
    kept = backlog.oldest()
    assert len(kept) == min(most, len(arriving))
    assert backlog.dropped == len(arriving) - len(kept)
    urgencies = sorted((notice.severity.urgency for notice in arriving), reverse=True)
    assert sorted((one.severity.urgency for one in kept), reverse=True) == urgencies[:most]
    assert list(kept) == [notice for notice in arriving if notice in kept]


@settings(max_examples=50, deadline=None)
@given(st.lists(notices(), max_size=60))
async def test_noting_never_raises_and_keeps_a_bounded_number(arriving: list[Notice]) -> None:
    room = Room(HandClock(), parameters=NoticeParameters(most_waiting=10))
    for notice in arriving:
        room.operators.note(notice)
        room.clock.advance(7200)
    assert room.operators.waiting <= 30
    assert len(room.operators.infos()) <= 10


@given(st.lists(notices(), min_size=1, max_size=6), st.integers(1, 10**12))
def test_a_key_tells_what_was_told(group: list[Notice], admin: int) -> None:
    expected = [
        (one.subject.replace(";", ","), None if one.is_resolved else one.severity) for one in group
    ]
    assert list(told_by(notice_key(group, admin))) == expected
