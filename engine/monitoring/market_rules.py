"""Rules about what comes from the exchange: streams, request weight, clock, pairs, decisions."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from domain.counting import many
from domain.timeframes import Timeframe
from engine.monitoring.health_parameters import HealthParameters
from engine.monitoring.rule import (
    Look,
    Rule,
    begun_seconds,
    critical,
    is_settling,
    is_starting,
    is_young,
    warning,
)
from engine.monitoring.values import Finding, HealthReading, StreamReading
from engine.monitoring.wording import some_of, span

_IsKnown: TypeAlias = Callable[[HealthReading, HealthParameters], bool]

_TOO_OLD: Final[dict[str, Callable[[HealthParameters], float]]] = {
    "candles": lambda parameters: parameters.candles_seconds,
    "book": lambda parameters: parameters.book_seconds,
    "trades": lambda parameters: parameters.trades_seconds,
}

_CANDLES_MEND: Final = (
    "Lost connections are dialled again by themselves. For more than 10 minutes: look at the "
    'network and the exchange\'s status page (runbook "Pairs not ready").'
)
_FLOW_MEND: Final = (
    "Signals of these pairs are denied as data_health meanwhile. For more than 10 minutes: look "
    'at the network and the log for stream_ events (runbook "Books and trades").'
)
_MENDS: Final = {"candles": _CANDLES_MEND, "book": _FLOW_MEND, "trades": _FLOW_MEND}


def _streams(kind: str) -> Rule:
    subject = f"stream {kind}"

    def look(reading: HealthReading, parameters: HealthParameters) -> Iterator[Finding]:
        streams = [stream for stream in reading.streams if stream.kind == kind]
        silent = _silent(streams, reading, parameters)
        if not silent:
            return
        text = _how_silent(silent, len(streams), reading.speed)
        make = critical if len(silent) == len(streams) else warning
        yield make(subject, text, _MENDS[kind])

    def can_judge(_: str, reading: HealthReading, parameters: HealthParameters) -> bool:
        """After a restart a pair of which nothing was heard yet may be silent or not."""
        ages = [stream.age_seconds for stream in reading.streams if stream.kind == kind]
        return bool(ages) and not (None in ages and is_starting(reading, parameters))

    return Rule(subject=subject, look=look, can_judge=can_judge)


def _silent(
    streams: Sequence[StreamReading], reading: HealthReading, parameters: HealthParameters
) -> list[StreamReading]:
    """Those too old, oldest first; one without any message is older than all."""
    begun = not is_starting(reading, parameters)
    silent = [
        stream
        for stream in streams
        if (
            begun
            if stream.age_seconds is None
            else stream.age_seconds / reading.speed > _TOO_OLD[stream.kind](parameters)
        )
    ]
    return sorted(silent, key=_silence, reverse=True)


def _silence(stream: StreamReading) -> float:
    return float("inf") if stream.age_seconds is None else stream.age_seconds


def _how_silent(silent: Sequence[StreamReading], streams: int, speed: float) -> str:
    oldest = silent[0].age_seconds
    since = "since the start" if oldest is None else f"for {span(oldest / speed)}"
    if len(silent) == streams:
        return f"all {many(streams, 'pair')} silent, longest {since}"
    names = some_of([stream.symbol for stream in silent])
    return f"{len(silent)} of {many(streams, 'pair')} silent, longest {since} ({names})"


def _weight(reading: HealthReading, parameters: HealthParameters) -> Iterator[Finding]:
    rest = reading.rest
    if (
        rest.weight_allowed > 0
        and rest.weight_used >= parameters.weight_share * rest.weight_allowed
    ):
        yield warning(
            "request weight",
            f"{rest.weight_used:.0f} of {rest.weight_allowed:.0f} allowed used within a minute",
            "Requests wait for their turn. Look whether another program uses this address, lower "
            'market_data.weight_share there (runbook "The exchange asks for silence").',
        )


def _silence_asked(reading: HealthReading, parameters: HealthParameters) -> Iterator[Finding]:
    silent = reading.rest.silent_seconds
    if silent > parameters.silence_seconds:
        yield warning(
            "exchange silence",
            f"no REST request for {span(silent)}: the exchange asked for it",
            "Streams go on. Wait; do not restart, that costs more weight "
            '(runbook "The exchange asks for silence").',
        )


def _skew(reading: HealthReading, parameters: HealthParameters) -> Iterator[Finding]:
    skew = reading.clock.skew_seconds
    if skew is not None and abs(skew) > parameters.skew_seconds:
        side = "ahead of" if skew > 0 else "behind"
        yield warning(
            "clock skew",
            f"the machine's clock is {abs(skew):.1f} s {side} the exchange's",
            'Decisions follow the exchange\'s clock. timedatectl set-ntp true (runbook "Clock").',
        )


def _clock_age(reading: HealthReading, parameters: HealthParameters) -> Iterator[Finding]:
    age = reading.clock.age_seconds
    if age is None and is_young(reading, parameters):
        return
    if age is not None and age <= parameters.clock_minutes * 60:
        return
    since = "since the start" if age is None else f"for {span(age)}"
    yield critical(
        "clock measurement",
        f"exchange time not measured {since}: no new signal is sent",
        "Look at the network and the exchange's status page; doctor, line clock "
        '(runbook "Clock").',
    )


def _watchlist(reading: HealthReading, parameters: HealthParameters) -> Iterator[Finding]:
    if reading.pairs_watched == 0 and not is_young(reading, parameters):
        yield warning(
            "watchlist",
            "no pair is watched: nothing is decided",
            'Look for job failed with job=scan in the log (runbook "Watchlist empty").',
        )


def _is_clock_known(reading: HealthReading, parameters: HealthParameters) -> bool:
    return reading.clock.age_seconds is not None or not is_young(reading, parameters)


def _is_skew_known(reading: HealthReading, _parameters: HealthParameters) -> bool:
    """Before it was measured exchange time is the machine's own."""
    clock = reading.clock
    return clock.skew_seconds is not None and clock.age_seconds is not None


