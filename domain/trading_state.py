"""Whether new signals may be issued, and who said so."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseState:
    """Paused or not, since when, by whom (a Telegram user id, or "terminal"), and why."""

    is_paused: bool = False
    since: datetime | None = None
    by: str = ""
    reason: str = ""
