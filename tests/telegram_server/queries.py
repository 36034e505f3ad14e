"""Callback queries: a press, the short time in which it can be answered, and the answer."""

from dataclasses import dataclass

from tests.telegram_server.call import Call
from tests.telegram_server.chats import Chat
from tests.telegram_server.clock import ServerClock
from tests.telegram_server.entities import utf16_length
from tests.telegram_server.people import Person
from tests.telegram_server.refusals import bad_request
from tests.telegram_server.watch import PATIENCE_SECONDS, Watch

ANSWER_LIMIT = 200
FIRST_QUERY_ID = 4_382_000_000_000_000_001


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the presser saw: a toast, an alert, or a link that opened."""

    text: str
    show_alert: bool
    url: str


@dataclass(slots=True, kw_only=True, eq=False)
class Press:
    """One press of a button as the server sent it to the bot."""

    id: str
    update_id: int | None
    presser: Person
    chat: Chat
    message_id: int
    data: str
    at: float
    watch: Watch
    given: Answer | None = None
    is_expired: bool = False

    @property
    def is_answered(self) -> bool:
        """Tell whether the bot has answered."""
        return self.given is not None

    def expire(self) -> None:
        """Let the time for an answer run out now."""
        self.is_expired = True

    async def answer(self, timeout_s: float = PATIENCE_SECONDS) -> Answer:
        """Wait for the bot's answer.

        Raises:
            NothingHappenedError: none came in `timeout_s` seconds.
        """
        return await self.watch.expect(
            lambda: self.given,
            timeout_s=timeout_s,
            otherwise=lambda: f"the press of {self.data!r} under #{self.message_id} has no answer",
        )


class QueryDesk:
    """Keeps presses until they are answered or too old."""

    def __init__(self, *, clock: ServerClock, watch: Watch, lifetime_s: float) -> None:
        """Let each press be answered once, within `lifetime_s` seconds of the server's clock."""
        self._clock = clock
        self._watch = watch
        self._lifetime_s = lifetime_s
        self._presses: dict[str, Press] = {}

    def next_id(self) -> str:
        """Return the id the next press will have."""
        return str(FIRST_QUERY_ID + len(self._presses))

    def open(
        self, *, update_id: int | None, presser: Person, chat: Chat, message_id: int, data: str
    ) -> Press:
        """Register a press under `next_id`."""
        press = Press(
            id=self.next_id(),
            update_id=update_id,
            presser=presser,
            chat=chat,
            message_id=message_id,
            data=data,
            at=self._clock.monotonic(),
            watch=self._watch,
        )
        self._presses[press.id] = press
        return press

    def answer(self, call: Call, *, bot_username: str) -> None:
        """Take the bot's answer.

        Raises:
            RefusedError: unknown, answered or too old a query; a text beyond 200 units; a link
                that is none to this bot.
        """
        press = self._presses.get(call.text("callback_query_id"))
        if press is None or not self._is_open(press):
            raise bad_request(
                "query is too old and response timeout expired or query ID is invalid"
            )
        if utf16_length(call.text("text")) > ANSWER_LIMIT:
            raise bad_request("MESSAGE_TOO_LONG")
        url = call.text("url")
        if url and not url.removeprefix("https://").startswith(f"t.me/{bot_username}?start="):
            raise bad_request("URL_INVALID")
        press.given = Answer(text=call.text("text"), show_alert=call.flag("show_alert"), url=url)

    def _is_open(self, press: Press) -> bool:
        age_s = self._clock.monotonic() - press.at
        return not (press.is_answered or press.is_expired) and age_s <= self._lifetime_s
