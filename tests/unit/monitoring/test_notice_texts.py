from engine.monitoring.values import Severity
from monitoring.notice_texts import body_of, title_of, worst_of
from tests.unit.monitoring.notices import notice


def test_one_notice_is_a_title_and_a_paragraph() -> None:
    told = [notice()]

    assert title_of(told) == "Quorum: CRITICAL, database"
    assert body_of(told) == (
        "CRITICAL: database (2026-03-02 12:00:30 UTC)\nIt does not answer.\nWhat to do: Start it."
    )


def test_several_notices_begin_with_the_worst() -> None:
    told = [
        notice("disk", Severity.WARNING),
        notice("digest", Severity.INFO),
        notice("database", Severity.CRITICAL, seconds=5),
    ]

    assert title_of(told) == "Quorum: CRITICAL, database and 2 more"
    heads = [paragraph.split(" (")[0] for paragraph in body_of(told).split("\n\n")]
    assert heads == ["CRITICAL: database", "WARNING: disk", "INFO: digest"]


def test_a_resolved_one_says_so_and_asks_for_nothing() -> None:
    told = [notice(is_resolved=True, text="It answers again.")]

    assert title_of(told) == "Quorum: RESOLVED, database"
    assert body_of(told).startswith("RESOLVED: database (")
    assert "What to do" not in body_of(told)
    assert worst_of(told) is None


def test_trouble_goes_before_the_end_of_worse_trouble() -> None:
    told = [notice(is_resolved=True), notice("clock", Severity.WARNING)]

    assert title_of(told) == "Quorum: WARNING, clock and 1 more"
    assert worst_of(told) is Severity.WARNING


def test_what_nothing_can_be_done_about_has_no_such_line() -> None:
    assert "What to do" not in body_of([notice(mend="")])
