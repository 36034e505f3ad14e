"""Asking providers: what they tell is taken in, stored once, and never lost to a database away."""

from datetime import timedelta

import pytest

from domain.errors import FeedError, StorageUnavailableError, TemporaryVenueError
from domain.sentiment import FearGreed
from domain.timeframes import Timeframe, to_ms
from tests.builders.market import make_candles, make_instrument
from tests.builders.outside import make_outcome, make_sentiment_snapshot
from tests.fakes.clock import AFTERNOON
from tests.fakes.feeds import HandProvider
from tests.unit.engine.feed_polling import FeedBench

QUARTER = Timeframe.M15.length
DAY_OF_QUARTERS = 96


async def test_transfers_are_taken_in_stored_and_alerted_to() -> None:
    bench = FeedBench()
    bench.feed.observations = (bench.transfer("a"), bench.transfer("b"))
    bench.feed.watched = frozenset({"BTC"})
    assert await bench.poll(bench.feed)
    assert await bench.stored() == ["a", "b"]
    assert await bench.message_keys() == [f"whale:{bench.transfer(name).key}" for name in "ab"]
    whales = bench.outside.onchain(make_instrument("BTC"), bench.clock.now()).whales
    assert whales is not None
    assert whales.withdrawals == 2


async def test_answer_that_repeats_itself_is_no_news() -> None:
    bench = FeedBench()
    bench.feed.observations = (bench.transfer("a"),)
    assert await bench.poll(bench.feed)
    bench.clock.advance(60)
    assert not await bench.poll(bench.feed)
    assert await bench.stored() == ["a"]


async def test_answer_without_transfers_and_quotes_is_no_news() -> None:
    bench = FeedBench()
    bench.feed.observations = (FearGreed(value=22, published_ms=to_ms(AFTERNOON)),)
    assert not await bench.poll(bench.feed)
    sentiment = bench.outside.sentiment(make_instrument("BTC"), bench.clock.now())
    assert sentiment.fear_greed == bench.feed.observations[0]


STEPS = 5
"""Of storage, each of which may fail, until two transfers are stored and alerted to."""


@pytest.mark.parametrize("step", range(STEPS))
async def test_transfers_wait_while_storage_is_away_and_are_stored_once(step: int) -> None:
    bench = FeedBench()
    bench.break_at(step)
    bench.feed.observations = (bench.transfer("a"), bench.transfer("b"))
    with pytest.raises(StorageUnavailableError):
        await bench.poll(bench.feed)
    assert await bench.stored() == []
    bench.clock.advance(60)
    assert await bench.poll(bench.feed)
    assert await bench.stored() == ["a", "b"]
    bench.clock.advance(60)
    assert not await bench.poll(bench.feed)
    assert await bench.stored() == ["a", "b"]
    assert len(set(await bench.message_keys())) == len(await bench.message_keys()) == 2


async def test_storing_takes_no_more_steps_than_are_broken_above() -> None:
    bench = FeedBench()
    bench.break_at(STEPS)
    bench.feed.observations = (bench.transfer("a"), bench.transfer("b"))
    assert await bench.poll(bench.feed)


async def test_transfers_of_one_provider_are_stored_when_another_one_answers() -> None:
    bench = FeedBench()
    bench.break_at(0)
    bench.feed.observations = (bench.transfer("a"),)
    with pytest.raises(StorageUnavailableError):
        await bench.poll(bench.feed)
    silent = HandProvider(clock=bench.clock, name="mempool")
    assert await bench.poll(silent)
    assert await bench.stored() == ["a"]


async def test_failure_of_a_provider_passes_through_and_only_macro_is_looked_at() -> None:
    bench = FeedBench()
    bench.feed.observations = (bench.transfer("a"),)
    bench.feed.failure = FeedError("whale_alert: HTTP 503")
    with pytest.raises(FeedError, match="HTTP 503"):
        await bench.poll(bench.feed)
    assert await bench.stored() == []
    assert await bench.message_keys() == []
    assert bench.outside.onchain(make_instrument("BTC"), bench.clock.now()).whales is None


async def test_macro_is_looked_at_only_when_quotes_came() -> None:
    bench = FeedBench()
    bench.feed.observations = (bench.transfer("a"),)
    await bench.poll(bench.feed)
    assert bench.macro_readings == []
    bench.feed.observations = (bench.quote(5000.0, minutes_ago=60), bench.quote(4900.0))
    assert await bench.poll(bench.feed)
    (reading,) = bench.macro_readings
    assert reading == bench.outside.macro(bench.clock.now())
    assert reading is not None
    assert (await bench.message_keys())[-1] == f"macro:{reading.since_ms}"


