"""What admins are told of the bot itself: a trouble with how to mend it, and its end."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from bot.presenters.figures import clock_time, count
from bot.presenters.markup import bold, italic, quote
from bot.presenters.page import Line, blank, fit
from engine.monitoring.values import Finding, Notice, Severity

_SUBJECT_UNITS: Final = 60
_TEXT_UNITS: Final = 400
_MEND_UNITS: Final = 300
_MENDED: Final = 5
"""Who has more troubles than that needs to see them all before anything else."""

_SIGNS: Final = {Severity.CRITICAL: "🚨", Severity.WARNING: "⚠️", Severity.INFO: "ℹ️"}
_OVER: Final = "✅"


def render_notices(notices: Sequence[Notice]) -> str:
    """One message of them all, each with the time it was noted; texts stay, mends may go."""
    parts = [[*_notice_lines(notice), blank()] for notice in notices]
    return fit([line for part in parts for line in part][:-1])


def trouble_lines(findings: Sequence[Finding]) -> list[Line]:
    """Troubles that stand, how many of them, and how to mend the first few."""
    lines = [Line(_tally(findings))] if len(findings) > 1 else []
    for index, finding in enumerate(findings):
        what = f"{_SIGNS[finding.severity]} {_subject(finding.subject)}: {_words(finding.text)}"
        mend = _mend_lines(finding.mend) if index < _MENDED else []
        lines += [Line(what, spare=1), *mend]
    return lines


def mention_line(notice: Notice) -> Line:
    """A notice among others, without how to mend it; the first to go where room is short."""
    sign = _OVER if notice.is_resolved else _SIGNS[notice.severity]
    subject, words = _subject(notice.subject), _words(notice.text)
    return Line(f"{sign} {clock_time(notice.at)} {subject}: {words}", spare=2)


def _notice_lines(notice: Notice) -> list[Line]:
    sign = _OVER if notice.is_resolved else _SIGNS[notice.severity]
    heading = f"{sign} {_subject(notice.subject)} · {clock_time(notice.at)}"
    return [Line(heading), Line(_words(notice.text)), *_mend_lines(notice.mend)]


def _mend_lines(mend: str) -> list[Line]:
    return [Line(f"🔧 {italic(quote(mend, _MEND_UNITS))}", spare=1)] if mend else []


def _tally(findings: Sequence[Finding]) -> str:
    tally = Counter(finding.severity for finding in findings)
    kinds = [f"{count(tally[severity])} {severity}" for severity in _SIGNS if tally[severity]]
    return f"❗ {bold('Wrong now')}: {', '.join(kinds)}"


def _subject(subject: str) -> str:
    return bold(quote(subject, _SUBJECT_UNITS))


def _words(text: str) -> str:
    return quote(text, _TEXT_UNITS)
