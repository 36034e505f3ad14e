"""Updates of Telegram: every one ends in words or in silence, and nobody acts who may not."""

import json
import logging
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.base import BaseSession
from aiogram.enums import ParseMode
from aiogram.methods import TelegramMethod
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from pydantic import ValidationError

from bot.application import build_dispatcher
from bot.arguments import ALL_TIME, parse_deep_link, parse_lookback, parse_pair, parse_signal_id
from bot.middlewares.in_flight import InFlightMiddleware
from bot.presenters.conversation import ADMIN_COMMANDS, PUBLIC_COMMANDS, TRADER_COMMANDS
from bot.remembered_roles import RememberedRoles
from bot.trade_arguments import parse_credentials, parse_limits, parse_share, parse_symbol
from domain.messages import Action
from tests.builders.signals import make_followed
from tests.builders.trade_cards import TRADER
from tests.fakes.storage import InMemoryStorage
from tests.fuzz.mutations import damaged, damaged_text, texts
from tests.integration.bot.telegram_room import ADMIN, STRANGER, Room
from tests.telegram_server.html_markup import parse_html

TOKEN = "42:fuzz"
LONGEST_TEXT, LONGEST_POPUP = 4096, 200
WORDS = [f"/{name}" for name in {**PUBLIC_COMMANDS, **TRADER_COMMANDS, **ADMIN_COMMANDS}]
ARGUMENTS = ["12", "#12", "BTC/USDT", "week", "50% 3", "paper", "why_12", "exec-12", "a" * 40]
DATE = 1_759_759_200


def message(text: str, user_id: int) -> dict[str, Any]:
    """An update with a private message, as Telegram writes it."""
    person = {"id": user_id, "is_bot": False, "first_name": "Tom"}
    chat = {"id": user_id, "type": "private", "first_name": "Tom"}
    said = {"message_id": 5, "date": DATE, "chat": chat, "from": person, "text": text}
    return {"update_id": 7, "message": said}


def press(data: str, user_id: int) -> dict[str, Any]:
    """An update with a press of a button under a channel post."""
    person = {"id": user_id, "is_bot": False, "first_name": "Tom"}
    post = {"message_id": 9, "date": DATE, "chat": {"id": -100123, "type": "channel", "title": "Q"}}
    query = {"id": "77", "from": person, "chat_instance": "1", "data": data, "message": post}
    return {"update_id": 8, "callback_query": query}


