"""Automatic execution: for whom, and what is told where a signal was not executed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import cast

from app.automatic import build_automatic
from app.clock import ExchangeClock
from app.settings import Settings, load_settings
from app.trading import NothingToConnect, Trading
from bot.terminal_operator import TERMINAL_OPERATOR_ID
from domain.errors import StorageUnavailableError
from domain.intents import IntentState
from domain.messages import OutgoingMessage
from domain.plans import Denial, Denied
from engine.execution.offers.automatic import ExecuteAutomatically
from engine.execution.requests import Pressed
from tests.builders.signals import make_followed
from tests.builders.trade_cards import make_intent
from tests.fakes.storage import InMemoryStorage
from tests.unit.engine.kept import look_into

DENIED = Denied(denials=(Denial(rule="drift", text="the price is 0.4 R away <from> the entry"),))
PRESSED = Pressed(intent=make_intent(IntentState.CONFIRMED), is_repeat=False)
FOLLOWED = make_followed()


@dataclass
class Presses:
    """Execution that answers as it is told, and everything around it."""

    answer: Pressed | Denied | StorageUnavailableError = PRESSED
    storage: InMemoryStorage = field(default_factory=InMemoryStorage)
    taken: list[tuple[int, int]] = field(default_factory=list)
    told: asyncio.Event = field(default_factory=asyncio.Event)

    async def request_at_once(self, signal_id: int, user_id: int) -> Pressed | Denied:
        self.taken.append((signal_id, user_id))
        if isinstance(self.answer, StorageUnavailableError):
            raise self.answer
        return self.answer

    def build(self, settings: Settings) -> ExecuteAutomatically | None:
        trading = cast("Trading", SimpleNamespace(use_cases=self))
        return build_automatic(settings, trading, self.storage, ExchangeClock(), self.told.set)

    @asynccontextmanager
    async def running(self, settings: Settings) -> AsyncIterator[ExecuteAutomatically]:
        automatic = self.build(settings)
        assert automatic is not None
        task = asyncio.create_task(automatic.run())
        try:
            yield automatic
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def execute(self, settings: Settings) -> list[OutgoingMessage]:
        """Messages after one signal was taken."""
        async with self.running(settings) as automatic:
            automatic.take([FOLLOWED])
            async with asyncio.timeout(5):
                await self.told.wait()
        return (await look_into(self.storage)).messages


def settings_of(**environ: str) -> Settings:
    return load_settings({"AUTO_EXECUTE": "on", **environ}, env_file=None)


def test_it_is_off_unless_the_settings_ask_for_it() -> None:
    assert Presses().build(load_settings({}, env_file=None)) is None


async def test_at_a_terminal_it_is_for_whoever_sits_there() -> None:
    presses = Presses()
    assert await presses.execute(settings_of()) == []
    assert presses.taken == [(FOLLOWED.signal.id, TERMINAL_OPERATOR_ID)]


async def test_in_telegram_it_is_for_the_first_admin() -> None:
    presses = Presses()
    await presses.execute(settings_of(TELEGRAM_ADMIN_IDS="11,22"))
    assert presses.taken == [(FOLLOWED.signal.id, 11)]


async def test_a_signal_that_is_denied_is_told_once_without_a_sound() -> None:
    presses = Presses(answer=DENIED)
    (message,) = await presses.execute(settings_of(TELEGRAM_ADMIN_IDS="11"))
    assert (message.recipient, message.silent) == ("11", True)
    assert message.key == f"automatic:{FOLLOWED.signal.id}"
    assert "0.4 R away &lt;from&gt; the entry" in message.text


async def test_a_failure_does_not_stop_the_next_signal() -> None:
    presses = Presses(answer=StorageUnavailableError("the disc is full"))
    async with presses.running(settings_of()) as automatic:
        automatic.take([FOLLOWED, FOLLOWED])
        async with asyncio.timeout(5):
            while len(presses.taken) < 2:  # noqa: ASYNC110 - nothing announces it
                await asyncio.sleep(0.002)


async def test_without_master_keys_a_key_is_neither_looked_at_nor_repeated() -> None:
    denied = await NothingToConnect()(7, "my-own-key", "my-own-secret")
    (reason,) = denied.denials
    assert reason.rule == "connecting_off"
    assert "my-own" not in reason.text
