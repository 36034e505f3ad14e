"""The server a test starts: Telegram as far as Quorum relies on it, on a local port."""

from collections.abc import Callable
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.telegram_server.actors import SimulatedUser
from tests.telegram_server.chats import BotStanding, Chat, ChatType
from tests.telegram_server.clock import ServerClock, WallClock
from tests.telegram_server.endpoint import Endpoint
from tests.telegram_server.faults import Fault, FaultPlan, FaultRule
from tests.telegram_server.journal import Journal
from tests.telegram_server.limits import Limits, RateKeeper
from tests.telegram_server.membership import change_standing
from tests.telegram_server.messages import Message
from tests.telegram_server.people import Person
from tests.telegram_server.watch import PATIENCE_SECONDS
from tests.telegram_server.world import build_world, open_private_chat

TOKEN = "123456789:TEST-token-of-the-local-telegram-server"
CHANNEL_ID = -1001234567890
# Reports put the time to answer a press at 10 to 20 seconds.
QUERY_LIFETIME_S = 15.0
GRACE_AT_CLOSE_S = 0.05


class TelegramServer:
    """A Bot API server for one bot, with the chats, people and faults a test gives it.

    Use it as an async context manager; `base_url` is what the bot gets as its API address.
    """

    def __init__(
        self,
        *,
        token: str = TOKEN,
        username: str = "quorum_test_bot",
        clock: ServerClock | None = None,
        limits: Limits | None = None,
        query_lifetime_s: float = QUERY_LIFETIME_S,
    ) -> None:
        """Prepare the server. Without `limits` a bot may send as fast as it likes."""
        used_clock = clock or WallClock()
        self.token = token
        self.bot = Person(
            id=int(token.partition(":")[0]), first_name="Quorum", username=username, is_bot=True
        )
        self.world = build_world(
            bot=self.bot,
            clock=used_clock,
            rates=RateKeeper(limits, used_clock) if limits else None,
            query_lifetime_s=query_lifetime_s,
        )
        self.world.people[self.bot.id] = self.bot
        self.journal = Journal(self.world.watch)
        self.faults = FaultPlan()
        self._address: tuple[str, int] | None = None
        endpoint = Endpoint(world=self.world, token=token, journal=self.journal, faults=self.faults)
        self._runner = web.AppRunner(
            endpoint.application(),
            access_log=None,
            # A client that goes away ends its held poll, or the silence of a `Hang`.
            handler_cancellation=True,
            shutdown_timeout=GRACE_AT_CLOSE_S,
        )

    async def __aenter__(self) -> Self:
        """Listen on a free port of 127.0.0.1."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self._address = (host, port)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop listening and cut off whoever is still waiting."""
        await self._runner.cleanup()

    @property
    def base_url(self) -> str:
        """Return the address for `TelegramAPIServer.from_base` or TELEGRAM_API_URL."""
        if self._address is None:
            message = "the server is not started: use `async with TelegramServer() as server`"
            raise RuntimeError(message)
        host, port = self._address
        return f"http://{host}:{port}"

    def user(
        self,
        user_id: int,
        name: str,
        *,
        username: str | None = None,
        language_code: str | None = None,
    ) -> SimulatedUser:
        """Add somebody who has not yet pressed Start."""
        person = Person(id=user_id, first_name=name, username=username, language_code=language_code)
        return SimulatedUser(self.world, person, open_private_chat(self.world, person))

    def channel(
        self,
        channel_id: int = CHANNEL_ID,
        title: str = "Quorum signals",
        *,
        username: str | None = None,
        bot_is_admin: bool = True,
    ) -> Chat:
        """Add a channel. The bot is its administrator, or a member without rights."""
        return self._open(ChatType.CHANNEL, channel_id, title, username, bot_is_admin)

    def group(
        self,
        group_id: int,
        title: str,
        *,
        username: str | None = None,
        bot_is_admin: bool = False,
    ) -> Chat:
        """Add a supergroup with the bot in it."""
        return self._open(ChatType.GROUP, group_id, title, username, bot_is_admin)

    def fail(
        self,
        method: str | None,
        fault: Fault,
        *,
        chat: Chat | None = None,
        times: int | None = 1,
        skip: int = 0,
    ) -> FaultRule:
        """Spoil the next `times` calls of a method (None: of any), in one chat if given.

        `times=None` spoils all until `faults.cancel(rule)`; `skip` lets that many pass first.
        """
        rule = FaultRule(
            fault=fault,
            method=method,
            chat_id=chat.id if chat else None,
            times=times,
            skip=skip,
        )
        return self.faults.order(rule)

    async def set_bot_standing(self, chat: Chat, standing: BotStanding, by: SimulatedUser) -> None:
        """Promote, demote or remove the bot; it is told by `my_chat_member`."""
        change_standing(self.world, chat, standing, by=by.person)
        await self.world.watch.changed()

    async def redeliver(self, update_id: int | None = None) -> None:
        """Send an update (the newest, when none is named) once more, with the same id."""
        self.world.updates.redeliver(update_id)
        await self.world.watch.changed()

    def transcript(self, chat_id: int) -> list[Message]:
        """Return every message of a chat, deleted ones too, each with its history."""
        return list(self.world.chats.named(str(chat_id)).transcript)

    def commands_of(self, user: SimulatedUser) -> dict[str, str]:
        """Return the command menu a user sees in private: command to description."""
        return self.world.commands.shown_to(user.person)

    async def wait_for_message(
        self,
        chat: Chat,
        matching: str | Callable[[Message], bool],
        timeout_s: float = PATIENCE_SECONDS,
    ) -> Message:
        """Wait for a standing message of the bot that holds a text or satisfies a predicate.

        Raises:
            NothingHappenedError: none came in `timeout_s` seconds; the text shows the transcript.
        """

        def fits(message: Message) -> bool:
            return matching in message.text if isinstance(matching, str) else matching(message)

        return await chat.wait(
            lambda posts: next((post for post in posts if fits(post)), None), timeout_s
        )

    async def wait_for_poll(self, timeout_s: float = PATIENCE_SECONDS) -> None:
        """Wait until a bot is listening: a getUpdates call is being held.

        Raises:
            NothingHappenedError: none came in `timeout_s` seconds.
        """
        await self.world.watch.expect(
            lambda: self.world.updates.held_polls > 0,
            timeout_s=timeout_s,
            otherwise=lambda: f"nobody polls; calls were {[call.method for call in self.journal]}",
        )

    def _open(
        self, kind: ChatType, chat_id: int, title: str, username: str | None, bot_is_admin: bool
    ) -> Chat:
        standing = BotStanding.ADMINISTRATOR if bot_is_admin else BotStanding.MEMBER
        return self.world.chats.open(
            chat_id=chat_id, kind=kind, name=title, username=username, standing=standing
        )