@dataclass
class Wire(BaseSession):
    """Notes what the bot asks Telegram for, and answers that it is done."""

    asked: list[TelegramMethod[Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[Any],
        timeout: int | None = None,  # noqa: ASYNC109
    ) -> Any:
        self.asked.append(method)
        name = type(method).__name__
        if name == "GetMe":
            answer: Any = {"id": 42, "is_bot": True, "first_name": "Q", "username": "quorum_bot"}
        elif name.startswith("Send") and name != "SendChatAction":
            answer = message("", 1)["message"]
        else:
            answer = True
        content = json.dumps({"ok": True, "result": answer})
        return self.check_response(bot, method, 200, content).result

    async def close(self) -> None:
        """Nothing is open."""

    async def stream_content(self, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        yield b""

    def assert_sendable(self) -> None:
        """What Telegram would refuse: HTML that is none, and texts that are too long."""
        for method in self.asked:
            text = getattr(method, "text", None)
            if isinstance(text, str):
                is_popup = type(method).__name__ == "AnswerCallbackQuery"
                assert len(text) <= (LONGEST_POPUP if is_popup else LONGEST_TEXT)
                if not is_popup:
                    parse_html(text)


class Errors(logging.Handler):
    """What handlers logged as errors."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record.getMessage())


class Line:
    """The dispatcher as it runs, with a signal in the record, over a wire of our own."""

    def __init__(self) -> None:
        self.wire = Wire()
        properties = DefaultBotProperties(parse_mode=ParseMode.HTML)
        self.bot = Bot(TOKEN, session=self.wire, default=properties)
        self.room = Room(server=cast("Any", None), bot=self.bot, storage=InMemoryStorage())
        self.errors = Errors()

    async def begin(self) -> None:
        await self.room.make_admin()
        await self.room.make_trader()
        async with self.room.storage() as unit:
            await unit.signals.add(make_followed())
            await unit.commit()

    async def feed(self, *updates: Any) -> None:
        """Hand over updates as polling does; those that are none are Telegram's own fault."""
        use_cases = self.room.use_cases
        dispatcher = build_dispatcher(
            use_cases,
            self.room.presenter,
            self.room.clock,
            roles=RememberedRoles(use_cases.role_of),
            in_flight=InFlightMiddleware(),
        )
        log = logging.getLogger()
        log.addHandler(self.errors)
        try:
            for update in updates:
                with suppress(ValidationError, TypeError):
                    await dispatcher.feed_raw_update(self.bot, update)
        finally:
            log.removeHandler(self.errors)

    async def state(self) -> list[Any]:
        """What an act would change."""
        async with self.room.storage() as unit:
            paused, mode = await unit.state.get_pause(), await unit.state.get_mode()
        return [await self.room.list_admins(), await self.room.list_traders(), paused, mode]


async def assert_answered(*updates: Any, may_act: bool) -> None:
    line = Line()
    await line.begin()
    before = await line.state()

    await line.feed(*updates)

    assert line.errors.records == []
    line.wire.assert_sendable()
    if not may_act:
        # A stranger may have a key of his own erased: he may have been a trader once.
        assert set(line.room.trading.calls) <= {("disconnect", STRANGER)}
        assert await line.state() == before
    asked = len(line.wire.asked)
    await line.feed(message("/help", STRANGER))
    assert len(line.wire.asked) > asked


said = st.one_of(
    st.tuples(
        st.sampled_from(WORDS), st.one_of(damaged_text("12"), st.sampled_from(ARGUMENTS))
    ).map(" ".join),
    st.tuples(st.sampled_from(["/start", "/why", "/signal", "/connect", "/limits"]), texts()).map(
        " ".join
    ),
    st.sampled_from(WORDS).flatmap(damaged_text),
    texts(),
)
pressed = st.one_of(
    st.sampled_from(list(Action)).flatmap(lambda action: damaged_text(f"q1:{action.value}:12")),
    st.tuples(st.sampled_from(list(Action)), st.integers()).map(
        lambda one: f"q1:{one[0]}:{one[1]}"
    ),
    texts(),
)


@given(st.lists(said, min_size=1, max_size=4))
async def test_whatever_a_stranger_says_is_answered_and_does_nothing(words: list[str]) -> None:
    await assert_answered(*(message(text, STRANGER) for text in words), may_act=False)


@given(st.lists(pressed, min_size=1, max_size=4))
async def test_whatever_a_stranger_presses_is_answered_and_does_nothing(words: list[str]) -> None:
    await assert_answered(*(press(data, STRANGER) for data in words), may_act=False)


@given(
    st.lists(
        st.one_of(
            said.map(lambda text: message(text, ADMIN)),
            said.map(lambda text: message(text, TRADER)),
            pressed.map(lambda data: press(data, TRADER)),
        ),
        max_size=4,
    )
)
async def test_whatever_those_who_may_say_is_answered(updates: list[Any]) -> None:
    await assert_answered(*updates, may_act=True)


def updates_of(text: str) -> SearchStrategy[Any]:
    return st.one_of(damaged(message(text, STRANGER)), damaged(press("q1:exec:12", STRANGER)))


@pytest.mark.filterwarnings("ignore:Detected unknown update type:RuntimeWarning")
@given(st.lists(st.sampled_from(WORDS).flatmap(updates_of), min_size=1, max_size=3))
async def test_an_update_of_any_shape_is_dropped_or_answered(updates: list[Any]) -> None:
    named = [one for one in updates if isinstance(one, dict)]
    await assert_answered(*named, may_act=True)


@given(texts())
def test_any_words_behind_a_command_are_an_argument_or_none(text: str) -> None:
    for number in (parse_signal_id(text), (parse_deep_link(text) or ("", 1))[1]):
        assert number is None or 0 < number < 2**31
    lookback = parse_lookback(text, default=ALL_TIME)
    assert lookback is None or lookback.days is None or 0 < lookback.days <= 3650
    assert (parse_pair(text) or "x").isascii()
    assert (parse_symbol(text) or "X").isalnum()
    share, limits = parse_share(text), parse_limits(text)
    assert share is None or 0 < share <= 1
    assert limits is None or 0 < limits.risk_share <= 1
    credentials = parse_credentials(text)
    assert credentials is None or text.strip() not in repr(credentials)
