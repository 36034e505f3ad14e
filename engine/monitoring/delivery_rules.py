"""Rules about what keeps and carries: database, cache, outbox, Telegram."""

from collections.abc import Iterator
from typing import Final

from domain.counting import many
from engine.monitoring.health_parameters import HealthParameters
from engine.monitoring.rule import Rule, critical, mention, warning
from engine.monitoring.values import Finding, HealthReading, TelegramReading
from engine.monitoring.wording import cut, span


def _database(reading: HealthReading, parameters: HealthParameters) -> Iterator[Finding]:
    database = reading.database
    if database.error is not None:
        yield critical(
            "database",
            f"{database.name} does not answer ({cut(database.error)}): nothing is decided, "
            "open positions are looked after",
            'Bring it back; look at its disk and its log (runbook "Database").',
        )
    elif (database.milliseconds or 0.0) > parameters.database_milliseconds:
        yield warning(
            "database",
            f"{database.name} took {database.milliseconds:.0f} ms for a small question",
            'Look at the load and the disk of its machine (runbook "Database").',
        )


def _cache(reading: HealthReading, _parameters: HealthParameters) -> Iterator[Finding]:
    if reading.cache.error is not None:
        yield warning(
            "cache",
            f"{reading.cache.name} does not answer ({cut(reading.cache.error)}): the process keeps "
            "what it needs itself",
            'Bring it back; nothing is lost meanwhile (runbook "Redis").',
        )


def _outbox(reading: HealthReading, parameters: HealthParameters) -> Iterator[Finding]:
    depth = reading.outbox
    if depth is None or depth.oldest_at is None:
        return
    age = (reading.at - depth.oldest_at).total_seconds() / reading.speed
    if age <= parameters.outbox_minutes * 60:
        return
    is_stuck = age > parameters.outbox_critical_minutes * 60
    make = critical if is_stuck else warning
    yield make(
        "outbox",
        f"{many(depth.pending, 'message')} waiting, the oldest for {span(age)}",
        "They are sent by themselves once Telegram takes them. Look for delivery postponed in the "
        'log (runbook "A message was not delivered").',
    )


def _doubt(reading: HealthReading, _parameters: HealthParameters) -> Iterator[Finding]:
    if reading.outbox is not None and reading.outbox.unknown:
        yield warning(
            "messages in doubt",
            f"{many(reading.outbox.unknown, 'message')} may or may not have arrived",
            'Answer the question in chat, or look into the outbox (runbook "A message in doubt").',
        )


def _undelivered(reading: HealthReading, _parameters: HealthParameters) -> Iterator[Finding]:
    """Each was told when it happened; they stay in the table until it is tidied up."""
    if reading.outbox is not None and reading.outbox.failed:
        yield mention(
            "messages not delivered",
            f"{many(reading.outbox.failed, 'message')} of the outbox will never arrive",
            'Each was told of when it failed (runbook "A message was not delivered").',
        )


def _telegram(reading: HealthReading, parameters: HealthParameters) -> Iterator[Finding]:
    telegram = reading.telegram
    if telegram.is_terminal or telegram.failures < parameters.telegram_failures:
        return
    make = critical if _is_away(telegram, reading, parameters) else warning
    last = telegram.last_good_at
    good = f"the last good one was at {last:%H:%M} UTC" if last else "none was ever good"
    yield make(
        "telegram",
        f"{many(telegram.failures, 'request')} failed in a row, {good}: {cut(telegram.last_error)}",
        "Messages wait in the outbox. Look at the network and the token; doctor, line Telegram "
        '(runbook "Telegram is away").',
    )


def _is_away(
    telegram: TelegramReading, reading: HealthReading, parameters: HealthParameters
) -> bool:
    if telegram.last_good_at is None:
        return reading.process.uptime_seconds > parameters.telegram_minutes * 60
    age = (reading.at - telegram.last_good_at).total_seconds() / reading.speed
    return age > parameters.telegram_minutes * 60


def _is_outbox_known(_subject: str, reading: HealthReading, _parameters: HealthParameters) -> bool:
    """It is in the database, which may be away."""
    return reading.outbox is not None


def _is_telegram_known(_subject: str, reading: HealthReading, parameters: HealthParameters) -> bool:
    """A few failures prove nothing: not that it is away nor, after a restart, that it is back."""
    failures = reading.telegram.failures
    return reading.telegram.is_terminal or not 0 < failures < parameters.telegram_failures


DELIVERY_RULES: Final = (
    Rule(subject="database", look=_database),
    Rule(subject="telegram", look=_telegram, can_judge=_is_telegram_known),
    Rule(subject="outbox", look=_outbox, can_judge=_is_outbox_known),
    Rule(subject="messages in doubt", look=_doubt, can_judge=_is_outbox_known),
    Rule(subject="messages not delivered", look=_undelivered, can_judge=_is_outbox_known),
    Rule(subject="cache", look=_cache),
)
