"""What a recheck prints."""

import io

from rich.console import Console

from app.ledger_recheck import print_rechecks
from engine.correct_outcomes import Difference, Recheck
from engine.lifecycle import start_course
from tests.unit.verifier.made_record import make_record

RECORD = make_record()
SIGNAL = RECORD.signals[2]
HOLDS = Recheck(signal=SIGNAL, restates=4, course=start_course(SIGNAL))
DIFFERS = Recheck(
    signal=SIGNAL,
    restates=4,
    course=start_course(SIGNAL),
    differences=(Difference(field="net_r", recorded="2.3", recomputed="-1.1"),),
)
CORRECTED = Recheck(
    signal=SIGNAL,
    restates=4,
    course=start_course(SIGNAL),
    differences=DIFFERS.differences,
    correction=RECORD.entries[-1],
)
UNKNOWN = Recheck(
    signal=SIGNAL, restates=4, course=start_course(SIGNAL), obstacle="lists no pair [C3USDT]"
)


def printed(*found: Recheck) -> str:
    console = Console(file=io.StringIO(), width=120)
    print_rechecks(list(found), console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_what_holds_is_only_counted() -> None:
    assert printed(HOLDS) == (
        "1 outcomes followed anew: 1 hold, 0 differ, 0 could not be followed\n"
    )


def test_difference_is_shown_with_how_to_correct_it() -> None:
    assert printed(HOLDS, DIFFERS).splitlines() == [
        "#3 C3/USDT (entry 4) differs:",
        "  net_r: recorded 2.3, now -1.1",
        "2 outcomes followed anew: 1 hold, 1 differ, 0 could not be followed",
        "nothing was written; --apply appends the corrections",
    ]


def test_correction_is_named() -> None:
    told = printed(CORRECTED)
    assert "corrected by entry 23" in told
    assert "--apply" not in told


def test_what_could_not_be_followed_says_why() -> None:
    assert "#3 C3/USDT (entry 4): lists no pair [C3USDT]" in printed(UNKNOWN)
