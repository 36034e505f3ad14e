"""From a closing candle to a post and its outcome, through real clients over loopback sockets."""

import pytest

from tests.e2e.line import Line, number_of, open_line
from tests.e2e.record import assert_channel_tells_the_record, read_record
from tests.servers.databases import BACKENDS, MigratedDatabases
from tests.telegram_server import SimulatedUser
from tests.telegram_server.clients.face import SeenMessage
from tests.telegram_server.clients.opening import ptb_bot
from tests.telegram_server.clients.ptb_client import PtbClient

pytestmark = pytest.mark.timeout(240)


@pytest.mark.parametrize("backend", BACKENDS)
async def test_a_closing_candle_becomes_a_post_and_its_outcome(
    backend: str, databases: MigratedDatabases
) -> None:
    async with open_line(await databases.blank(backend)) as line:
        async with line.bot():
            post = (await line.wait_for_posts(2))[0]
            ended = await line.wait_for_end()
            await line.channel.wait(lambda posts: any(one.reply_to is ended for one in posts))
            await assert_channel_tells_the_record(line)
        assert "Entry" in post.text
        assert ended.is_edited
        assert number_of(ended) in (await read_record(line.storage)).ended


async def test_people_press_and_command_and_a_second_library_reads_the_same(
    databases: MigratedDatabases,
) -> None:
    async with open_line(await databases.blank("sqlite")) as line:
        reader = line.telegram.user(77, "Rob")
        async with line.bot() as bot:
            post = (await line.wait_for_posts(1))[0]
            await line.ask("/pause night", "aused")
            press = await reader.press(line.channel, post.id, "🔍 Why")
            assert (await press.answer()).text
            async with bot.storage() as unit:
                assert (await unit.state.get_pause()).is_paused
        seen, menu = await _read_with_second_library(line, reader, post.id)
        assert seen.text == post.text
        assert seen.labels == (("⚡ Execute", "🔍 Why", "📈 Chart"),)
        assert any("Entry" not in words and words in post.text for words in seen.bold)
        assert {"start", "why", "pause"} <= menu.keys()


async def _read_with_second_library(
    line: Line, reader: SimulatedUser, post_id: int
) -> tuple[SeenMessage, dict[str, str]]:
    """A post as an update carries it, and the operator's commands, through python-telegram-bot."""
    await reader.press(line.channel, post_id, "📈 Chart")
    async with ptb_bot(line.telegram) as library:
        client = PtbClient(library)
        update = (await client.updates())[-1]
        menu = await client.commands(chat_id=line.operator.id)
    assert update.message is not None
    return update.message, menu
