"""The drawdown ladder of each account: told once, closed until it is closed."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from domain.breakers import Latch
from domain.errors import TemporaryVenueError
from domain.positions import CloseReason
from engine.commands import ResumeSignals
from engine.execution.accounts.drawdown import WatchAccounts
from engine.execution.requests import Pressed
from engine.execution.values import CloseRequest
from risk.breakers.drawdown import DrawdownParameters
from risk.latching import is_held
from tests.unit.engine.kept import look_into
from tests.unit.execution.offers.filling import begin_closing, close_trade, open_trade
from tests.unit.execution.offers.trading_floor import (
    ADMIN,
    ANN,
    BEN,
    Floor,
    make_signal_on,
    rules_of,
)

NEXT_DAY = datetime(2025, 10, 7, 9, 0, tzinfo=UTC)


@dataclass
class Day:
    """Four longs at 100 of about 70 coins each, with an equity of 10,000: a fall by 1 is 0.7 %."""

    floor: Floor
    ids: list[int] = field(default_factory=list)
    watcher: WatchAccounts | None = None

    def restart(self) -> None:
        self.watcher = WatchAccounts(
            storage=self.floor.storage,
            presenter=self.floor.presenter,
            clock=self.floor.clock,
            quotes=self.floor.quotes,
            open_broker=self.floor.open_broker,
            parameters=DrawdownParameters(),
        )

    async def watch(self) -> list[int]:
        if self.watcher is None:
            self.restart()
        assert self.watcher is not None
        requests = await self.watcher()
        assert all(each.reason is CloseReason.DRAWDOWN for each in requests)
        return [each.position_id for each in requests]

    def fall(self, **prices: str) -> None:
        for base, price in prices.items():
            self.floor.quotes.set(f"{base}USDT", price, price)

    def fall_all(self, price: str) -> None:
        self.fall(C1=price, C2=price, C3=price, C4=price)

    async def latches(self) -> list[Latch]:
        async with self.floor.storage() as unit:
            return await unit.state.list_latches()

    async def alerts(self, user_id: int) -> list[str]:
        return [m.text for m in await self.floor.messages(user_id) if m.text.startswith("alert")]


async def begun(user_id: int = ANN) -> Day:
    day = Day(Floor())
    await day.floor.begin(*(make_signal_on(f"C{number}", number) for number in range(1, 5)))
    day.ids = [await open_trade(day.floor, number, user_id) for number in range(1, 5)]
    return day


async def test_account_that_does_well_is_left_alone() -> None:
    day = await begun()
    assert await day.watch() == []
    assert (await day.latches(), await day.alerts(ANN), await day.alerts(ADMIN)) == ([], [], [])


async def test_nobody_is_asked_about_accounts_that_did_not_trade() -> None:
    day = Day(await Floor().begin())
    assert await day.watch() == []
    assert day.floor.opened == []


async def test_first_step_tells_trader_and_admin_once_and_closes_nothing() -> None:
    day = await begun()
    day.fall_all("99.2")
    for _ in range(3):
        assert await day.watch() == []
        day.floor.clock.advance(60)
    for user_id in (ANN, ADMIN):
        (text,) = await day.alerts(user_id)
        assert text.startswith("alert: account paper:11: 2025-10-06 stands at -2.")
        assert text.endswith("take care")
    assert await day.latches() == []
    events = (await look_into(day.floor.storage)).events
    assert [event.breaker for event in events] == ["drawdown:paper:11"]


async def test_second_step_closes_the_worse_half_and_no_more_however_often_it_looks() -> None:
    day = await begun()
    day.fall(C1="99.5", C2="97.5", C3="98", C4="99.9")
    assert await day.watch() == [day.ids[1], day.ids[2]]
    (latch,) = await day.latches()
    assert (latch.breaker, latch.level) == ("drawdown:paper:11", 2)
    assert await day.watch() == [day.ids[1], day.ids[2]]
    await begin_closing(day.floor, day.ids[1])
    assert await day.watch() == [day.ids[2]]
    await close_trade(day.floor, day.ids[1], "97.5")
    await begin_closing(day.floor, day.ids[2])
    assert await day.watch() == []
    await close_trade(day.floor, day.ids[2], "98")
    day.floor.clock.advance(60)
    assert await day.watch() == []
    assert len(await day.alerts(ANN)) == 1


async def test_what_ended_before_the_step_was_reached_is_no_part_of_the_half() -> None:
    day = await begun()
    await close_trade(day.floor, day.ids[0], "99.5")
    day.floor.clock.advance(60)
    day.fall(C2="97.5", C3="98", C4="99.9")
    assert await day.watch() == [day.ids[1], day.ids[2]]


async def test_request_that_was_lost_in_a_restart_is_made_again() -> None:
    day = await begun()
    day.fall(C1="99.5", C2="97.5", C3="98", C4="99.9")
    first = await day.watch()
    day.restart()
    assert await day.watch() == first


@pytest.mark.parametrize(("price", "level"), [("98.4", 3), ("98.1", 4), ("97", 4)])
async def test_later_steps_close_all(price: str, level: int) -> None:
    day = await begun()
    day.fall_all(price)
    assert sorted(await day.watch()) == day.ids
    (latch,) = await day.latches()
    assert latch.level == level


async def test_steps_climbed_one_by_one_are_told_one_by_one() -> None:
    day = await begun()
    for price in ("99.2", "98.8", "98.5", "98.1"):
        day.fall_all(price)
        await day.watch()
        await day.watch()
        day.floor.clock.advance(60)
    assert len(await day.alerts(ANN)) == len(await day.alerts(ADMIN)) == 4
    events = (await look_into(day.floor.storage)).events
    assert len([each for each in events if each.breaker == "drawdown:paper:11"]) == 4


async def test_losses_that_are_closed_count_and_latch_with_nothing_left_to_close() -> None:
    day = await begun()
    for position_id in day.ids:
        await close_trade(day.floor, position_id, "98.8")
    assert await day.watch() == []
    (latch,) = await day.latches()
    assert latch.level == 2
    assert len(await day.alerts(ANN)) == 1


async def test_latched_account_is_denied_until_the_next_day_and_a_resume() -> None:
    day = await begun()
    for position_id in day.ids:
        await close_trade(day.floor, position_id, "98.8")
    await day.watch()
    resume = ResumeSignals(day.floor.storage, day.floor.clock)
    assert [latch.breaker for latch, _ in (await resume("1")).held] == ["drawdown:paper:11"]
    day.floor.clock.set(NEXT_DAY)
    signal = make_signal_on("SOL", 9, published_at=NEXT_DAY, valid_until=NEXT_DAY.replace(hour=10))
    await day.floor.publish(signal)
    assert "drawdown" in rules_of(await day.floor.press(9))
    assert (await resume("1")).held == ()
    assert isinstance(await day.floor.press(9), Pressed)


async def test_yesterdays_latch_closes_nothing_today() -> None:
    day = await begun()
    day.fall_all("98.4")
    assert len(await day.watch()) == 4
    day.floor.clock.set(NEXT_DAY)
    day.fall_all("100")
    assert await day.watch() == []


async def test_accounts_are_judged_each_by_its_own_day() -> None:
    day = await begun()
    bens = await open_trade(day.floor, 4, BEN)
    day.fall(C1="97", C2="97", C3="97", C4="99.9")
    assert bens not in await day.watch()
    assert await day.alerts(BEN) == []
    assert [latch.breaker for latch in await day.latches()] == ["drawdown:paper:11"]


async def test_trade_without_a_price_latches_nothing() -> None:
    day = await begun()
    day.floor.quotes.known.clear()
    assert await day.watch() == []
    assert await day.latches() == []


async def test_equity_last_seen_stands_in_while_the_venue_does_not_answer() -> None:
    day = await begun()
    await day.watch()
    await open_trade(day.floor, 4, BEN)
    await day.watch()
    day.floor.broker.failure = TemporaryVenueError("time-out")
    day.fall_all("98.4")
    assert sorted(await day.watch()) == day.ids
    assert await day.alerts(ADMIN) == await day.alerts(ANN)


async def test_account_whose_equity_nobody_knows_is_told_to_admins_once_an_hour() -> None:
    day = await begun()
    day.floor.broker.failure = TemporaryVenueError("time-out")
    day.fall_all("98.4")
    for _ in range(3):
        assert await day.watch() == []
        day.floor.clock.advance(60)
    (text,) = await day.alerts(ADMIN)
    assert "equity is unknown" in text
    day.floor.clock.advance(3600)
    await day.watch()
    assert len(await day.alerts(ADMIN)) == 2
    assert await day.alerts(ANN) == []


async def test_requests_of_a_latch_are_made_though_the_venue_does_not_answer_any_more() -> None:
    day = await begun()
    day.fall_all("98.4")
    first = await day.watch()
    day.restart()
    day.floor.broker.failure = TemporaryVenueError("time-out")
    assert await day.watch() == first


async def test_what_is_closed_at_each_step_is_the_request_of_the_desk() -> None:
    day = await begun()
    day.fall_all("98.4")
    day.restart()
    assert day.watcher is not None
    requests = await day.watcher()
    assert CloseRequest(position_id=day.ids[0], reason=CloseReason.DRAWDOWN) in requests


async def test_account_that_lost_everything_is_not_left_unwatched() -> None:
    day = await begun()
    day.floor.broker.equity = Decimal(0)
    day.fall_all("98.4")
    assert await day.watch() == []
    (text,) = await day.alerts(ADMIN)
    assert "equity is unknown" in text


async def test_unknown_equity_of_an_account_with_nothing_left_to_lose_is_no_news() -> None:
    day = await begun()
    for position_id in day.ids:
        await close_trade(day.floor, position_id, "99.9")
    day.floor.broker.failure = TemporaryVenueError("time-out")
    assert await day.watch() == []
    assert await day.alerts(ADMIN) == []


async def test_day_that_was_lost_while_nobody_looked_latches_on_the_next_one() -> None:
    day = await begun()
    for position_id in day.ids:
        await close_trade(day.floor, position_id, "98.5")
    day.floor.clock.set(NEXT_DAY)
    assert await day.watch() == []
    (latch,) = await day.latches()
    assert (latch.breaker, latch.level) == ("drawdown:paper:11", 3)
    assert latch.tripped_at.date() == NEXT_DAY.date() - timedelta(days=1)
    for user_id in (ANN, ADMIN):
        (text,) = await day.alerts(user_id)
        assert text.endswith("no new trades; that day is over, and an admin has not resumed yet")
    day.restart()
    assert await day.watch() == []
    assert len(await day.alerts(ANN)) == 1


async def test_day_that_was_found_out_late_is_released_by_one_resume() -> None:
    day = await begun()
    for position_id in day.ids:
        await close_trade(day.floor, position_id, "98.5")
    day.floor.clock.set(NEXT_DAY)
    await day.watch()
    await ResumeSignals(day.floor.storage, day.floor.clock)("1")
    day.restart()
    await day.watch()
    (latch,) = await day.latches()
    assert latch.resumed_at == NEXT_DAY
    assert not is_held(latch, NEXT_DAY)


async def test_good_day_that_is_over_is_looked_at_once() -> None:
    day = await begun()
    for position_id in day.ids:
        await close_trade(day.floor, position_id, "101")
    day.floor.clock.set(NEXT_DAY)
    asked = len(day.floor.opened)
    for _ in range(3):
        await day.watch()
    assert await day.latches() == []
    assert len(day.floor.opened) == asked + 1
