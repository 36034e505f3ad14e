"""Telegram is gone for longer than a signal's entry window: no server, errors, no answer at all."""

import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from tests.chaos.case import Case
from tests.chaos.ground import PATIENCE, published, wait_for_signals
from tests.e2e.door import Door
from tests.e2e.line import EAGER, Line, has_ended, number_of, open_line
from tests.e2e.record import read_record, read_undelivered
from tests.e2e.waiting import until, until_seen
from tests.telegram_server import AnswerPlain, FaultRule, Message

_MARK: Final = "LATE · reached Telegram at"
_EXECUTE: Final = "⚡ Execute"
_AWAY: Final = timedelta(minutes=40)
"""Longer than any entry window."""

_QUEUE: Final = 4
"""More connections than fit into a queue of no length."""

_IMPATIENT: Mapping[str, Any] = {
    **EAGER,
    "delivery": {**EAGER["delivery"], "longest_back_off": 2.0},
}


async def server_gone(folder: Path) -> None:
    """Nobody listens where it was."""
    async with _bot_behind_a_door(folder) as (line, door):
        await door.shut()
        kept = await _sleep_through(line)
        await door.open(line.telegram.base_url)
        await _assert_told_late_and_in_order(line, kept)


async def only_errors(folder: Path) -> None:
    """Every call is answered by a gateway's page: it may have arrived, or not."""
    async with _bot_behind_a_door(folder) as (line, _):
        broken = line.telegram.faults.order(FaultRule(fault=AnswerPlain(status=502), times=None))
        kept = await _sleep_through(line)
        line.telegram.faults.cancel(broken)
        await _assert_told_late_and_in_order(line, kept)


async def no_answer_to_a_connection(folder: Path) -> None:
    """Packets vanish: a connection is never made, and never refused."""
    async with _bot_behind_a_door(folder) as (line, door):
        await door.shut()
        async with _black_hole(door.address):
            kept = await _sleep_through(line)
        await door.open(line.telegram.base_url)
        await _assert_told_late_and_in_order(line, kept)


@asynccontextmanager
async def _bot_behind_a_door(folder: Path) -> AsyncIterator[tuple[Line, Door]]:
    async with (
        Door() as door,
        open_line(
            f"sqlite:///{folder}/quorum.sqlite", strategy=_IMPATIENT, telegram_url=door.url
        ) as line,
    ):
        await door.open(line.telegram.base_url)
        async with line.bot():
            await line.wait_for_posts(1)
            await line.telegram.wait_for_poll()
            yield line, door


async def _sleep_through(line: Line) -> list[int]:
    """Signals that were published while Telegram was away, and can't be entered any more."""
    known = len(await published(line))
    await wait_for_signals(line, known + 2)
    kept = (await published(line))[known:]
    await line.pass_time(line.now() + _AWAY)
    assert not [post for post in line.posts() if number_of(post) in kept[1:]]
    return kept


async def _assert_told_late_and_in_order(line: Line, kept: list[int]) -> None:
    """One message that was under way when Telegram went may be in doubt; no other is."""

    async def look() -> list[Message] | None:
        posts = [post for post in line.posts() if number_of(post) in kept]
        return posts if len(posts) >= len(kept) - 1 else None

    posts = await until(look, f"signals {kept} were not posted", seconds=PATIENCE)
    numbers = [number_of(post) for post in posts]
    assert numbers == sorted(numbers)
    for post in posts:
        first = post.history[0]
        assert _MARK in first
        assert "do not enter" in first
        assert not post.keyboard.find(_EXECUTE)
    await _assert_posted(line)
    await _assert_follow_up_is_true(line, posts)


async def _assert_posted(line: Line) -> None:
    """All that was published by now, the newest as soon as its turn has come."""
    record = await read_record(line.storage)

    async def look() -> bool:
        numbers = {number_of(post) for post in line.posts()}
        missing = await read_undelivered(line.storage)
        return set(record.published) - set(missing) <= numbers

    await until(look, "what was published does not stand in the channel", seconds=PATIENCE)
    record.assert_posted(line.posts(), missing=await read_undelivered(line.storage))


async def _assert_follow_up_is_true(line: Line, posts: list[Message]) -> None:
    """In the end each shows how its signal stands, and still that it was late."""

    async def look() -> bool:
        ended = set((await read_record(line.storage)).ended)
        return {number_of(post) for post in posts} <= ended

    await until(look, "late signals do not end", seconds=PATIENCE)
    await until_seen(
        lambda: all(map(has_ended, posts)), "late posts do not show their ends", seconds=PATIENCE
    )
    assert all(_MARK in post.text for post in posts)


@asynccontextmanager
async def _black_hole(address: str) -> AsyncIterator[None]:
    """A port whose queue of connections is full: the kernel drops every further attempt."""
    host, _, port = address.partition(":")
    with socket.socket() as hole, ExitStack() as visitors:
        hole.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        hole.bind((host, int(port)))
        hole.listen(0)
        for _ in range(_QUEUE):
            visitor = visitors.enter_context(socket.socket())
            visitor.setblocking(False)
            visitor.connect_ex((host, int(port)))
        yield


CASES = (
    Case(
        fault="Telegram gone for 40 minutes",
        expected="posts kept, then in order, marked late, no button, true to the end",
        play=server_gone,
    ),
    Case(
        fault="Telegram answers 502 for 40 minutes",
        expected="one message in doubt at most, the others as above",
        play=only_errors,
    ),
    Case(
        fault="Telegram's address swallows connections",
        expected="nothing in doubt that was never sent, the others as above",
        play=no_answer_to_a_connection,
    ),
)
