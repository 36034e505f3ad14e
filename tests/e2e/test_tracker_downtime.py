"""The bot dies with open signals, the market goes on: afterwards the record is as if it had not."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from app.application import Application
from domain.candles import Candle
from domain.ledger import EntryKind
from domain.signals import Course, Signal, Step
from domain.timeframes import Timeframe
from engine.issue import post_key
from engine.ledger import next_entry, outcome_content, parse_content
from engine.lifecycle import advance, next_candle_index, start_course
from tests.e2e.bot_process import forked, telegram_variables, variables_for
from tests.e2e.line import Line, open_line
from tests.e2e.record import Record, read_outbox, read_record
from tests.e2e.waiting import until

pytestmark = [pytest.mark.timeout(240), pytest.mark.soak]

AWAY = timedelta(minutes=90)
"""Longer than any signal of these settings lives."""

LIFETIME = 75
"""Minutes that decide on a signal: its entry window, its longest hold, and some more."""


async def test_record_after_a_sudden_end_is_the_one_of_a_bot_that_never_ended(
    tmp_path: Path,
) -> None:
    database = tmp_path / "quorum.sqlite"
    async with open_line(f"sqlite:///{database}", pairs=4) as line:
        live = await _die_with_open_signals(line, database, tmp_path)
        line.skip_to(line.now() + AWAY)
        async with line.bot() as bot:
            record = await _wait_for_ends(line, live)
            for signal in live:
                await _assert_as_never_interrupted(line, bot, record, signal)
        record.assert_holds()
        _assert_in_order(record, live)


async def _die_with_open_signals(line: Line, database: Path, folder: Path) -> list[Signal]:
    variables = {
        **variables_for(line, folder),
        **telegram_variables(line),
        "DATABASE_URL": f"sqlite:///{database}",
    }
    async with forked(folder / "killed", ["run"], variables) as bot:
        await line.wait_for_posts(2)
        await until(lambda: _open_signals(line), "never two live signals, one of them open")
        await bot.kill()
    async with line.storage() as unit:
        return [followed.signal for followed in await unit.signals.list_live()]


async def _open_signals(line: Line) -> bool:
    async with line.storage() as unit:
        live = await unit.signals.list_live()
    return len(live) >= 2 and any(one.course.state.is_open for one in live)


async def _wait_for_ends(line: Line, live: Sequence[Signal]) -> Record:
    wanted = {signal.id for signal in live}

    async def look() -> Record | None:
        record = await read_record(line.storage)
        return record if wanted <= set(record.ended) else None

    return await until(look, f"signals {wanted} did not end")


async def _assert_as_never_interrupted(
    line: Line, bot: Application, record: Record, signal: Signal
) -> None:
    """Course, entry and messages are those that the venue's candles lead to, in one go."""
    course, steps = _follow(signal, await _minutes(bot, signal))
    stored = next(one for one in record.signals if one.signal.id == signal.id)
    assert stored.course == course
    at = next(i for i, one in enumerate(record.entries) if _is_outcome_of(record, i, signal.id))
    entry = record.entries[at]
    content = outcome_content(signal, course)
    assert next_entry(record.entries[at - 1], EntryKind.OUTCOME, entry.at, content) == entry
    keys = [row.message.key for row in await read_outbox(line.storage)]
    replies = [f"{post_key(signal.id)}:{step.state}" for step in steps]
    assert [key for key in keys if key in replies] == replies
    told = [key for key in keys if key.startswith(f"{post_key(signal.id)}:")]
    assert len(told) == 2 * len(steps)


def _follow(signal: Signal, candles: Sequence[Candle]) -> tuple[Course, list[Step]]:
    course, steps = start_course(signal), list[Step]()
    for candle in candles:
        course, taken = advance(signal, course, candle)
        steps += taken
    return course, steps


async def _minutes(bot: Application, signal: Signal) -> list[Candle]:
    series = await bot.data.facts.fetch_candles(
        signal.plan.symbol,
        Timeframe.M1,
        first_index=next_candle_index(signal, start_course(signal)),
        count=LIFETIME,
    )
    assert series is not None
    return [series.candle(position) for position in range(len(series))]


def _is_outcome_of(record: Record, position: int, number: int) -> bool:
    entry = record.entries[position]
    return entry.kind is EntryKind.OUTCOME and parse_content(entry)["signal"] == number


def _assert_in_order(record: Record, live: Sequence[Signal]) -> None:
    """What ended while nobody looked was recorded in the order in which it ended."""
    courses = {one.signal.id: one.course for one in record.signals}
    caught_up = {signal.id for signal in live}
    ends = [courses[number].ended_at for number in record.ended if number in caught_up]
    assert ends == sorted(ends, key=str)