def _is_watchlist_known(reading: HealthReading, parameters: HealthParameters) -> bool:
    return reading.pairs_watched > 0 or not is_young(reading, parameters)


def _ready(reading: HealthReading, parameters: HealthParameters) -> Iterator[Finding]:
    lacking = reading.pairs_watched - reading.pairs_ready
    since_close = reading.at - Timeframe.M15.previous_boundary(reading.at)
    if lacking <= 0 or not _are_pairs_known(reading, parameters):
        return
    lacks, are = ("lacks", "is") if lacking == 1 else ("lack", "are")
    yield warning(
        "pairs ready",
        f"{lacking} of {many(reading.pairs_watched, 'watched pair')} {lacks} candles "
        f"{span(since_close.total_seconds())} after the close and {are} not decided on",
        'What is missing is fetched over REST by itself; for long: runbook "Pairs not ready".',
    )


def _are_pairs_known(reading: HealthReading, parameters: HealthParameters) -> bool:
    if reading.pairs_watched == 0 or is_starting(reading, parameters):
        return False
    return not is_settling(reading, parameters)


def _decision(reading: HealthReading, parameters: HealthParameters) -> Iterator[Finding]:
    close, last = _newest_close(reading, parameters), reading.last_decision_at
    if _is_decided(reading, close) or not _is_decision_due(reading, parameters, close):
        return
    before = f"the last one was at {last:%H:%M} UTC" if last else "there was none before"
    yield critical(
        "decision",
        f"none at the close of {close:%H:%M} UTC, {before}; "
        f"{many(reading.pairs_watched, 'pair')} watched",
        "Look for candle close, job failed and job runs missed in the log "
        '(runbook "A close brought no decision").',
    )


def _newest_close(reading: HealthReading, parameters: HealthParameters) -> datetime:
    """The newest one that must have been decided on."""
    grace = timedelta(minutes=parameters.decision_minutes * reading.speed)
    return Timeframe.M15.previous_boundary(reading.at - grace)


def _is_decided(reading: HealthReading, close: datetime) -> bool:
    return reading.last_decision_at is not None and reading.last_decision_at >= close


def _is_decision_due(reading: HealthReading, parameters: HealthParameters, close: datetime) -> bool:
    """At a close before which the process had settled, with something to decide on."""
    if reading.is_paused or reading.pairs_watched == 0:
        return False
    settled = begun_seconds(reading) - parameters.start_minutes * 60
    return reading.at - timedelta(seconds=settled * reading.speed) <= close


def _is_decision_known(reading: HealthReading, parameters: HealthParameters) -> bool:
    close = _newest_close(reading, parameters)
    return _is_decided(reading, close) or _is_decision_due(reading, parameters, close)


def _rule(subject: str, look: Look, is_known: _IsKnown | None = None) -> Rule:
    if is_known is None:
        return Rule(subject=subject, look=look)

    def can_judge(_: str, reading: HealthReading, parameters: HealthParameters) -> bool:
        return is_known(reading, parameters)

    return Rule(subject=subject, look=look, can_judge=can_judge)


MARKET_RULES: Final = (
    _rule("decision", _decision, _is_decision_known),
    *(_streams(kind) for kind in _TOO_OLD),
    _rule("pairs ready", _ready, _are_pairs_known),
    _rule("watchlist", _watchlist, _is_watchlist_known),
    _rule("clock measurement", _clock_age, _is_clock_known),
    _rule("clock skew", _skew, _is_skew_known),
    _rule("exchange silence", _silence_asked),
    _rule("request weight", _weight),
)
