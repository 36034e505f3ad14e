"""The scheduled questions: what changes is logged once, and delivery is woken for news alone."""

from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs

from app.feed_rounds import FeedRounds
from domain.errors import (
    FeedError,
    InvalidDataError,
    QuorumError,
    StorageUnavailableError,
    TemporaryVenueError,
    VenueRefusedError,
)
from domain.feeds import FeedAnswer, FeedHealth, FeedState
from tests.fakes.feeds import HandProvider
from tests.unit.engine.feed_polling import FeedBench

FAILURE = FeedError("whale_alert: HTTP 503")
OFF = FeedHealth(provider="x", state=FeedState.OFF, reason="no key; set X_BEARER_TOKEN")


@dataclass
class Bench:
    """Two providers; delivery counts how often it is woken."""

    polling: FeedBench = field(default_factory=FeedBench)
    wakes: int = 0

    def __post_init__(self) -> None:
        self.whales = self.polling.feed
        self.fear = HandProvider(clock=self.polling.clock, name="fear_greed")
        self.build()

    def build(self) -> None:
        self.rounds = FeedRounds(
            feeds=(self.whales, self.fear),
            unavailable=(OFF,),
            poll=self.polling.poll,
            wake=self._count_wake,
        )

    def _count_wake(self) -> None:
        self.wakes += 1


async def asked_with(bench: Bench, *failures: FeedError | None) -> list[tuple[str, str]]:
    """Ask so often, with these failures; level and event of each line of the log."""
    with capture_logs() as logs:
        for failure in failures:
            bench.whales.failure = failure
            await bench.rounds.ask(bench.whales)
    assert all(line["provider"] == "whale_alert" for line in logs)
    return [(line["log_level"], line["event"]) for line in logs]


async def test_failure_is_logged_when_it_begins_and_when_it_is_over() -> None:
    bench = Bench()
    lines = await asked_with(bench, None, FAILURE, FAILURE, FAILURE, None, None)
    assert lines == [
        ("warning", "provider does not answer"),
        ("info", "provider answers again"),
    ]


async def test_failure_after_a_recovery_is_logged_anew() -> None:
    lines = await asked_with(Bench(), FAILURE, None, FAILURE)
    assert [level for level, _ in lines] == ["warning", "info", "warning"]


async def test_failure_is_logged_with_its_reason_for_each_provider() -> None:
    bench = Bench()
    bench.whales.failure, bench.fear.failure = FAILURE, FeedError("fear_greed: HTTP 429")
    with capture_logs() as logs:
        for _ in range(2):
            await bench.rounds.asking(bench.whales)()
            await bench.rounds.asking(bench.fear)()
    assert [(line["provider"], line["reason"]) for line in logs] == [
        ("whale_alert", "whale_alert: HTTP 503"),
        ("fear_greed", "fear_greed: HTTP 429"),
    ]


async def test_delivery_is_woken_only_where_there_may_be_a_message() -> None:
    bench = Bench()
    await bench.rounds.ask(bench.whales)
    assert bench.wakes == 0
    bench.whales.observations = (bench.polling.transfer("a"),)
    await bench.rounds.ask(bench.whales)
    assert bench.wakes == 1
    await bench.rounds.ask(bench.whales)
    assert bench.wakes == 1
    bench.whales.observations = (bench.polling.quote(5000.0),)
    await bench.rounds.ask(bench.whales)
    assert bench.wakes == 2


async def test_first_round_asks_everybody_though_one_fails() -> None:
    bench = Bench()
    bench.whales.failure = FAILURE
    bench.polling.facts.failures["BTCUSDT"] = TemporaryVenueError("HTTP 502")
    await bench.rounds.ask_all()
    assert (bench.whales.asked, bench.fear.asked) == (1, 1)


async def test_first_round_outlasts_a_database_that_is_away() -> None:
    bench = Bench()
    bench.polling.break_at(0)
    bench.build()
    bench.whales.observations = (bench.polling.transfer("a"),)
    with capture_logs() as logs:
        await bench.rounds.ask_all()
    assert bench.fear.asked == 1
    assert [line["event"] for line in logs] == ["answer is not kept yet"]
    assert await bench.polling.stored() == ["a"]


class Faulty(HandProvider):
    """Trips over what it is told."""

    async def fetch(self) -> FeedAnswer:
        raise KeyError("timestamp")


async def test_first_round_outlasts_an_error_in_one_of_our_own() -> None:
    bench = Bench()
    bench.whales = Faulty(clock=bench.polling.clock)
    bench.build()
    with capture_logs() as logs:
        await bench.rounds.ask_all()
    assert bench.fear.asked == 1
    assert [(line["log_level"], line["provider"]) for line in logs] == [("error", "whale_alert")]


@pytest.mark.parametrize(
    "error",
    [
        TemporaryVenueError("HTTP 502"),
        VenueRefusedError("451"),
        InvalidDataError("BTCUSDT 15m: 3 candles are missing"),
    ],
)
async def test_missing_candles_of_bitcoin_are_logged(error: QuorumError) -> None:
    bench = Bench()
    bench.polling.facts.failures["BTCUSDT"] = error
    with capture_logs() as logs:
        await bench.rounds.bitcoin()
    assert [(line["log_level"], line["reason"]) for line in logs] == [("warning", str(error))]


async def test_health_tells_of_everybody_and_those_that_are_off_last() -> None:
    bench = Bench()
    await asked_with(bench, FAILURE)
    told = [(one.provider, one.state) for one in bench.rounds.health()]
    assert told == [
        ("whale_alert", FeedState.FAILING),
        ("fear_greed", FeedState.WAITING),
        ("x", FeedState.OFF),
    ]


async def test_quarter_of_an_hour_is_written_down() -> None:
    bench = Bench()
    await bench.rounds.keep_sentiment()
    async with bench.polling.kept() as unit:
        assert len(await unit.sentiment.list_since(0)) == 1


async def test_trouble_with_the_database_is_told_to_the_job() -> None:
    bench = Bench()
    bench.polling.break_at(0)
    bench.build()
    with pytest.raises(StorageUnavailableError):
        await bench.rounds.keep_sentiment()
