"""The bot as a process that is killed, asked to end, and started again."""

from collections import Counter
from pathlib import Path

import pytest

from engine.issue import post_key
from engine.ports.storage import OutboxRow, OutboxState
from tests.e2e.bot_process import forked, telegram_variables, variables_for
from tests.e2e.line import Line, has_ended, number_of, open_line
from tests.e2e.record import read_outbox, read_record
from tests.e2e.waiting import until, until_seen
from tests.telegram_server import (
    TOKEN,
    AnswerPlain,
    Chat,
    DropConnection,
    FaultRule,
    Hang,
    Message,
)

pytestmark = [pytest.mark.timeout(240), pytest.mark.soak]


async def test_ended_at_the_worst_moments_it_doubles_nothing_and_loses_nothing(
    tmp_path: Path,
) -> None:
    database = tmp_path / "quorum.sqlite"
    async with open_line(f"sqlite:///{database}", pairs=4) as line:
        variables = {
            **variables_for(line, tmp_path),
            **telegram_variables(line),
            "DATABASE_URL": f"sqlite:///{database}",
            "LOG_LEVEL": "debug",
        }
        async with forked(tmp_path / "killed while a send hangs", ["run"], variables) as bot:
            await _wait_for_hanging_send(line, Hang(delivers=False))
            await bot.kill()
        async with forked(tmp_path / "stopped while a send hangs", ["run"], variables) as bot:
            await line.questions(1)
            await _wait_for_hanging_send(line, Hang(delivers=True))
            assert await bot.terminate() == 0
            assert "Traceback" not in bot.logged
        async with forked(tmp_path / "killed after a post", ["run"], variables) as bot:
            await line.questions(2)
            await line.wait_for_posts(len(line.posts()) + 1)
            await bot.kill()
        faults = _order_faults(line)
        async with forked(tmp_path / "to the end", ["run"], variables) as bot:
            await until_seen(lambda: all(rule.hits for rule in faults), "a fault has not struck")
            await _settle_doubts(line)
            await _let_everything_end(line)
            assert await bot.terminate() == 0
            assert "Traceback" not in bot.logged
        await _assert_nothing_doubled_or_lost(line)
    _assert_nowhere(TOKEN.partition(":")[2], tmp_path)


async def _wait_for_hanging_send(line: Line, fault: Hang) -> None:
    rule = line.telegram.fail("sendMessage", fault, chat=line.channel)
    await until_seen(lambda: rule.hits, "nothing was sent to the channel")


def _order_faults(line: Line) -> list[FaultRule]:
    """Faults whose error texts could quote the address of a request, and the token in it."""
    channel = line.channel
    return [
        line.telegram.fail("getUpdates", DropConnection()),
        line.telegram.fail("sendMessage", DropConnection(delivers=True), chat=channel),
        line.telegram.fail("editMessageText", AnswerPlain(), chat=channel),
    ]


async def _settle_doubts(line: Line) -> None:
    """Answer each question as somebody who looks into the chats."""
    await line.ask("/pause to look", "aused")

    async def look() -> bool:
        for question in await line.questions(1):
            if question.keyboard:
                await _answer(line, question)
        return not [row for row in await read_outbox(line.storage) if _is_in_doubt(row)]

    await until(look, "a message is still in doubt")


async def _answer(line: Line, question: Message) -> None:
    label = "It is there" if _is_there(line, question) else "Resend"
    press = await line.operator.press(line.operator.chat, question.id, label)
    await press.answer()
    await line.operator.chat.wait(lambda _: not question.keyboard)


def _is_in_doubt(row: OutboxRow) -> bool:
    """A question that is itself in doubt is not asked about."""
    return row.state is OutboxState.UNKNOWN and not row.message.key.startswith("doubt:")


def _is_there(line: Line, question: Message) -> bool:
    words = question.text.partition("Telegram: ")[2].partition("\n")[0].rstrip("…")
    shown = [text for chat in (line.channel, line.operator.chat) for text in _texts(chat)]
    return any(" ".join(text.split()).startswith(words) for text in shown)


def _texts(chat: Chat) -> list[str]:
    return [text for post in chat.posts for text in post.history]


async def _let_everything_end(line: Line) -> None:
    async def look() -> bool:
        async with line.storage() as unit:
            live, depth = await unit.signals.list_live(), await unit.outbox.depth()
        return not live and depth.pending == 0

    await until(look, "signals are live, or messages wait")


async def _assert_nothing_doubled_or_lost(line: Line) -> None:
    record = await read_record(line.storage)
    record.assert_holds()
    assert sorted(record.ended) == record.published
    record.assert_posted(line.posts())
    first_texts = Counter(post.history[0] for post in line.channel.posts)
    assert max(first_texts.values()) == 1
    rows = {row.message.key: row for row in await read_outbox(line.storage)}
    for post in line.posts():
        # A post that is there by the operator's word only cannot be edited: its number is unknown.
        is_known = rows[post_key(number_of(post))].state is OutboxState.SENT
        assert has_ended(post) or not is_known


def _assert_nowhere(secret: str, folder: Path) -> None:
    """Not in what was printed or logged, nor in the database."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert [path for path in files if path.name == "errors" and b"debug" in path.read_bytes()]
    assert not [path for path in files if secret.encode() in path.read_bytes()]
