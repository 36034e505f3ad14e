"""Watching open signals: each piece of advice is told once, and none changes a course."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.advice import Advice, AdvisedAction, WatchWarning
from domain.candles import CandleSeries
from domain.errors import (
    ConflictError,
    InvalidDataError,
    QuorumError,
    StaleDataError,
    StorageUnavailableError,
    TemporaryVenueError,
    VenueRefusedError,
)
from domain.messages import CHANNEL, OutgoingMessage
from domain.order_flow import OrderFlow
from domain.signals import FollowedSignal, SignalState
from domain.timeframes import Timeframe, to_ms
from engine.portfolio_watch import WatchRound
from engine.told_advice import advice_key
from risk.watch import MARKET_LEADER, WatchParameters
from risk.watch.health_parameters import HealthParameters
from tests.builders.order_flow import make_tape, make_window
from tests.unit.engine.candles_of_returns import WAVE, make_series
from tests.unit.engine.failing_storage import FailingStorage
from tests.unit.engine.kept import look_into
from tests.unit.engine.portfolio_watching import Watching
from tests.unit.risk.trade_builders import NO_COSTS
from tests.unit.risk_watch.watching import (
    AT,
    DUMP,
    LONG,
    QUIET,
    SHORT,
    Gains,
    make_open,
)

TURN = [*QUIET[3:], *DUMP]
CRASH = [*QUIET[1:], Gains(0.0, -1.6)]
"""Of the leader: 1.6 % down in a minute."""


def at_price(gain: float) -> list[Gains]:
    """A pair that has stood there for long."""
    return [Gains(gain, gain, best=gain + 0.05, worst=gain - 0.05)] * 80


def heavy(signal_id: int = 1, base: str = "SOL") -> FollowedSignal:
    """A position whose every point of price is 1 % of equity."""
    followed = make_open(signal_id=signal_id, base=base)
    plan = replace(followed.signal.plan, costs=NO_COSTS, quantity=Decimal(100))
    return replace(followed, signal=replace(followed.signal, plan=plan))


def alike_series(sign: int, count: int = 300) -> CandleSeries:
    last = Timeframe.M5.last_closed_index(to_ms(AT))
    returns = [sign * each for each in (WAVE * 5)[:count]]
    return make_series(returns, last, Timeframe.M5)


# --- telling once


async def test_turn_is_told_in_reply_to_the_signals_post() -> None:
    bench = Watching()
    await bench.hold(make_open(), TURN)

    result = await bench.round()

    message = (await bench.messages())[1]
    assert message.key == "advice:1:turn:close"
    assert (message.recipient, message.replies_to, message.edits) == (CHANNEL, "signal:1", None)
    assert message.text == "#1: turn close"
    assert (result.told[0].warning, result.told[0].signal_id) == (WatchWarning.TURN, 1)
    assert result.problems == {}


async def test_advice_is_told_once() -> None:
    bench = Watching()
    await bench.hold(make_open(), TURN)
    assert "#1: turn close" in await bench.look()
    assert await bench.look() == []
    assert (await bench.round()).told == ()


async def test_advice_is_not_repeated_after_a_restart() -> None:
    bench = Watching()
    await bench.hold(make_open(), TURN)
    await bench.look()
    bench.watch = bench.new_watch()
    assert await bench.look() == []


async def test_advice_is_remembered_as_long_as_its_signal_is_open() -> None:
    bench = Watching()
    await bench.hold(make_open(), TURN)
    await bench.look()
    bench.clock.advance(90 * 60)
    bench.pair_takes("SOLUSDT", TURN, make_open())
    told = (await bench.round()).told
    assert [each for each in told if each.warning is WatchWarning.TURN] == []


async def test_signals_that_turn_later_are_told_in_their_turn() -> None:
    bench = Watching()
    await bench.hold(make_open(), TURN)
    await bench.hold(make_open(SHORT, signal_id=2, base="ETH"))
    assert turns(await bench.look()) == ["#1: turn close"]
    bench.pair_takes("ETHUSDT", TURN, make_open(SHORT))
    assert turns(await bench.look()) == ["#2: turn close"]


def turns(told: Sequence[str]) -> list[str]:
    return [text for text in told if "turn" in text]


async def test_nothing_is_added_about_a_signal_that_should_be_closed() -> None:
    bench = Watching()
    crash = [*TURN[:-1], Gains(-0.8, -2.0, volume=150, against=120)]
    await bench.hold(make_open(base="BTC"), crash)
    told = await bench.look()
    assert [text for text in told if text.startswith("#1")] == ["#1: turn close"]
    assert await bench.look() == []


async def test_courses_and_record_stay_as_they_are() -> None:
    bench = Watching()
    await bench.hold(make_open(), TURN)
    before = await look_into(bench.storage)
    await bench.look()
    after = await look_into(bench.storage)
    assert (after.signals, after.ledger) == (before.signals, before.ledger)


async def test_without_open_signals_nothing_is_asked() -> None:
    bench = Watching()
    waiting = make_open()
    course = replace(waiting.course, state=SignalState.PUBLISHED, triggered_at=None)
    await bench.hold(replace(waiting, course=course), TURN)
    bench.feed.failures[MARKET_LEADER] = StaleDataError("nobody may ask")
    assert await bench.round() == WatchRound()
    assert (await bench.round()).health.score == 100.0


async def test_lost_race_for_storage_is_tried_again() -> None:
    bench = Watching()
    await bench.hold(make_open(), TURN)
    steps = FailingStorage(bench.storage)
    await bench.new_watch(steps.storage)()
    assert steps.steps == ["signals.list_live", "outbox.list_put_since", "outbox.put", "commit"]
    fresh = Watching()
    await fresh.hold(make_open(), TURN)
    failing = FailingStorage(fresh.storage, 3, ConflictError("lost"))
    result = await fresh.new_watch(failing.storage)()
    assert result.told[0].warning is WatchWarning.TURN
    assert len(await fresh.messages()) == 1 + len(result.told)


async def test_what_could_not_be_stored_is_told_the_next_time() -> None:
    bench = Watching()
    await bench.hold(heavy(), at_price(-4.5))
    failing = FailingStorage(bench.storage, 3, StorageUnavailableError("the disc is full"))
    bench.watch = bench.new_watch(failing.storage)
    with pytest.raises(StorageUnavailableError):
        await bench.round()
    assert "all: health no new trades" in await bench.look()


# --- data that fails


@pytest.mark.parametrize(
    "failure",
    [
        StaleDataError("a gap"),
        TemporaryVenueError("HTTP 502"),
        VenueRefusedError("no such pair"),
        InvalidDataError("a hole"),
    ],
)
async def test_pair_that_fails_is_a_problem_and_the_others_are_watched(
    failure: QuorumError,
) -> None:
    bench = Watching()
    await bench.hold(make_open(), TURN)
    await bench.hold(make_open(signal_id=2, base="ETH"), TURN)
    bench.feed.failures["SOLUSDT"] = failure
    result = await bench.round()
    assert result.problems == {"SOLUSDT": str(failure)}
    assert [each.signal_id for each in result.told if each.warning is WatchWarning.TURN] == [2]


async def test_trade_without_a_price_counts_as_if_stopped() -> None:
    bench = Watching()
    await bench.hold(heavy())
    bench.feed.failures["SOLUSDT"] = StaleDataError("a gap")
    results = (await bench.round()).health.factors[0]
    assert results.text == "open results −2.0 %"


async def test_old_minutes_are_not_judged() -> None:
    bench = Watching()
    await bench.hold(make_open(), TURN)
    bench.clock.advance(3 * 60)
    assert turns(await bench.look()) == []
    assert (await bench.round()).problems.keys() == {"SOLUSDT", MARKET_LEADER}


async def test_leader_that_fails_is_a_problem_of_its_own() -> None:
    bench = Watching()
    await bench.hold(make_open(), TURN)
    bench.feed.failures[MARKET_LEADER] = TemporaryVenueError("HTTP 502")
    result = await bench.round()
    assert result.problems == {MARKET_LEADER: "HTTP 502"}
    assert result.told[0].warning is WatchWarning.TURN


async def test_order_flow_is_read_where_it_is_known() -> None:
    bench = Watching()
    windows = (make_window(60, 0.5), make_window(300, 0.8))
    bench.flows["SOLUSDT"] = OrderFlow(tape=make_tape(windows=windows))
    await bench.hold(make_open())
    known = (await bench.round()).health
    bench.flows.clear()
    assert known.score > (await bench.round()).health.score


# --- the leader


async def test_crash_of_the_leader_closes_those_that_follow_it() -> None:
    bench = Watching()
    for number, (base, direction) in enumerate(
        (("SOL", LONG), ("ETH", SHORT), ("ADA", SHORT), ("BTC", LONG)), start=1
    ):
        await bench.hold(make_open(direction, signal_id=number, base=base))
    bench.pair_takes(MARKET_LEADER, CRASH)
    for symbol, sign in ((MARKET_LEADER, 1), ("SOLUSDT", 1), ("ETHUSDT", 1), ("ADAUSDT", -1)):
        bench.facts.candles[symbol] = alike_series(sign)

    told = [text for text in await bench.look() if "leader" in text]

    assert told == ["#1: leader close", "#3: leader close", "#4: leader close"]


async def test_tighter_stop_for_a_pair_that_half_follows_is_told_once() -> None:
    bench = Watching()
    await bench.hold(make_open())
    bench.pair_takes(MARKET_LEADER, CRASH)
    leader = [each / 100 for each in (1, -1, 1, -1)] * 72
    follower = [each / 100 for each in (2, -2, -0.5, 0.5)] * 72
    bench.facts.candles |= {
        symbol: make_series(returns, Timeframe.M5.last_closed_index(to_ms(AT)), Timeframe.M5)
        for symbol, returns in ((MARKET_LEADER, leader), ("SOLUSDT", follower))
    }
    result = await bench.round()
    assert [(each.action, each.stop) for each in result.told] == [
        (AdvisedAction.TIGHTEN, Decimal("99.70"))
    ]
    assert (await bench.round()).told == ()


async def test_five_minute_candles_are_asked_for_in_a_crash_only() -> None:
    bench = Watching()
    await bench.hold(make_open())
    await bench.round()
    assert bench.facts.requests == []
    bench.pair_takes(MARKET_LEADER, CRASH)
    bench.facts.candles[MARKET_LEADER] = alike_series(1)
    await bench.round()
    assert bench.facts.requests == [MARKET_LEADER, "SOLUSDT"]


@pytest.mark.parametrize("fails", [MARKET_LEADER, "SOLUSDT"])
async def test_unknown_correlation_is_a_problem_and_no_advice(fails: str) -> None:
    bench = Watching()
    await bench.hold(make_open())
    bench.pair_takes(MARKET_LEADER, CRASH)
    bench.facts.candles |= {MARKET_LEADER: alike_series(1), "SOLUSDT": alike_series(1)}
    bench.facts.failures[fails] = TemporaryVenueError("HTTP 502")
    result = await bench.round()
    assert result.problems == {fails: "correlation with BTCUSDT is unknown: HTTP 502"}
    assert [each for each in result.told if each.warning is WatchWarning.LEADER] == []


async def test_too_short_a_past_is_unknown_too() -> None:
    bench = Watching()
    await bench.hold(make_open())
    bench.pair_takes(MARKET_LEADER, CRASH)
    bench.facts.candles |= {MARKET_LEADER: alike_series(1), "SOLUSDT": alike_series(1, 143)}
    assert await bench.look() == []


# --- the health


async def scores(bench: Watching, gains: Sequence[float]) -> list[list[str]]:
    """What is told minute by minute as the price of the one trade moves."""
    told = []
    for gain in gains:
        bench.clock.advance(60)
        bench.pair_takes("SOLUSDT", at_price(gain), heavy())
        bench.pair_takes(MARKET_LEADER, QUIET)
        told.append([text for text in await bench.look() if "health" in text])
    return told


NO_NEW = ["all: health no new trades"]


async def test_health_is_told_once_while_it_stays_low() -> None:
    bench = Watching()
    await bench.hold(heavy())
    assert await scores(bench, [-3.0, -3.0, -3.2]) == [NO_NEW, [], []]
    message = (await bench.messages())[-1]
    assert message.replies_to is None
    assert message.key.startswith("advice:all:health:no new trades:2025-10-06T15:01:02")


async def test_health_that_wavers_about_a_limit_is_no_news() -> None:
    bench = Watching(parameters=WatchParameters(health=HealthParameters(again_after_minutes=0.0)))
    await bench.hold(heavy())
    health = (await bench.round()).health.score
    # A point of price is six points of health; the limit lies at 70.
    below, just_above, recovered = ((score - health) / 6 for score in (69.0, 74.0, 76.5))
    assert await scores(bench, [below, just_above, below]) == [NO_NEW, [], []]
    assert await scores(bench, [recovered, below]) == [[], NO_NEW]


async def test_health_is_not_told_again_within_an_hour() -> None:
    bench = Watching()
    await bench.hold(heavy())
    assert await scores(bench, [-3.0, 0.0, -3.0]) == [NO_NEW, [], []]
    bench.clock.advance(3600)
    assert await scores(bench, [0.0, -3.0]) == [[], NO_NEW]


async def test_health_is_not_told_again_after_a_restart() -> None:
    bench = Watching()
    await bench.hold(heavy())
    assert await scores(bench, [-3.0]) == [NO_NEW]
    bench.watch = bench.new_watch()
    assert await scores(bench, [-3.0]) == [[]]


async def test_advice_of_others_is_not_ours() -> None:
    bench = Watching()
    await bench.hold(heavy())
    async with bench.storage() as unit:
        message = OutgoingMessage(
            key="advice:drawdown:2025-10-06", recipient=CHANNEL, text="a loss"
        )
        await unit.outbox.put([message], at=bench.clock.now())
        await unit.commit()
    assert await scores(bench, [-3.0]) == [NO_NEW]


async def test_nothing_is_added_about_a_signal_that_the_drawdown_ladder_would_close() -> None:
    bench = Watching()
    await bench.hold(make_open(), TURN)
    async with bench.storage() as unit:
        message = OutgoingMessage(
            key="advice:1:drawdown:close", recipient=CHANNEL, text="a loss", replies_to="signal:1"
        )
        await unit.outbox.put([message], at=bench.clock.now())
        await unit.commit()
    assert [text for text in await bench.look() if text.startswith("#1")] == []


async def test_end_of_all_trades_ends_an_illness() -> None:
    bench = Watching()
    first = heavy()
    await bench.hold(first)
    assert await scores(bench, [-3.0]) == [NO_NEW]
    await bench.end(first)
    assert (await bench.round()).health.score == 100.0
    await bench.hold(heavy(2))
    bench.clock.advance(3600)
    assert await scores(bench, [-3.0]) == [NO_NEW]


async def test_each_step_down_advises_more() -> None:
    high = HealthParameters(close_below=82.0, tighten_below=84.0, no_new_trades_below=86.0)
    bench = Watching(parameters=WatchParameters(health=high))
    await bench.hold(heavy())
    health = (await bench.round()).health.score
    steps = [(level - health) / 6 for level in (85.0, 83.0, 81.0)]
    told = await scores(bench, steps)
    assert told == [NO_NEW, ["#1: health tighten"], ["#1: health close"]]


def test_key_says_what_is_told_once() -> None:
    advice = Advice(
        warning=WatchWarning.LEADER, action=AdvisedAction.TIGHTEN, at=AT, reasons=(), signal_id=7
    )
    assert advice_key(advice) == "advice:7:leader:tighten"
    later = replace(advice, at=AT + timedelta(hours=1))
    assert advice_key(later) == advice_key(advice)
    of_all = replace(advice, signal_id=None)
    assert advice_key(of_all) != advice_key(replace(later, signal_id=None))
