"""A strict, stateful stand-in for Telegram's Bot API, for tests that run the real bot.

    async with TelegramServer() as server:
        channel = server.channel()
        trader = server.user(1001, "Ann")
        ...  # start the bot with server.base_url and server.token
        await trader.send("/start")
        post = await server.wait_for_message(channel, "BTC/USDT")
        press = await trader.press(channel, post.id, "Why")
        assert (await press.answer()).text.startswith("Trend")

It refuses what Telegram refuses, in Telegram's words; it forgets, repeats and fails on request.
What it leaves out: media other than photos, parse modes other than HTML, inline mode, payments,
topics, entities Telegram finds by itself, and calling a webhook (setting one only stops polling).
"""

from tests.telegram_server.actors import SimulatedUser
from tests.telegram_server.chats import BotStanding, Chat, ChatType
from tests.telegram_server.clock import ManualClock, WallClock
from tests.telegram_server.faults import (
    AnswerPlain,
    AnswerSlowly,
    DropConnection,
    FaultRule,
    Hang,
    migrated,
    refuse,
    retry_after,
)
from tests.telegram_server.journal import Journal, JournalEntry
from tests.telegram_server.limits import Limits
from tests.telegram_server.messages import Message
from tests.telegram_server.people import ANONYMOUS_ADMIN_ID
from tests.telegram_server.queries import Answer, Press
from tests.telegram_server.server import CHANNEL_ID, TOKEN, TelegramServer
from tests.telegram_server.watch import NothingHappenedError

__all__ = [
    "ANONYMOUS_ADMIN_ID",
    "CHANNEL_ID",
    "TOKEN",
    "Answer",
    "AnswerPlain",
    "AnswerSlowly",
    "BotStanding",
    "Chat",
    "ChatType",
    "DropConnection",
    "FaultRule",
    "Hang",
    "Journal",
    "JournalEntry",
    "Limits",
    "ManualClock",
    "Message",
    "NothingHappenedError",
    "Press",
    "SimulatedUser",
    "TelegramServer",
    "WallClock",
    "migrated",
    "refuse",
    "retry_after",
]
