"""The pretended Telegram without its socket, on a clock that stands still."""

import pytest

from tests.telegram_server import Chat, ManualClock, SimulatedUser, TelegramServer
from tests.telegram_server.direct import Ask, Refused, asking, expecting_refusal


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def server(clock: ManualClock) -> TelegramServer:
    return TelegramServer(clock=clock)


@pytest.fixture
def channel(server: TelegramServer) -> Chat:
    return server.channel()


@pytest.fixture
async def ann(server: TelegramServer) -> SimulatedUser:
    """A user who has started the bot."""
    ann = server.user(1001, "Ann")
    await ann.send("/start")
    return ann


@pytest.fixture
def ask(server: TelegramServer) -> Ask:
    return asking(server)


@pytest.fixture
def refused(server: TelegramServer) -> Refused:
    return expecting_refusal(server)
