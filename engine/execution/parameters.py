"""How positions are entered, protected and watched."""

from dataclasses import dataclass
from enum import StrEnum

from domain.intents import EntryStyle
from domain.parameters import Parameters, parameter


class StopTrigger(StrEnum):
    """The price that fires a stop on the exchange."""

    MARK = "mark"
    LAST = "last"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionParameters(Parameters):
    """From the press to the end of a position. Spans are exchange time unless they say wall."""

    entry: EntryStyle = parameter(  # noqa: RUF009 - a declaration, as everywhere
        EntryStyle.MARKET,
        doc="how a confirmed signal is entered",
        unit="entry style",
        source="design 6",
    )
    entry_seconds: float = parameter(
        60.0,
        doc="how long a limit or post-only entry may take; what is not filled then is cancelled",
        unit="seconds",
        source="a fifteenth of the entry window",
        low=1,
        high=900,
    )
    requote_seconds: float = parameter(
        10.0,
        doc="how long a post-only entry rests before it follows the market",
        unit="seconds",
        source="a sixth of the time for an entry",
        low=1,
        high=900,
    )
    maximum_drift_r: float = parameter(
        0.3,
        doc="how far the price may have moved from the entry, in R, for a press to be taken",
        unit="R",
        source="design 5",
        low=0.01,
        high=1,
    )
    stop_trigger: StopTrigger = parameter(  # noqa: RUF009 - a declaration, as everywhere
        StopTrigger.MARK,
        doc="the price that fires a stop: the mark price is not moved by a single odd trade",
        unit="price",
        source="the venue's documentation of conditional orders",
    )
    unprotected_seconds: float = parameter(
        5.0,
        doc="a position whose stop is not confirmed on the exchange for so long is closed",
        unit="seconds",
        source="design 6: the stop before anything else",
        low=1,
        high=60,
    )
    watch_seconds: float = parameter(
        3.0,
        doc="how often each position is proved to have a resting stop on the exchange",
        unit="seconds",
        source="design 6: every few seconds",
        low=0.5,
        high=60,
    )
    compare_seconds: float = parameter(
        300.0,
        doc="how often each account is compared with the books from the ground up",
        unit="wall seconds",
        source="the account's stream is a hint only: what it misses must be found all the same",
        low=10,
        high=3600,
    )
    late_arrival_seconds: float = parameter(
        6.0,
        doc="a request that the venue does not know after this can never arrive any more",
        unit="seconds",
        source="the venue refuses requests older than 5 seconds",
        low=1,
        high=60,
    )
    retry_seconds: float = parameter(
        1.0,
        doc="wait after a refusal before the next attempt, times the refusals so far",
        unit="seconds",
        source="each attempt is a request against the venue's limits",
        low=0.1,
        high=60,
    )
    trail_step_atr: float = parameter(
        0.1,
        doc="the smallest gain for which a trailing stop is moved",
        unit="ATR",
        source="a tenth of the trailing distance: each move costs two requests",
        low=0.01,
        high=1,
    )
    data_loss_seconds: float = parameter(
        5.0,
        doc="without market data for so long a position of a tick playbook is closed",
        unit="seconds",
        source="design 6",
        low=1,
        high=300,
    )
