"""Which breakers have tripped anew: told once per activation, not once per pair or per close."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from engine.ports.storage import BreakerEvent, DecisionRecord
from risk.breakers import BreakerParameters, all_breakers

ALERT_AGAIN_AFTER: Final = timedelta(hours=1)
"""A breaker that is still tripping after this long counts as tripped anew."""

_COVERS_ALL: Final = {
    breaker.name: breaker.covers_all_pairs
    for breaker in all_breakers(BreakerParameters())
    # Admins know of their own pause, and a second signal on a live pair is nobody's trouble.
    if breaker.name not in ("paused", "one_per_pair")
}


def find_activations(
    records: Sequence[DecisionRecord], recent: Sequence[BreakerEvent], at: datetime
) -> list[BreakerEvent]:
    """Events for breakers that denied something now and are not among the recent events."""
    known = {(event.breaker, event.symbol) for event in recent}
    found: dict[tuple[str, str | None], BreakerEvent] = {}
    for record in records:
        for denial in record.denials:
            if denial.rule not in _COVERS_ALL:
                continue
            symbol = None if _COVERS_ALL[denial.rule] else record.decision.symbol
            event = BreakerEvent(
                breaker=denial.rule, at=at, symbol=symbol, text=_words(symbol, denial.text)
            )
            if (denial.rule, symbol) not in known:
                found.setdefault((denial.rule, symbol), event)
    return list(found.values())


def _words(symbol: str | None, text: str) -> str:
    return text if symbol is None else f"{symbol}: {text}"
