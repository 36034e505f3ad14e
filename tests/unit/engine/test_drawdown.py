"""The drawdown ladder at work: one event, one alert and one piece of advice for each step."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from domain.access import Role
from domain.breakers import Latch
from domain.errors import ConflictError, StorageUnavailableError
from domain.messages import CHANNEL, OutgoingMessage
from domain.signals import FollowedSignal, SignalState
from engine.commands import ResumeSignals
from engine.drawdown import DrawdownRound, WatchDrawdown
from engine.issue import post_key
from engine.ports.storage import Storage
from engine.risk_state import RiskFacts
from risk.gate import RiskParameters
from risk.latching import is_held, releasable_from
from tests.fakes.clock import AFTERNOON, HandClock
from tests.fakes.storage import InMemoryStorage
from tests.unit.engine.failing_storage import FailingStorage
from tests.unit.engine.kept import look_into
from tests.unit.engine.losing import make_loser, make_open
from tests.unit.engine.plain_presenter import PlainPresenter

ADMINS = (7, 8)
NEXT_DAY = datetime(2025, 10, 7, 9, 0, tzinfo=UTC)


@dataclass
class Day:
    """Equity is the notional of every trade, so that a percent of one is a percent of both."""

    storage: InMemoryStorage = field(default_factory=InMemoryStorage)
    clock: HandClock = field(default_factory=HandClock)
    prices: dict[str, Decimal] = field(default_factory=dict)

    async def begin(self, *signals: FollowedSignal) -> None:
        async with self.storage() as unit:
            for admin in ADMINS:
                await unit.users.grant(admin, Role.ADMIN, at=AFTERNOON, how="settings")
            await unit.commit()
        await self.add(*signals)

    async def add(self, *signals: FollowedSignal) -> None:
        async with self.storage() as unit:
            for followed in signals:
                await unit.signals.add(followed)
                key = post_key(followed.signal.id)
                post = OutgoingMessage(key=key, recipient=CHANNEL, text="a post")
                await unit.outbox.put([post], at=AFTERNOON)
            await unit.commit()

    async def watch(self, storage: Storage | None = None) -> DrawdownRound:
        watch = WatchDrawdown(
            storage=storage or self.storage,
            presenter=PlainPresenter(),
            clock=self.clock,
            risk=RiskParameters(reference_equity=12_000.0),
            facts=RiskFacts(price=self.prices.get),
        )
        return await watch()

    async def latches(self) -> list[Latch]:
        async with self.storage() as unit:
            return await unit.state.list_latches()

    async def messages(self) -> list[OutgoingMessage]:
        return [m for m in (await look_into(self.storage)).messages if m.text != "a post"]


async def losing(percent: str) -> Day:
    day = Day()
    await day.begin(make_loser(1, AFTERNOON, percent))
    return day


async def test_quiet_day_stores_nothing() -> None:
    day = await losing("-1.99")
    result = await day.watch()
    assert (result.step, result.day.total_percent) == (None, Decimal("-1.99"))
    assert not result.has_news
    assert (await day.messages(), (await look_into(day.storage)).events) == ([], [])


async def test_first_step_tells_admins_once_and_latches_nothing() -> None:
    day = await losing("-2")
    first = await day.watch()
    assert (first.step, first.has_news) == (1, True)
    for _ in range(3):
        day.clock.advance(60)
        later = await day.watch()
        assert (later.step, later.has_news) == (None, False)
    assert [message.recipient for message in await day.messages()] == ["7", "8"]
    assert [event.breaker for event in (await look_into(day.storage)).events] == ["drawdown"]
    assert await day.latches() == []


@pytest.mark.parametrize(("percent", "level"), [("-3", 2), ("-4", 3), ("-5", 4), ("-9", 4)])
async def test_later_step_latches_and_tells_subscribers_that_no_signals_come(
    percent: str, level: int
) -> None:
    day = await losing(percent)
    assert (await day.watch()).step == level
    (latch,) = await day.latches()
    assert (latch.breaker, latch.level, latch.tripped_at) == ("drawdown", level, AFTERNOON)
    channel = [message for message in await day.messages() if message.recipient == CHANNEL]
    assert [message.key for message in channel] == ["advice:drawdown:2025-10-06"]
    assert channel[0].text.startswith("drawdown: no new trades all, 2025-10-06 stands at")


async def test_steps_climbed_one_by_one_are_told_one_by_one() -> None:
    day = await losing("-2.5")
    steps = [(await day.watch()).step]
    for number in (2, 3, 4):
        day.clock.advance(60)
        await day.add(make_loser(number, AFTERNOON, "-1"))
        steps += [(await day.watch()).step, (await day.watch()).step]
    assert steps == [1, 2, None, 3, None, 4, None]
    kept = await look_into(day.storage)
    assert len([event for event in kept.events if event.breaker == "drawdown"]) == 4
    (latch,) = await day.latches()
    assert (latch.level, latch.tripped_at) == (4, AFTERNOON + timedelta(minutes=1))


async def five_open() -> Day:
    """Longs at 100; net of costs of 0.15 they stand at -0.65, -0.05, -0.85, 0.35 and -0.25 %."""
    day = Day()
    bases = {"AAA": "99.5", "BBB": "100.1", "CCC": "99.3", "DDD": "100.5", "EEE": "99.9"}
    day.prices.update({f"{base}USDT": Decimal(price) for base, price in bases.items()})
    opened = [make_open(number, base) for number, base in enumerate(bases, 1)]
    await day.begin(*opened)
    return day


async def test_worse_half_is_advised_to_close_the_worst_first_and_an_odd_one_with_it() -> None:
    day = await five_open()
    await day.add(make_loser(9, AFTERNOON, "-1.6"))
    result = await day.watch()
    assert (result.step, result.advised) == (2, (3, 1, 5))
    replies = [m for m in await day.messages() if m.replies_to is not None]
    assert [(m.key, m.replies_to, m.recipient) for m in replies] == [
        (f"advice:{number}:drawdown:close", f"signal:{number}", CHANNEL) for number in (3, 1, 5)
    ]
    assert replies[0].text.startswith("drawdown: close #3, 2025-10-06 stands at -3.05 %")


async def test_all_open_trades_are_advised_to_close_at_the_next_step_but_none_that_waits() -> None:
    day = await five_open()
    await day.add(make_loser(9, AFTERNOON, "-1.6"))
    await day.watch()
    waiting = make_open(10, "FFF", state=SignalState.PUBLISHED)
    await day.add(waiting, make_loser(11, AFTERNOON, "-1"))
    result = await day.watch()
    assert (result.step, result.advised) == (3, (2, 4))
    keys = [message.key for message in await day.messages()]
    assert len(keys) == len(set(keys))
    assert keys.count("advice:drawdown:2025-10-06") == 1
    assert {f"advice:{number}:drawdown:close" for number in range(1, 6)} < set(keys)


async def test_trade_that_the_watch_has_advised_to_close_is_not_told_so_again() -> None:
    day = await five_open()
    async with day.storage() as unit:
        told = OutgoingMessage(key="advice:3:turn:close", recipient=CHANNEL, text="a post")
        await unit.outbox.put([told], at=AFTERNOON)
        await unit.commit()
    await day.add(make_loser(9, AFTERNOON, "-1.6"))
    assert (await day.watch()).advised == (1, 5)


async def test_advice_changes_no_course() -> None:
    day = await five_open()
    await day.add(make_loser(9, AFTERNOON, "-3"))
    before = (await look_into(day.storage)).signals
    assert (await day.watch()).advised
    assert (await look_into(day.storage)).signals == before


async def test_trade_without_a_price_latches_nothing_by_itself() -> None:
    day = await five_open()
    day.prices.clear()
    result = await day.watch()
    assert result.step is None
    assert result.day.total_percent < -5
    assert await day.latches() == []


async def test_admins_are_told_once_an_hour_that_missing_prices_stop_new_trades() -> None:
    day = await five_open()
    day.prices.clear()
    for _ in range(62):
        await day.watch()
        day.clock.advance(60)
    events = (await look_into(day.storage)).events
    assert [event.breaker for event in events] == ["drawdown_unpriced"] * 2
    assert "AAA/USDT" in events[0].text
    assert [message.recipient for message in await day.messages()] == ["7", "8"] * 2


async def test_step_is_taken_by_what_is_certain_whatever_has_no_price() -> None:
    day = await five_open()
    day.prices.clear()
    await day.add(make_loser(9, AFTERNOON, "-3"))
    assert (await day.watch()).step == 2


async def test_latch_holds_although_the_result_recovers() -> None:
    day = await losing("-3")
    await day.watch()
    await day.add(make_loser(2, AFTERNOON, "4"))
    assert (await day.watch()).step is None
    assert len(await day.latches()) == 1


async def test_next_day_climbs_its_own_ladder() -> None:
    day = await losing("-4")
    await day.watch()
    day.clock.set(NEXT_DAY)
    assert (await day.watch()).step is None
    await day.add(make_loser(2, NEXT_DAY, "-3"))
    assert (await day.watch()).step == 2
    (latch,) = await day.latches()
    assert (latch.level, latch.tripped_at) == (2, NEXT_DAY)
    assert "advice:drawdown:2025-10-07" in {message.key for message in await day.messages()}


async def test_restart_at_any_step_tells_nothing_twice() -> None:
    day = await losing("-3")
    await day.watch()
    told = await day.messages()
    again = Day(storage=day.storage, clock=HandClock(AFTERNOON + timedelta(minutes=1)))
    assert (await again.watch()).step is None
    assert await day.messages() == told


async def test_failure_at_any_moment_leaves_nothing_behind_and_the_next_look_makes_it_good() -> (
    None
):
    counting = FailingStorage((await losing("-3")).storage)
    await Day().watch(counting.storage)
    assert {"state.set_latch", "outbox.put", "commit"} < set(counting.steps)
    for number in range(len(counting.steps)):
        day = await losing("-3")
        failing = FailingStorage(day.storage, number)
        with pytest.raises(StorageUnavailableError):
            await day.watch(failing.storage)
        assert (await day.latches(), await day.messages()) == ([], [])
        assert (await day.watch()).step == 2


async def test_lost_race_is_run_again() -> None:
    day = await losing("-3")
    failing = FailingStorage(day.storage, 3, ConflictError("somebody was quicker"))
    assert (await day.watch(failing.storage)).step == 2
    assert len((await look_into(day.storage)).events) == 1


async def test_other_breakers_of_the_day_are_told_as_they_trip() -> None:
    day = Day()
    ends = [AFTERNOON - timedelta(minutes=minutes) for minutes in (8, 5, 2)]
    await day.begin(*(make_loser(n, at, "-0.5") for n, at in enumerate(ends, 1)))
    news = []
    for _ in range(3):
        result = await day.watch()
        assert result.step is None
        news.append(result.has_news)
        day.clock.advance(60)
    assert news == [True, False, False]
    kept = await look_into(day.storage)
    assert [(event.breaker, event.at) for event in kept.events] == [("loss_streak", AFTERNOON)]
    alerts = await day.messages()
    assert [message.recipient for message in alerts] == ["7", "8"]
    assert alerts[0].text == "alert: 3 losses in a row: all pairs rest until 14:08 UTC"


async def test_streak_of_wins_is_told_once_although_its_oldest_grow_older_than_a_day() -> None:
    day = Day()
    ends = [AFTERNOON + timedelta(hours=2 * number) for number in range(16)]
    await day.begin()
    for number, at in enumerate(ends, 1):
        day.clock.set(at)
        await day.add(make_loser(number, at, "1", net_r="1"))
        await day.watch()
    events = (await look_into(day.storage)).events
    assert [(event.breaker, event.at) for event in events] == [("win_streak", ends[4])]


async def test_breaker_that_has_tripped_in_what_is_the_future_now_is_told_once() -> None:
    day = Day()
    ends = [AFTERNOON + timedelta(minutes=minutes) for minutes in (50, 55, 58)]
    await day.begin(*(make_loser(n, at, "-0.5") for n, at in enumerate(ends, 1)))
    for _ in range(5):
        await day.watch()
        day.clock.advance(60)
    events = (await look_into(day.storage)).events
    assert [(event.breaker, event.at) for event in events] == [("loss_streak", AFTERNOON)]


async def test_admins_are_reminded_each_day_that_a_day_gone_by_still_stops_new_signals() -> None:
    day = await losing("-3")
    await day.watch()
    day.clock.set(datetime(2025, 10, 6, 23, 59, 59, tzinfo=UTC))
    assert not (await day.watch()).has_news
    begun = datetime(2025, 10, 7, tzinfo=UTC)
    days = [begun + timedelta(hours=hours) for hours in (0, 1, 23, 24, 30)]
    news = []
    for at in days:
        day.clock.set(at)
        news.append((await day.watch()).has_news)
    assert news == [True, False, False, True, False]
    reminders = [e for e in (await look_into(day.storage)).events if e.breaker != "drawdown"]
    assert [(each.breaker, each.at) for each in reminders] == [
        ("drawdown_waits", days[0]),
        ("drawdown_waits", days[3]),
    ]
    assert reminders[0].text == (
        "2025-10-06 stands at -3.00 % of equity: no new trades, close the worse half; "
        "that day is over, and an admin has not resumed yet"
    )


async def test_nobody_is_reminded_of_a_day_that_was_resumed() -> None:
    day = await losing("-3")
    await day.watch()
    day.clock.set(NEXT_DAY)
    await ResumeSignals(day.storage, day.clock)("7")
    assert not (await day.watch()).has_news


MIDNIGHT = datetime(2025, 10, 7, tzinfo=UTC)


async def lost_unseen(*percents: str) -> Day:
    """Trades that ended late yesterday, while nobody looked; now it is one in the morning."""
    day = Day(clock=HandClock(MIDNIGHT + timedelta(hours=1)))
    at = MIDNIGHT - timedelta(minutes=30)
    await day.begin(*(make_loser(number, at, each) for number, each in enumerate(percents, 1)))
    return day


async def test_day_that_was_lost_while_nobody_looked_latches_until_an_admin_resumes() -> None:
    day = await lost_unseen("-2.5", "-2")
    result = await day.watch()
    assert (result.step, result.has_news, result.day.total_percent) == (None, True, Decimal(0))
    (latch,) = await day.latches()
    assert (latch.level, latch.resumed_at) == (3, None)
    assert releasable_from(latch) == MIDNIGHT
    assert is_held(latch, day.clock.now())
    assert [message.recipient for message in await day.messages()] == [CHANNEL, "7", "8"]
    assert (await day.messages())[0].key == "advice:drawdown:2025-10-06"
    events = (await look_into(day.storage)).events
    assert [event.breaker for event in events] == ["drawdown", "drawdown_waits"]


async def test_lost_day_that_was_resumed_does_not_latch_again() -> None:
    day = await lost_unseen("-4.5")
    await day.watch()
    await ResumeSignals(day.storage, day.clock)("7")
    for _ in range(3):
        day.clock.advance(60)
        assert not (await day.watch()).has_news
    (latch,) = await day.latches()
    assert not is_held(latch, day.clock.now())


async def test_day_that_latched_in_time_does_not_latch_again_after_it() -> None:
    day = await losing("-3")
    await day.watch()
    before = await day.latches()
    day.clock.set(MIDNIGHT + timedelta(hours=1))
    await day.watch()
    assert await day.latches() == before


@pytest.mark.parametrize("percents", [("-2.99",), ("-4", "1.5")])
async def test_day_that_did_not_lose_enough_in_the_end_latches_nothing(
    percents: tuple[str, ...],
) -> None:
    day = await lost_unseen(*percents)
    assert not (await day.watch()).has_news
    assert await day.latches() == []


async def test_day_before_yesterday_is_past() -> None:
    day = await lost_unseen("-9")
    day.clock.advance(24 * 3600)
    assert not (await day.watch()).has_news


async def test_failure_while_a_lost_day_latches_leaves_nothing_behind() -> None:
    counting = FailingStorage((await lost_unseen("-4")).storage)
    await Day(clock=HandClock(MIDNIGHT + timedelta(hours=1))).watch(counting.storage)
    assert {"state.set_latch", "outbox.put", "commit"} < set(counting.steps)
    for number in range(len(counting.steps)):
        day = await lost_unseen("-4")
        with pytest.raises(StorageUnavailableError):
            await day.watch(FailingStorage(day.storage, number).storage)
        assert (await day.latches(), await day.messages()) == ([], [])
        assert (await day.watch()).has_news
