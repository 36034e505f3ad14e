"""The keys of notices in the outbox: unique, and they tell after a restart what was told."""

from collections.abc import Iterator, Sequence
from typing import Final

from domain.timeframes import to_ms
from engine.monitoring.values import Notice, Severity

PREFIX: Final = "notice:"

_ENDED: Final = "-"
_SIGNS: Final = {Severity.CRITICAL: "!", Severity.WARNING: "+", Severity.INFO: "."}
_SEVERITIES: Final = {sign: severity for severity, sign in _SIGNS.items()}


def notice_key(notices: Sequence[Notice], admin: int) -> str:
    """The key of a message of several notices: "notice:1759759200000:!database;-disk:4711"."""
    marks = ";".join(_mark(notice) for notice in notices)
    return f"{PREFIX}{to_ms(notices[0].at)}:{marks}:{admin}"


def told_by(key: str) -> Iterator[tuple[str, Severity | None]]:
    """Subjects that a message told of, each as severe as it was told; None where it had ended."""
    _, _, rest = key.removeprefix(PREFIX).partition(":")
    marks, _, _ = rest.rpartition(":")
    for mark in marks.split(";"):
        if mark[:1] == _ENDED or mark[:1] in _SEVERITIES:
            yield mark[1:], _SEVERITIES.get(mark[:1])


def _mark(notice: Notice) -> str:
    sign = _ENDED if notice.is_resolved else _SIGNS[notice.severity]
    return f"{sign}{notice.subject.replace(';', ',')}"
