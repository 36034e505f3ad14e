"""Whatever is told, the title is one line, nothing is left out, and the worst comes first."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.monitoring.values import Notice, Severity
from monitoring.notice_texts import body_of, title_of, worst_of
from tests.unit.monitoring.notices import AT

_INSTANTS = st.integers(0, 10**9).map(lambda seconds: AT + timedelta(seconds=seconds))
_NOTICES = st.lists(
    st.builds(
        Notice,
        subject=st.text(min_size=1, max_size=20),
        severity=st.sampled_from(Severity),
        text=st.text(max_size=40),
        at=_INSTANTS,
        mend=st.text(max_size=20),
        is_resolved=st.booleans(),
    ),
    min_size=1,
    max_size=5,
)


@given(_NOTICES)
def test_a_title_is_one_line(notices: list[Notice]) -> None:
    assert len(title_of(notices).splitlines()) == 1


@given(_NOTICES)
def test_every_text_is_in_the_body(notices: list[Notice]) -> None:
    body = body_of(notices)

    for each in notices:
        assert each.text in body
        assert " ".join(each.subject.split()) in body


@given(_NOTICES)
def test_the_order_they_come_in_changes_nothing_of_how_bad_it_is(notices: list[Notice]) -> None:
    assert worst_of(notices) == worst_of(notices[::-1])
    troubles = [each.severity for each in notices if not each.is_resolved]
    assert (worst_of(notices) is None) == (not troubles)
    assert (worst_of(notices) is Severity.CRITICAL) == (Severity.CRITICAL in troubles)
