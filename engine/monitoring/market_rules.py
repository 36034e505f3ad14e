"""Rules about what comes from the exchange: streams, request weight, clock, pairs, decisions."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Final

from domain.timeframes import Timeframe
from engine.monitoring.health_parameters import HealthParameters
from engine.monitoring.rule import Look, Rule, critical, is_starting, warning
from engine.monitoring.values import Finding, HealthReading, StreamReading
from engine.monitoring.wording import many, some_of, span

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

    return Rule(subject=subject, look=look)


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
    return f"{len(silent)} of {streams} pairs silent, longest {since} ({names})"


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
    if age is None and is_starting(reading, parameters):
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
    if reading.pairs_watched == 0 and not is_starting(reading, parameters):
        yield warning(
            "watchlist",
            "no pair is watched: nothing is decided",
            'Look for job failed with job=scan in the log (runbook "Watchlist empty").',
        )


def _ready(reading: HealthReading, parameters: HealthParameters) -> Iterator[Finding]:
    lacking = reading.pairs_watched - reading.pairs_ready
    since_close = reading.at - Timeframe.M15.previous_boundary(reading.at)
    settled = timedelta(seconds=parameters.ready_seconds * reading.speed)
    if lacking <= 0 or since_close < settled or is_starting(reading, parameters):
        return
    yield warning(
        "pairs ready",
        f"{lacking} of {reading.pairs_watched} watched pairs lack candles "
        f"{span(since_close.total_seconds())} after the close and are not decided on",
        'What is missing is fetched over REST by itself; for long: runbook "Pairs not ready".',
    )


def _decision(reading: HealthReading, parameters: HealthParameters) -> Iterator[Finding]:
    """At a close before which the process had settled, with something to decide on."""
    grace = timedelta(minutes=parameters.decision_minutes * reading.speed)
    close = Timeframe.M15.previous_boundary(reading.at - grace)
    settled = reading.process.uptime_seconds - parameters.start_minutes * 60
    came_later = reading.at - timedelta(seconds=settled * reading.speed) > close
    last = reading.last_decision_at
    if reading.is_paused or reading.pairs_watched == 0 or came_later or (last and last >= close):
        return
    before = f"the last one was at {last:%H:%M} UTC" if last else "there was none before"
    yield critical(
        "decision",
        f"none at the close of {close:%H:%M} UTC, {before}; "
        f"{many(reading.pairs_watched, 'pair')} watched",
        "Look for candle close, job failed and job runs missed in the log "
        '(runbook "A close brought no decision").',
    )


def _rule(subject: str, look: Look) -> Rule:
    return Rule(subject=subject, look=look)


MARKET_RULES: Final = (
    _rule("decision", _decision),
    *(_streams(kind) for kind in _TOO_OLD),
    _rule("pairs ready", _ready),
    _rule("watchlist", _watchlist),
    _rule("clock measurement", _clock_age),
    _rule("clock skew", _skew),
    _rule("exchange silence", _silence_asked),
    _rule("request weight", _weight),
)
