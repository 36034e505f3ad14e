"""The mode: paper unless said otherwise, live only with both switches."""

from dataclasses import dataclass, field

import pytest

from domain.accounts import ExecutionMode
from domain.errors import ConfigurationError
from engine.execution.accounts.modes import ReadMode, SetMode
from engine.execution.requests import ModeStanding
from tests.unit.execution.offers.trading_floor import ADMIN, Floor


@dataclass
class Modes:
    floor: Floor = field(default_factory=Floor)

    def reader(self) -> ReadMode:
        return ReadMode(
            storage=self.floor.storage,
            live=self.floor.gate(),
            halted=self.floor.desk.halted,
        )

    async def read(self) -> ModeStanding:
        return await self.reader()()

    async def set(self, mode: ExecutionMode) -> ModeStanding:
        choose = SetMode(
            storage=self.floor.storage,
            presenter=self.floor.presenter,
            clock=self.floor.clock,
            live=self.floor.gate(),
            read=self.reader(),
        )
        return await choose(mode, str(ADMIN))


async def begun(*, is_live_allowed: bool = False, override: str = "a test") -> Modes:
    return Modes(await Floor(is_live_allowed=is_live_allowed, override=override).begin())


async def test_mode_is_paper_when_nobody_ever_chose_one() -> None:
    modes = await begun()
    standing = await modes.read()
    assert (standing.mode, standing.is_live_allowed) == (ExecutionMode.PAPER, False)


@pytest.mark.parametrize("mode", [ExecutionMode.OFF, ExecutionMode.PAPER])
async def test_chosen_mode_stays(mode: ExecutionMode) -> None:
    modes = await begun()
    assert (await modes.set(mode)).mode is mode
    assert (await modes.read()).mode is mode


async def test_live_is_refused_in_words_without_the_switch_in_the_settings() -> None:
    modes = await begun()
    await modes.set(ExecutionMode.OFF)
    with pytest.raises(ConfigurationError, match="LIVE_TRADING=on"):
        await modes.set(ExecutionMode.LIVE)
    assert (await modes.read()).mode is ExecutionMode.OFF


async def test_live_needs_both_switches() -> None:
    modes = await begun(is_live_allowed=True)
    standing = await modes.set(ExecutionMode.LIVE)
    assert (standing.mode, standing.is_live_allowed) == (ExecutionMode.LIVE, True)
    assert standing.halted == ()


async def test_live_whose_switch_in_the_settings_was_taken_back_is_halted() -> None:
    modes = await begun(is_live_allowed=True)
    await modes.set(ExecutionMode.LIVE)
    modes.floor.is_live_allowed = False
    standing = await modes.read()
    assert standing.mode is ExecutionMode.LIVE
    assert "settings do not allow it" in standing.halted[0]


async def test_what_halts_the_desk_is_told_with_the_mode() -> None:
    modes = await begun()
    modes.floor.desk.reasons = ("reconciling",)
    assert (await modes.read()).halted == ("reconciling",)


async def test_change_of_mode_leaves_positions_alone_and_counts_them() -> None:
    modes = await begun()
    await modes.floor.press(confirm=False)
    before = await modes.floor.positions()
    assert (await modes.set(ExecutionMode.OFF)).live_positions == 1
    assert await modes.floor.positions() == before


async def test_change_is_told_to_every_admin_and_no_change_to_nobody() -> None:
    modes = await begun()
    await modes.set(ExecutionMode.PAPER)
    assert await modes.floor.messages(ADMIN) == []
    await modes.set(ExecutionMode.OFF)
    (alert,) = await modes.floor.messages(ADMIN)
    assert alert.text == (
        "alert: mode off, was paper: set by 1. "
        "0 open positions are followed to their end as they are"
    )


async def test_live_is_refused_with_every_reason_and_how_to_mend_without_a_passed_gate() -> None:
    modes = await begun(is_live_allowed=True, override="")
    with pytest.raises(ConfigurationError) as refused:
        await modes.set(ExecutionMode.LIVE)
    title, reason, mend = str(refused.value).splitlines()
    assert "readiness gate" in title
    assert "no backtest" in reason
    assert "python -m app backtest" in mend
    assert "LIVE_OVERRIDE" in mend
    assert (await modes.read()).mode is ExecutionMode.PAPER


async def test_live_with_an_override_is_shown_with_its_reason() -> None:
    modes = await begun(is_live_allowed=True, override="small size")
    standing = await modes.set(ExecutionMode.LIVE)
    assert standing.readiness.override == "small size"
    assert standing.halted == ()


async def test_live_whose_gate_is_not_passed_any_more_is_halted_and_stays_live() -> None:
    modes = await begun(is_live_allowed=True)
    await modes.set(ExecutionMode.LIVE)
    modes.floor.override = ""
    standing = await modes.read()
    assert standing.mode is ExecutionMode.LIVE
    assert "no backtest" in standing.halted[0]
