"""Telegram's send limits, when a test asks for them."""

import pytest

from tests.telegram_server import Limits, ManualClock, TelegramServer
from tests.telegram_server.chats import Chat
from tests.telegram_server.direct import asking, expecting_refusal
from tests.telegram_server.limits import RateKeeper
from tests.telegram_server.refusals import RefusedError

GENEROUS = 10_000


@pytest.fixture
def group(server: TelegramServer) -> Chat:
    return server.group(-1002, "Traders")


@pytest.fixture
def private(server: TelegramServer) -> Chat:
    return server.user(1001, "Ann").chat


def refused_after(keeper: RateKeeper, chat: Chat) -> tuple[int, int | None]:
    """Send until refused; return how many passed and how long to wait."""
    for sent in range(GENEROUS):
        try:
            keeper.admit(chat)
        except RefusedError as error:
            return sent, error.refusal.retry_after
    raise AssertionError("never refused")


def test_chat_takes_a_burst_and_then_one_each_second(clock: ManualClock, private: Chat) -> None:
    keeper = RateKeeper(Limits(chat_burst=3), clock)

    assert refused_after(keeper, private) == (3, 1)
    clock.advance(1)
    assert refused_after(keeper, private) == (1, 1)
    clock.advance(60)
    assert refused_after(keeper, private) == (3, 1)


def test_group_takes_twenty_a_minute(clock: ManualClock, group: Chat, private: Chat) -> None:
    keeper = RateKeeper(Limits(chat_burst=25, overall_per_second=GENEROUS), clock)

    assert refused_after(keeper, group) == (20, 60)
    assert refused_after(keeper, private) == (25, 1)
    clock.advance(59)
    assert refused_after(keeper, group) == (0, 1)
    clock.advance(1)
    assert refused_after(keeper, group) == (20, 60)


def test_all_chats_together_take_thirty_a_second(
    clock: ManualClock, server: TelegramServer
) -> None:
    keeper = RateKeeper(Limits(), clock)
    chats = [server.user(number, "User").chat for number in range(1, 33)]

    for chat in chats[:30]:
        keeper.admit(chat)

    assert refused_after(keeper, chats[30]) == (0, 1)
    clock.advance(1)
    keeper.admit(chats[31])


async def test_server_without_limits_never_refuses(server: TelegramServer) -> None:
    assert server.world.rates is None


async def test_edits_share_the_limit_and_pins_do_not(clock: ManualClock) -> None:
    server = TelegramServer(clock=clock, limits=Limits(chat_burst=2))
    channel = server.channel()
    ask, refused = asking(server), expecting_refusal(server)
    message = await ask("sendMessage", chat_id=channel.id, text="x")
    place = {"chat_id": channel.id, "message_id": message["message_id"]}
    await ask("editMessageText", **place, text="y")

    answer = await refused("editMessageText", **place, text="z")
    await ask("pinChatMessage", **place)

    assert answer == "Too Many Requests: retry after 1"
