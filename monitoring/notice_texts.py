"""Notices as one plain message: a title for a lock screen, and a body without markup."""

from collections.abc import Sequence
from typing import Final

from engine.monitoring.values import Notice, Severity

_RESOLVED: Final = "RESOLVED"
_WORST_FIRST: Final = tuple(Severity)


def title_of(notices: Sequence[Notice]) -> str:
    """The worst that is told, and of what: "Quorum: CRITICAL, database and 2 more"."""
    first = _by_urgency(notices)[0]
    more = f" and {len(notices) - 1} more" if len(notices) > 1 else ""
    return f"Quorum: {_word(first)}, {_one_line(first.subject)}{more}"


def body_of(notices: Sequence[Notice]) -> str:
    """A paragraph for each notice, the most urgent first."""
    return "\n\n".join(_paragraph(notice) for notice in _by_urgency(notices))


def worst_of(notices: Sequence[Notice]) -> Severity | None:
    """The highest severity of what is not resolved; None when everything is."""
    worst = _by_urgency(notices)[0]
    return None if worst.is_resolved else worst.severity


def _by_urgency(notices: Sequence[Notice]) -> list[Notice]:
    """Troubles before ends of troubles, by severity, and the oldest first among equals."""
    return sorted(
        notices, key=lambda each: (each.is_resolved, _WORST_FIRST.index(each.severity), each.at)
    )


def _paragraph(notice: Notice) -> str:
    lines = [
        f"{_word(notice)}: {_one_line(notice.subject)} ({notice.at:%Y-%m-%d %H:%M:%S} UTC)",
        notice.text,
    ]
    if notice.mend and not notice.is_resolved:
        lines.append(f"What to do: {notice.mend}")
    return "\n".join(lines)


def _word(notice: Notice) -> str:
    return _RESOLVED if notice.is_resolved else notice.severity.value.upper()


def _one_line(text: str) -> str:
    """A line break in a title would begin another header of a mail."""
    return " ".join(text.split())