async def test_danger_that_nobody_tells_of_any_more_is_over() -> None:
    bench = FeedBench()
    bench.feed.observations = (bench.quote(5000.0, minutes_ago=60), bench.quote(4900.0))
    await bench.poll(bench.feed)
    (began,) = await bench.message_keys()
    bench.feed.failure = FeedError("yahoo: HTTP 503")
    for minutes in (1, 240):
        bench.clock.advance(minutes * 60)
        with pytest.raises(FeedError):
            await bench.poll(bench.feed)
    assert await bench.message_keys() == [began, f"{began}:over"]


async def test_bitcoin_is_asked_for_a_day_of_closed_quarters() -> None:
    bench = FeedBench()
    bench.clock.advance(400)
    bench.facts.candles["BTCUSDT"] = make_candles(AFTERNOON + 4 * QUARTER, count=200)
    await bench.poll.bitcoin()
    (candles,) = bench.outside.bitcoin
    assert (len(candles), candles.closed_at) == (DAY_OF_QUARTERS, AFTERNOON)


async def test_bitcoin_that_is_not_listed_is_left_out() -> None:
    bench = FeedBench()
    await bench.poll.bitcoin()
    assert (bench.facts.requests, bench.outside.bitcoin) == (["BTCUSDT"], [])


async def test_trouble_with_bitcoin_passes_through() -> None:
    bench = FeedBench()
    bench.facts.failures["BTCUSDT"] = TemporaryVenueError("HTTP 502")
    with pytest.raises(TemporaryVenueError):
        await bench.poll.bitcoin()


async def test_one_snapshot_is_kept_for_each_quarter_of_an_hour() -> None:
    bench = FeedBench()
    bench.feed.observations = (FearGreed(value=22, published_ms=to_ms(AFTERNOON)),)
    await bench.poll(bench.feed)
    for seconds in (1, 60, 899):
        bench.clock.set(AFTERNOON + timedelta(seconds=seconds))
        await bench.poll.keep_sentiment()
    bench.clock.set(AFTERNOON + QUARTER)
    await bench.poll.keep_sentiment()
    async with bench.kept() as unit:
        kept = await unit.sentiment.list_since(0)
    boundaries = [to_ms(AFTERNOON), to_ms(AFTERNOON + QUARTER)]
    assert [(one.at_ms, one.fear_greed) for one in kept] == [(at, 22) for at in boundaries]


async def test_a_restart_brings_back_transfers_sentiment_and_outcomes() -> None:
    bench = FeedBench()
    bench.feed.observations = (bench.transfer("a"),)
    await bench.poll(bench.feed)
    async with bench.kept() as unit:
        await unit.sentiment.add(make_sentiment_snapshot(to_ms(AFTERNOON)))
        await unit.outcomes.add([make_outcome(decided_ms=0, known_ms=1)])
        await unit.commit()
    bench.restart()
    bench.clock.advance(60)
    await bench.poll.restore()
    instrument, now = make_instrument("BTC"), bench.clock.now()
    whales, mood = (
        bench.outside.onchain(instrument, now).whales,
        bench.outside.sentiment(instrument, now),
    )
    assert whales is not None
    assert whales.withdrawals == 1
    assert mood.fear_greed is not None
    assert mood.fear_greed.value == 22
    assert bench.outside.memory(now).counts
    assert not await bench.poll(bench.feed)


async def test_a_restart_leaves_alone_what_is_older_than_eight_days() -> None:
    bench = FeedBench()
    async with bench.kept() as unit:
        await unit.sentiment.add(make_sentiment_snapshot(to_ms(AFTERNOON)))
        await unit.commit()
    bench.clock.advance(8 * 86_400 + 1)
    await bench.poll.restore()
    assert bench.outside.restored == []


async def test_outcomes_written_down_since_are_remembered() -> None:
    bench = FeedBench()
    now = bench.clock.now()
    assert not bench.outside.memory(now).counts
    async with bench.kept() as unit:
        await unit.outcomes.add([make_outcome(decided_ms=0, known_ms=1)])
        await unit.commit()
    await bench.poll.remember()
    await bench.poll.remember()
    counts = bench.outside.memory(now).counts.values()
    assert {count.trades for origins in counts for count in origins.values()} == {1}
