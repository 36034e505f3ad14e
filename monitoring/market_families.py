"""What the bot hears of the market, and what it makes of it: streams, requests, clock, feeds."""

from collections import Counter
from typing import Final

from domain.feeds import FeedState
from engine.monitoring.values import HealthReading
from monitoring.family import Family, Rows, single, timestamp


def _ages(reading: HealthReading) -> Rows:
    return [((each.symbol, each.kind), each.age_seconds) for each in reading.streams]


def _oldest_ages(reading: HealthReading) -> Rows:
    oldest: dict[str, float] = {}
    for each in reading.streams:
        if each.age_seconds is not None:
            oldest[each.kind] = max(each.age_seconds, oldest.get(each.kind, each.age_seconds))
    return [((kind,), age) for kind, age in oldest.items()]


def _unheard(reading: HealthReading) -> Rows:
    unheard = {each.kind: 0 for each in reading.streams}
    for each in reading.streams:
        unheard[each.kind] += each.age_seconds is None
    return [((kind,), count) for kind, count in unheard.items()]


def _feeds(reading: HealthReading) -> Rows:
    states = Counter(feed.state for feed in reading.feeds)
    return [((state.value,), states[state]) for state in FeedState]


MARKET_FAMILIES: Final = (
    Family(
        name="quorum_stream_age_seconds",
        text="Exchange time since the newest message of a pair's stream.",
        labels=("symbol", "kind"),
        rows=_ages,
    ),
    Family(
        name="quorum_stream_oldest_age_seconds",
        text="The age of the stream of its kind that has been silent longest.",
        labels=("kind",),
        rows=_oldest_ages,
    ),
    Family(
        name="quorum_streams_unheard",
        text="Streams of watched pairs of which no message ever came.",
        labels=("kind",),
        rows=_unheard,
    ),
    single(
        "quorum_rest_weight_used",
        "Request weight spent at the exchange within the last minute.",
        lambda reading: reading.rest.weight_used,
    ),
    single(
        "quorum_rest_weight_allowed",
        "Request weight the bot allows itself in a minute.",
        lambda reading: reading.rest.weight_allowed,
    ),
    single(
        "quorum_rest_silent_seconds",
        "How much longer the exchange wants no request; 0 when it takes them.",
        lambda reading: reading.rest.silent_seconds,
    ),
    single(
        "quorum_clock_skew_seconds",
        "The host's time less the exchange's.",
        lambda reading: reading.clock.skew_seconds,
    ),
    single(
        "quorum_clock_measurement_age_seconds",
        "Time since the exchange's clock was last asked.",
        lambda reading: reading.clock.age_seconds,
    ),
    single(
        "quorum_pairs_watched",
        "Pairs on the watchlist.",
        lambda reading: reading.pairs_watched,
    ),
    single(
        "quorum_pairs_ready",
        "Watched pairs whose candles are whole, so that they can be decided on.",
        lambda reading: reading.pairs_ready,
    ),
    Family(
        name="quorum_feeds",
        text="Providers of outside data by how they are doing.",
        labels=("state",),
        rows=_feeds,
    ),
    single(
        "quorum_last_decision_timestamp_seconds",
        "Exchange time of the newest decision.",
        lambda reading: timestamp(reading.last_decision_at),
    ),
    single(
        "quorum_last_signal_timestamp_seconds",
        "Exchange time of the newest signal.",
        lambda reading: timestamp(reading.last_signal_at),
    ),
    single(
        "quorum_paused",
        "1 while an operator has paused signals, else 0.",
        lambda reading: reading.is_paused,
    ),
    single(
        "quorum_accounts_halted",
        "Accounts that begin no new trade until somebody has looked.",
        lambda reading: len(reading.halted_accounts),
    ),
)
