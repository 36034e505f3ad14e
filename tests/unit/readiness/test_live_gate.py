"""The gate as it is asked while the bot runs, and who is told when it shuts."""

from dataclasses import dataclass, field

from domain.accounts import ExecutionMode
from domain.readiness import ReadinessVerdict
from engine.readiness.live_gate import LiveGate
from engine.readiness.standing import ReadinessStanding
from engine.readiness.watch import WatchReadiness
from tests.builders.research import NO_SHARPE, make_live_gate, make_verdict
from tests.unit.execution.offers.trading_floor import ADMIN, Floor

DAY_SECONDS = 86_400.0


@dataclass
class Watched:
    """A floor whose live switch is on, and a gate."""

    floor: Floor = field(default_factory=Floor)
    stated: str = ""
    is_switched_on: bool = True

    def __post_init__(self) -> None:
        self.gate: LiveGate = make_live_gate(
            self.floor.clock, is_switched_on=self.is_switched_on, stated=self.stated
        )
        self.watch = WatchReadiness(
            storage=self.floor.storage,
            presenter=self.floor.presenter,
            clock=self.floor.clock,
            gate=self.gate,
        )

    async def begin(self, mode: ExecutionMode = ExecutionMode.LIVE) -> "Watched":
        await self.floor.begin()
        await self.floor.set_mode(mode)
        return self

    async def judged(self, verdict: ReadinessVerdict) -> None:
        async with self.floor.storage() as unit:
            await unit.readiness.add(verdict)
            await unit.commit()

    async def look(self) -> ReadinessStanding:
        async with self.floor.storage() as unit:
            return await self.gate.look(unit)

    async def override(self) -> str:
        async with self.floor.storage() as unit:
            return await self.gate.override(unit)

    async def alerts(self) -> list[str]:
        return [message.text for message in await self.floor.messages(ADMIN)]


async def test_before_the_first_look_nothing_new_may_be_entered() -> None:
    watched = Watched()
    assert "not been asked" in (watched.gate.refusal() or "")


async def test_what_was_last_seen_is_what_the_desk_is_told() -> None:
    watched = await Watched().begin()
    await watched.look()
    assert "no backtest" in (watched.gate.refusal() or "")
    await watched.judged(make_verdict())
    await watched.look()
    assert watched.gate.refusal() is None


async def test_an_override_is_in_force_only_while_nothing_else_allows() -> None:
    watched = await Watched(stated="small size").begin()
    assert await watched.override() == "small size"
    await watched.judged(make_verdict())
    assert await watched.override() == ""


async def test_no_override_is_in_force_while_live_is_switched_off() -> None:
    watched = await Watched(stated="small size", is_switched_on=False).begin()
    assert await watched.override() == ""


async def test_admins_are_told_once_when_live_is_refused_at_the_start() -> None:
    watched = await Watched().begin()
    assert await watched.watch()
    assert not await watched.watch()
    (alert,) = await watched.alerts()
    assert "nothing new is executed" in alert
    assert "no backtest" in alert
    assert "LIVE_OVERRIDE" in alert


async def test_admins_are_told_again_when_a_verdict_grows_too_old() -> None:
    watched = await Watched().begin()
    await watched.judged(make_verdict())
    assert not await watched.watch()
    watched.floor.clock.advance(31 * DAY_SECONDS)
    assert await watched.watch()
    assert "days ago" in (await watched.alerts())[-1]


async def test_nobody_is_told_where_nothing_is_traded_live() -> None:
    for quiet in (
        await Watched().begin(ExecutionMode.PAPER),
        await Watched(is_switched_on=False).begin(),
        await Watched(stated="small size").begin(),
    ):
        assert not await quiet.watch()
        assert await quiet.alerts() == []


async def test_a_failed_verdict_refuses_with_its_figure() -> None:
    watched = await Watched().begin()
    await watched.judged(make_verdict(NO_SHARPE))
    await watched.look()
    assert "Sharpe ratio" in (watched.gate.refusal() or "")
