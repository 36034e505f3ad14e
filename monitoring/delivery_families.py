"""What the bot keeps and how it gets out: database, cache, outbox, Telegram."""

from typing import Final

from engine.monitoring.values import HealthReading, StoreReading
from monitoring.family import Family, Rows, single, timestamp

_MILLISECONDS: Final = 1000.0


def _stores(reading: HealthReading) -> tuple[tuple[tuple[str, str], StoreReading], ...]:
    return (
        (("database", reading.database.name), reading.database),
        (("cache", reading.cache.name), reading.cache),
    )


def _up(reading: HealthReading) -> Rows:
    return [(labels, store.error is None) for labels, store in _stores(reading)]


def _answer_seconds(reading: HealthReading) -> Rows:
    return [
        (labels, store.milliseconds / _MILLISECONDS)
        for labels, store in _stores(reading)
        if store.milliseconds is not None
    ]


def _outbox_pending(reading: HealthReading) -> float | None:
    return None if reading.outbox is None else reading.outbox.pending


def _outbox_unknown(reading: HealthReading) -> float | None:
    return None if reading.outbox is None else reading.outbox.unknown


def _outbox_failed(reading: HealthReading) -> float | None:
    return None if reading.outbox is None else reading.outbox.failed


def _outbox_age(reading: HealthReading) -> float | None:
    if reading.outbox is None:
        return None
    if reading.outbox.oldest_at is None:
        return 0.0
    return max((reading.at - reading.outbox.oldest_at).total_seconds(), 0.0)


DELIVERY_FAMILIES: Final = (
    Family(
        name="quorum_store_up",
        text="1 while the database (the cache) answers, else 0.",
        labels=("store", "backend"),
        rows=_up,
    ),
    Family(
        name="quorum_store_answer_seconds",
        text="How long the database (the cache) took to answer a small question.",
        labels=("store", "backend"),
        rows=_answer_seconds,
    ),
    single(
        "quorum_outbox_pending_messages",
        "Messages that wait to be sent.",
        _outbox_pending,
    ),
    single(
        "quorum_outbox_oldest_age_seconds",
        "How long the oldest of the waiting messages has waited; 0 when none waits.",
        _outbox_age,
    ),
    single(
        "quorum_outbox_unknown_messages",
        "Messages of which nobody knows whether they arrived.",
        _outbox_unknown,
    ),
    single(
        "quorum_outbox_failed_messages",
        "Messages that could not be delivered and will not be tried again.",
        _outbox_failed,
    ),
    single(
        "quorum_telegram_failures",
        "Requests to Telegram that failed since one went well.",
        lambda reading: reading.telegram.failures,
    ),
    single(
        "quorum_telegram_last_success_timestamp_seconds",
        "When a request to Telegram last went well.",
        lambda reading: timestamp(reading.telegram.last_good_at),
    ),
)
