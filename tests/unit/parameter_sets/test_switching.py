"""Keeping parameter sets, and switching between them."""

from dataclasses import dataclass, field

import pytest

from domain.errors import ConfigurationError
from domain.parameter_sets import LiveChange
from domain.readiness import CONFLUENCE
from engine.confluence_parameters import ConfluenceParameters
from engine.parameter_sets.configuration import LiveSet, ReadConfiguration, RunningParameters
from engine.parameter_sets.history import live_version
from engine.parameter_sets.switching import ParameterSwitch
from tests.builders.research import make_change, make_parameter_set
from tests.fakes.clock import HandClock
from tests.fakes.storage import InMemoryStorage

STRICTER = {"confluence.medium_threshold": 67.0}
GONE = {"confluence.gone": 1.0}


@dataclass
class Desk:
    """A switch over a storage in memory."""

    storage: InMemoryStorage = field(default_factory=InMemoryStorage)
    clock: HandClock = field(default_factory=HandClock)

    def __post_init__(self) -> None:
        self.switch = ParameterSwitch(
            storage=self.storage,
            clock=self.clock,
            groups={"confluence": ConfluenceParameters()},
        )

    async def add(self, count: int = 1) -> None:
        for _ in range(count):
            await self.switch.add(STRICTER, origin="a test")

    async def changes(self) -> list[LiveChange]:
        async with self.storage() as unit:
            return await unit.parameter_sets.list_changes(CONFLUENCE)

    async def live(self) -> int | None:
        return live_version(await self.changes())

    async def keep(self, version: int, values: dict[str, float], playbook: str) -> None:
        """What another version of Quorum, or another playbook, left behind."""
        kept = make_parameter_set(version, playbook=playbook, values=values)
        async with self.storage() as unit:
            await unit.parameter_sets.add(kept)
            await unit.parameter_sets.add_change(playbook, make_change(version))
            await unit.commit()


async def test_a_set_is_kept_under_the_next_version_and_not_live() -> None:
    desk = Desk()
    await desk.add()
    kept = await desk.switch.add(STRICTER, origin="by hand", note="fewer signals")
    assert (kept.version, kept.origin, kept.note) == (2, "by hand", "fewer signals")
    assert kept.values == STRICTER
    assert kept.created_at == desk.clock.now()
    assert await desk.live() is None


@pytest.mark.parametrize(("values", "said"), [(GONE, "no such number"), ({}, "at least one")])
async def test_a_set_that_does_not_fit_is_not_kept(values: dict[str, float], said: str) -> None:
    desk = Desk()
    with pytest.raises(ConfigurationError, match=said):
        await desk.switch.add(values, origin="by hand")
    async with desk.storage() as unit:
        assert await unit.parameter_sets.list_all(CONFLUENCE) == []


async def test_a_version_is_made_live_by_somebody() -> None:
    desk = Desk()
    await desk.add()
    await desk.switch.use(1, "terminal: jo")
    assert await desk.changes() == [
        LiveChange(at=desk.clock.now(), version=1, by="terminal: jo"),
    ]


async def test_what_is_live_already_is_not_said_twice() -> None:
    desk = Desk()
    await desk.add()
    await desk.switch.drop("jo")
    await desk.switch.use(1, "jo")
    await desk.switch.use(1, "jo")
    assert len(await desk.changes()) == 1


async def test_a_version_that_is_not_there_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"no parameter set 7.*parameters list"):
        await Desk().switch.use(7, "jo")


async def test_a_set_of_another_playbook_is_refused() -> None:
    desk = Desk()
    await desk.keep(1, STRICTER, "vortex")
    with pytest.raises(ConfigurationError, match="no parameter set 1 of confluence"):
        await desk.switch.use(1, "jo")


async def test_a_set_of_another_version_of_quorum_that_does_not_fit_is_refused() -> None:
    desk = Desk()
    await desk.keep(1, GONE, CONFLUENCE)
    await desk.add()
    await desk.switch.use(2, "jo")
    for attempt in (desk.switch.use(1, "jo"), desk.switch.roll_back("jo")):
        with pytest.raises(ConfigurationError, match=r"set 1 does not fit.*confluence\.gone"):
            await attempt
    assert await desk.live() == 2


async def test_rolling_back_goes_one_version_back_each_time() -> None:
    desk = Desk()
    await desk.add(2)
    await desk.switch.use(1, "jo")
    await desk.switch.use(2, "jo")
    assert await desk.switch.roll_back("jo") == 1
    assert await desk.live() == 1
    assert await desk.switch.roll_back("jo") is None
    assert await desk.live() is None


async def test_dropping_leaves_the_strategy_file_alone_and_keeps_the_sets() -> None:
    desk = Desk()
    await desk.add()
    await desk.switch.use(1, "jo")
    await desk.switch.drop("jo")
    assert await desk.live() is None
    async with desk.storage() as unit:
        assert await unit.parameter_sets.find(1) is not None


async def test_a_configuration_tells_what_takes_effect_at_the_next_start() -> None:
    desk = Desk()
    await desk.add(2)
    await desk.switch.use(1, "jo")
    live = LiveSet(parameter_set=make_parameter_set(1), change=make_change(1))
    read = ReadConfiguration(storage=desk.storage, running=RunningParameters(live=live))
    assert not (await read()).is_pending
    await desk.switch.use(2, "jo")
    report = await read()
    assert (report.is_pending, report.next_version) == (True, 2)
