"""Notices as tests send them."""

from datetime import UTC, datetime, timedelta

from engine.monitoring.values import Notice, Severity

AT = datetime(2026, 3, 2, 12, 0, 30, tzinfo=UTC)


def notice(
    subject: str = "database",
    severity: Severity = Severity.CRITICAL,
    *,
    text: str = "It does not answer.",
    mend: str = "Start it.",
    seconds: float = 0.0,
    is_resolved: bool = False,
) -> Notice:
    return Notice(
        subject=subject,
        severity=severity,
        text=text,
        at=AT + timedelta(seconds=seconds),
        mend=mend,
        is_resolved=is_resolved,
    )
