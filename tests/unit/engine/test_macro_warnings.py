"""Macro warnings: one at the beginning of a danger, one at its end."""

import asyncio
from dataclasses import dataclass, field

import pytest

from domain.access import Role
from domain.errors import StorageUnavailableError
from domain.messages import CHANNEL
from domain.sentiment import MacroReading, MacroState
from domain.timeframes import to_ms
from engine.alerts import AlertParameters, Audience
from engine.macro_warnings import WarnOfMacro
from engine.ports.storage import Storage
from tests.builders.outside import make_macro
from tests.fakes.clock import AFTERNOON, HandClock
from tests.fakes.storage import InMemoryStorage
from tests.unit.engine.failing_storage import FailingStorage
from tests.unit.engine.kept import look_into
from tests.unit.engine.plain_presenter import PlainPresenter

SINCE = to_ms(AFTERNOON)
DANGER = make_macro(cause="stocks fall")
CALM = make_macro(MacroState.CALM, since_ms=SINCE + 600_000)
BEGAN, OVER = f"macro:{SINCE}", f"macro:{SINCE}:over"


@dataclass
class Watch:
    parameters: AlertParameters = field(default_factory=AlertParameters)
    storage: InMemoryStorage = field(default_factory=InMemoryStorage)

    def __post_init__(self) -> None:
        self.clock = HandClock(AFTERNOON)
        self.restart()

    def restart(
        self, storage: Storage | None = None, parameters: AlertParameters | None = None
    ) -> None:
        self.warn = WarnOfMacro(
            storage=storage or self.storage,
            presenter=PlainPresenter(),
            clock=self.clock,
            parameters=parameters or self.parameters,
        )

    async def see(self, *readings: MacroReading | None) -> None:
        for reading in readings:
            await self.warn(reading)
            self.clock.advance(60)

    async def keys(self) -> list[str]:
        return (await look_into(self.storage)).keys

    async def make_admins(self, *ids: int) -> None:
        async with self.storage() as unit:
            for number in ids:
                await unit.users.grant(number, Role.ADMIN, at=AFTERNOON, how="settings")
            await unit.commit()


async def test_danger_is_told_when_it_begins_and_when_it_is_over() -> None:
    watch = Watch()
    await watch.see(None, CALM, DANGER, DANGER, CALM, CALM)
    began, over = (await look_into(watch.storage)).messages
    assert (began.key, began.recipient, began.text) == (BEGAN, CHANNEL, "danger: stocks fall")
    assert (over.key, over.recipient, over.text) == (OVER, CHANNEL, "calm after 0:04:00")


@pytest.mark.parametrize("state", [s for s in MacroState if s is not MacroState.DANGER])
async def test_nothing_but_danger_is_told(state: MacroState) -> None:
    watch = Watch()
    await watch.see(make_macro(state))
    assert await watch.keys() == []
    await watch.see(DANGER, make_macro(state))
    assert await watch.keys() == [BEGAN, OVER]


async def test_restart_in_the_middle_of_a_danger_repeats_nothing_and_loses_nothing() -> None:
    watch = Watch()
    await watch.see(DANGER)
    watch.restart()
    await watch.see(DANGER)
    watch.restart()
    await watch.see(CALM)
    watch.restart()
    await watch.see(CALM)
    assert await watch.keys() == [BEGAN, OVER]


async def test_danger_that_is_dated_anew_after_a_restart_is_still_the_same() -> None:
    watch = Watch()
    await watch.see(DANGER)
    watch.restart()
    await watch.see(make_macro(since_ms=SINCE + 120_000), CALM)
    assert await watch.keys() == [BEGAN, OVER]


async def test_second_danger_is_told_like_the_first() -> None:
    watch = Watch()
    later = SINCE + 3_600_000
    await watch.see(DANGER, CALM, make_macro(since_ms=later), CALM)
    assert await watch.keys() == [BEGAN, OVER, f"macro:{later}", f"macro:{later}:over"]


async def test_danger_that_turns_into_silence_is_over_for_readers_too() -> None:
    watch = Watch()
    await watch.see(DANGER, None, None, CALM)
    assert await watch.keys() == [BEGAN, OVER]
    assert (await look_into(watch.storage)).messages[1].text == "silence after 0:01:00"


async def test_silence_after_a_start_ends_nothing() -> None:
    watch = Watch()
    await watch.see(DANGER)
    watch.restart()
    await watch.see(None, None)
    assert await watch.keys() == [BEGAN]
    await watch.see(CALM)
    assert await watch.keys() == [BEGAN, OVER]


async def test_every_admin_is_told_and_gets_the_end_too() -> None:
    watch = Watch(AlertParameters(macro=Audience.ADMINS))
    await watch.make_admins(11, 22)
    await watch.see(DANGER)
    watch.restart(parameters=AlertParameters(macro=Audience.CHANNEL))
    await watch.see(CALM)
    assert await watch.keys() == [f"{BEGAN}:11", f"{BEGAN}:22", f"{OVER}:11", f"{OVER}:22"]


async def test_off_tells_nobody() -> None:
    watch = Watch(AlertParameters(macro=Audience.OFF))
    await watch.see(DANGER, CALM)
    assert await watch.keys() == []


async def test_unchanged_state_asks_nothing_of_the_storage() -> None:
    watch = Watch()
    counting = FailingStorage(watch.storage)
    watch.restart(counting.storage)
    await watch.see(DANGER)
    asked = len(counting.steps)
    await watch.see(DANGER, make_macro(since_ms=SINCE + 1))
    assert len(counting.steps) == asked


async def test_failed_attempt_is_made_up_for_at_the_next_poll() -> None:
    watch = Watch()
    watch.restart(FailingStorage(watch.storage, 1).storage)
    with pytest.raises(StorageUnavailableError):
        await watch.warn(DANGER)
    await watch.see(DANGER)
    assert await watch.keys() == [BEGAN]


async def test_polls_at_once_tell_once() -> None:
    watch = Watch()
    watch.restart(FailingStorage(watch.storage).storage)
    await asyncio.gather(*(watch.warn(DANGER) for _ in range(4)))
    assert await watch.keys() == [BEGAN]
