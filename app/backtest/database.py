"""What a backtest takes from the bot's database, and leaves there."""

from dataclasses import replace
from datetime import datetime

from app.ledger_export import opened_storage
from app.made_storage import made_storage
from app.recorded_observations import RecordedObservations, read_observations
from app.settings import Settings
from domain.memory import Origin
from domain.readiness import ReadinessVerdict
from domain.timeframes import to_ms
from engine.backtest.values import BacktestResult
from engine.outcomes import outcome_of


async def recorded_observations(
    settings: Settings, start: datetime | None, end: datetime | None
) -> RecordedObservations:
    """What the bot recorded at the closes of a period. Raises `ConfigurationError` without one."""
    async with opened_storage(settings) as storage:
        return await read_observations(storage, start, end)


async def store_verdict(settings: Settings, verdict: ReadinessVerdict) -> None:
    """Keep a verdict, in a database that is made if there is none yet."""
    async with made_storage(settings) as storage, storage() as unit:
        await unit.readiness.add(verdict)
        await unit.commit()


async def store_outcomes(settings: Settings, result: BacktestResult) -> int:
    """Give the trades that ended to the memory layer, as backtested ones; tells how many.

    They take the place of all that earlier backtests left of the same pairs and period: what
    another strategy would have traded is no memory of this one. An outcome counts as known from
    its end on, as in the backtest.
    """
    found = [
        replace(outcome, origin=Origin.BACKTEST)
        for followed in result.signals
        if followed.course.ended_at is not None
        and (outcome := outcome_of(followed, followed.course.ended_at)) is not None
    ]
    async with made_storage(settings) as storage, storage() as unit:
        symbols = [pair.symbol for pair in result.pairs]
        await unit.outcomes.drop_backtested(symbols, to_ms(result.start), to_ms(result.end))
        await unit.outcomes.add(found)
        await unit.commit()
    return len(found)
