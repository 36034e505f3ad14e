"""The whole state of the pretended Telegram, as the methods see it."""

from dataclasses import dataclass, field

from tests.telegram_server.access import require_write_access
from tests.telegram_server.call import Call
from tests.telegram_server.chats import BotStanding, Chat, ChatBook, ChatType
from tests.telegram_server.clock import ServerClock
from tests.telegram_server.command_lists import CommandLists
from tests.telegram_server.limits import RateKeeper
from tests.telegram_server.people import Person
from tests.telegram_server.photos import PhotoStore
from tests.telegram_server.queries import QueryDesk
from tests.telegram_server.updates import UpdateQueue
from tests.telegram_server.watch import Watch


@dataclass(slots=True, kw_only=True, eq=False)
class World:
    """One bot, the chats and people it can meet, and what it left with Telegram."""

    bot: Person
    clock: ServerClock
    watch: Watch
    chats: ChatBook
    queries: QueryDesk
    commands: CommandLists
    rates: RateKeeper | None
    photos: PhotoStore = field(default_factory=PhotoStore)
    updates: UpdateQueue = field(default_factory=UpdateQueue)
    people: dict[int, Person] = field(default_factory=dict)

    def chat_of(self, call: Call) -> Chat:
        """Return the chat a call names.

        Raises:
            RefusedError: there is none.
        """
        return self.chats.named(call.text("chat_id"))

    def writable_chat_of(self, call: Call) -> Chat:
        """Return the chat a call writes to, and count the call against the limits.

        Raises:
            RefusedError: there is none, the bot may not write there, or it writes too much.
        """
        chat = self.chat_of(call)
        require_write_access(chat)
        if self.rates is not None:
            self.rates.admit(chat)
        return chat


def build_world(
    *, bot: Person, clock: ServerClock, rates: RateKeeper | None, query_lifetime_s: float
) -> World:
    """Wire an empty world."""
    watch = Watch()
    chats = ChatBook(watch=watch, clock=clock)
    return World(
        bot=bot,
        clock=clock,
        watch=watch,
        chats=chats,
        queries=QueryDesk(clock=clock, watch=watch, lifetime_s=query_lifetime_s),
        commands=CommandLists(chats),
        rates=rates,
    )


def open_private_chat(world: World, person: Person) -> Chat:
    """Make known a user who has not pressed Start yet."""
    world.people[person.id] = person
    return world.chats.open(
        chat_id=person.id,
        kind=ChatType.PRIVATE,
        name=person.first_name,
        username=person.username,
        standing=BotStanding.LEFT,
    )
