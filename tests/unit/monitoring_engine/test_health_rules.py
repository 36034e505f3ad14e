"""What is trouble in a reading, how severe, and in which words."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.feeds import FeedState
from engine.monitoring.health_parameters import HealthParameters
from engine.monitoring.judge import RULES, find_troubles, is_judged
from engine.monitoring.values import (
    ClockReading,
    Finding,
    HealthReading,
    RestReading,
    Severity,
    StoreReading,
)
from tests.builders.health import (
    NOW,
    PROCESS,
    make_job,
    make_outbox,
    make_reading,
    make_streams,
    make_task,
    make_telegram,
    make_young,
)
from tests.builders.outside import make_feed_health
from tests.fakes.clock import AFTERNOON

LIMITS = HealthParameters()
CRITICAL, WARNING, INFO = Severity.CRITICAL, Severity.WARNING, Severity.INFO
AWAY = StoreReading(name="Store", error="no\nroute", milliseconds=None)
SLOW = StoreReading(name="Store", error=None, milliseconds=1500.0)


def only(reading: HealthReading) -> Finding:
    (finding,) = find_troubles(reading, LIMITS)
    return finding


def rest(used: float = 10.0, silent: float = 0.0) -> RestReading:
    return RestReading(weight_used=used, weight_allowed=1000.0, silent_seconds=silent)


def clock(skew: float | None = 0.0, age: float | None = 10.0) -> ClockReading:
    return ClockReading(skew_seconds=skew, age_seconds=age)


def process(**changes: Any) -> Any:
    return replace(PROCESS, **changes)


def book(*ages: float | None) -> tuple[Any, ...]:
    symbols = ("BTCUSDT", "ETHUSDT", "SOLUSDT", "PEPEUSDT", "XRPUSDT", "ADAUSDT")
    return tuple(
        stream
        for symbol, age in zip(symbols, ages, strict=False)
        for stream in make_streams(age, kinds=("book",), symbols=(symbol,))
    )


TROUBLES: dict[str, tuple[dict[str, Any], str, Severity, str]] = {
    "one_book_silent": (
        {"streams": book(1.0, 70.0, 1.0)},
        "stream book",
        WARNING,
        "1 of 3 pairs silent, longest for 70 s (ETHUSDT)",
    ),
    "many_books_silent": (
        {"streams": book(70.0, 90.0, 80.0, 75.0, 300.0, 1.0)},
        "stream book",
        WARNING,
        "5 of 6 pairs silent, longest for 5 min (ADA".replace("ADA", "XRPUSDT, ETHUSDT"),
    ),
    "one_never_heard_of": (
        {"streams": book(1.0, None)},
        "stream book",
        WARNING,
        "1 of 2 pairs silent, longest since the start (ETHUSDT)",
    ),
    "all_books_silent": (
        {"streams": book(61.0, 400.0)},
        "stream book",
        CRITICAL,
        "all 2 pairs silent, longest for 6 min",
    ),
    "candles_silent": (
        {"streams": make_streams(181.0, kinds=("candles",), symbols=("BTCUSDT",))},
        "stream candles",
        CRITICAL,
        "all 1 pair silent",
    ),
    "trades_silent": (
        {"streams": make_streams(901.0, kinds=("trades",))},
        "stream trades",
        CRITICAL,
        "longest for 15 min",
    ),
    "weight_used_up": ({"rest": rest(950.0)}, "request weight", WARNING, "950 of 1000 allowed"),
    "silence": ({"rest": rest(silent=90.0)}, "exchange silence", WARNING, "for 90 s"),
    "clock_ahead": ({"clock": clock(2.1)}, "clock skew", WARNING, "2.1 s ahead of"),
    "clock_behind": ({"clock": clock(-3.0)}, "clock skew", WARNING, "3.0 s behind"),
    "clock_not_measured": (
        {"clock": clock(age=901.0)},
        "clock measurement",
        CRITICAL,
        "not measured for 15 min: no new signal is sent",
    ),
    "clock_never_measured": (
        {"clock": clock(None, None)},
        "clock measurement",
        CRITICAL,
        "since the start",
    ),
    "pairs_not_ready": ({"pairs_ready": 3}, "pairs ready", WARNING, "1 of 4 watched pairs lack"),
    "nothing_watched": (
        {"pairs_watched": 0, "pairs_ready": 0, "streams": ()},
        "watchlist",
        WARNING,
        "no pair is watched",
    ),
    "no_decision": (
        {"last_decision_at": AFTERNOON - timedelta(minutes=15)},
        "decision",
        CRITICAL,
        "none at the close of 14:00 UTC, the last one was at 13:45 UTC; 4 pairs watched",
    ),
    "never_a_decision": (
        {"last_decision_at": None},
        "decision",
        CRITICAL,
        "there was none before",
    ),
    "database_away": ({"database": AWAY}, "database", CRITICAL, "Store does not answer (no route)"),
    "database_slow": ({"database": SLOW}, "database", WARNING, "took 1500 ms"),
    "cache_away": ({"cache": AWAY}, "cache", WARNING, "Store does not answer"),
    "outbox_slow": (
        {"outbox": make_outbox(pending=7, oldest_minutes=6)},
        "outbox",
        WARNING,
        "7 messages waiting, the oldest for 6 min",
    ),
    "outbox_stuck": (
        {"outbox": make_outbox(pending=1, oldest_minutes=31)},
        "outbox",
        CRITICAL,
        "1 message waiting",
    ),
    "in_doubt": ({"outbox": make_outbox(unknown=2)}, "messages in doubt", WARNING, "2 messages"),
    "failed": ({"outbox": make_outbox(failed=1)}, "messages not delivered", INFO, "1 message"),
    "telegram_fails": (
        {"telegram": make_telegram(failures=3, good_minutes_ago=9)},
        "telegram",
        WARNING,
        "3 requests failed in a row, the last good one was at 13:56 UTC: Cannot connect",
    ),
    "telegram_away": (
        {"telegram": make_telegram(failures=3, good_minutes_ago=11)},
        "telegram",
        CRITICAL,
        "3 requests failed",
    ),
    "telegram_never_reached": (
        {"telegram": make_telegram(failures=3, good_minutes_ago=None)},
        "telegram",
        CRITICAL,
        "none was ever good",
    ),
    "job_fails": (
        {"jobs": [make_job(failures=3, last_error="x" * 300)]},
        "job scan",
        WARNING,
        f"failed 3 times in a row: {'x' * 159}…",
    ),
    "job_does_not_run": (
        {"jobs": [make_job(last_run_at=NOW - timedelta(seconds=241))]},
        "job scan",
        WARNING,
        "has not run for 4 min, due every 60 s",
    ),
    "job_never_ran": (
        {"jobs": [make_job(last_run_at=None)]},
        "job scan",
        WARNING,
        "has not run for 3 d 4 h",
    ),
    "job_late": (
        {"jobs": [make_job(lateness_seconds=61.0)]},
        "job scan",
        WARNING,
        "the last run began 61 s late",
    ),
    "runs_missed": (
        {"jobs": [make_job("a", missed=5), make_job("b", missed=9), make_job("c", missed=4)]},
        "missed runs",
        INFO,
        "left out since the start: b 9, a 5",
    ),
    "task_rests": (
        {"tasks": [make_task(), make_task("stream", crashes=2, is_running=False, error="boom")]},
        "task stream",
        WARNING,
        "crashed 2 times since the start, is not running: boom",
    ),
    "memory_much": (
        {"process": process(memory_bytes=800_000_000)},
        "memory",
        WARNING,
        "80% used: 800 MB of 1.0 GB",
    ),
    "memory_full": ({"process": process(memory_bytes=920_000_000)}, "memory", CRITICAL, "92% used"),
    "cpu": ({"process": process(cpu_share=0.9)}, "cpu", WARNING, "90% of one core"),
    "loop": (
        {"process": process(loop_lag_seconds=1.0, stalls=1)},
        "event loop",
        WARNING,
        "stood still for 1.0 s; 1 stall since the start",
    ),
    "files": ({"process": process(open_files=800)}, "open files", WARNING, "800 files and sockets"),
    "disk_scarce": (
        {"process": process(disk_free_bytes=1_999_000_000)},
        "disk",
        WARNING,
        "2.0 GB of 40.0 GB free",
    ),
    "disk_full": (
        {"process": process(disk_free_bytes=199_000_000)},
        "disk",
        CRITICAL,
        "199 MB of 40.0 GB free",
    ),
    "feeds": (
        {
            "feeds": [
                make_feed_health("good"),
                make_feed_health("bad", FeedState.FAILING, reason="HTTP 503"),
                make_feed_health("off", FeedState.OFF),
            ]
        },
        "feeds",
        INFO,
        "1 of 3 providers does not answer: bad (HTTP 503)",
    ),
    "port_taken": (
        {"unserved": "cannot listen on 127.0.0.1, port 9464"},
        "health server",
        WARNING,
        "cannot listen on 127.0.0.1, port 9464",
    ),
    "account_halted": (
        {"halted_accounts": ["trader:5: trader:5: the key is refused"]},
        "account trader:5",
        CRITICAL,
        "nothing new is executed: the key is refused",
    ),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_trouble_is_found_and_worded(name: str) -> None:
    changes, subject, severity, words = TROUBLES[name]
    finding = only(make_reading(**changes))
    assert (finding.subject, finding.severity) == (subject, severity)
    assert words in finding.text
    assert "unbook" in finding.mend  # names its section
    assert is_judged(finding.subject)


def test_every_rule_has_a_case() -> None:
    told_when_it_happens = {"bot"}
    subjects = {subject for _, subject, _, _ in TROUBLES.values()} | told_when_it_happens
    assert [rule.subject for rule in RULES if not any(map(rule.covers, subjects))] == []


QUIET: dict[str, dict[str, Any]] = {
    "nothing": {},
    "just_within": {
        "streams": [
            *make_streams(180.0, kinds=("candles",)),
            *make_streams(60.0, kinds=("book",)),
            *make_streams(900.0, kinds=("trades",)),
        ],
        "rest": rest(949.0, silent=30.0),
        "clock": clock(-2.0, 900.0),
        "outbox": make_outbox(pending=3, oldest_minutes=5),
        "telegram": make_telegram(failures=2, good_minutes_ago=30),
        "jobs": [
            make_job(
                failures=2,
                missed=4,
                lateness_seconds=60.0,
                last_run_at=NOW - timedelta(seconds=240),
            )
        ],
        "process": process(
            memory_bytes=799_000_000,
            cpu_share=0.89,
            loop_lag_seconds=0.99,
            open_files=799,
            disk_free_bytes=2_000_000_000,
        ),
    },
    "terminal": {
        "telegram": make_telegram(failures=9, good_minutes_ago=None, is_terminal=True),
    },
    "no_decision_while_paused": {"last_decision_at": None, "is_paused": True},
    "right_after_a_close": {
        "at": AFTERNOON + timedelta(seconds=59),
        "pairs_ready": 0,
        "last_decision_at": AFTERNOON - timedelta(minutes=15),
    },
    "ages_of_fast_time": {
        "speed": 60.0,
        "streams": make_streams(3000.0),
        "outbox": make_outbox(pending=1, oldest_minutes=290),
        "jobs": [make_job(last_run_at=NOW - timedelta(hours=3))],
        "last_decision_at": AFTERNOON - timedelta(hours=3),
    },
    "a_clock_that_leapt_an_hour_ahead": {
        "jobs": [make_job(last_run_at=NOW - timedelta(hours=1))],
        "process": process(uptime_seconds=200.0),
    },
    "unknown_limit": {"process": process(memory_limit_bytes=0)},
    "crashed_and_running_again": {"tasks": [make_task(crashes=4)]},
}


@pytest.mark.parametrize("name", QUIET)
def test_what_is_normal_is_no_trouble(name: str) -> None:
    assert find_troubles(make_reading(**QUIET[name]), LIMITS) == ()


YOUNG = make_reading(
    streams=make_streams(None),
    clock=clock(None, None),
    telegram=make_telegram(failures=3, good_minutes_ago=None),
    jobs=[make_job(last_run_at=None)],
    halted_accounts=["operator: being compared with the exchange"],
    last_decision_at=None,
    pairs_watched=4,
    pairs_ready=0,
)


def test_right_after_the_start_only_real_failures_are_trouble() -> None:
    found = find_troubles(make_young(YOUNG), LIMITS)
    assert [(one.subject, one.severity) for one in found] == [("telegram", WARNING)]


def test_what_has_not_come_long_after_the_start_is_trouble() -> None:
    found = {one.subject for one in find_troubles(YOUNG, LIMITS)}
    assert {"stream book", "clock measurement", "pairs ready", "decision"} <= found


def test_a_start_that_waited_for_the_exchange_has_its_time_from_then_on() -> None:
    hours = replace(YOUNG, waited_seconds=YOUNG.process.uptime_seconds - 30.0, clock=clock())
    found = find_troubles(hours, LIMITS)
    assert [(one.subject, one.severity) for one in found] == [("telegram", CRITICAL)]


def test_a_start_that_waits_for_long_is_told_what_it_lacks() -> None:
    waiting = make_reading(
        streams=(),
        clock=clock(None, None),
        jobs=[make_job("health")],
        last_decision_at=None,
        pairs_watched=0,
        pairs_ready=0,
    )
    waiting = replace(waiting, waited_seconds=waiting.process.uptime_seconds - 20.0)
    found = find_troubles(waiting, LIMITS)
    assert [one.subject for one in found] == ["clock measurement", "watchlist"]
    assert find_troubles(make_young(waiting), LIMITS) == ()


def test_a_close_soon_after_the_start_need_not_have_been_decided_on() -> None:
    reading = make_reading(last_decision_at=None)
    began_before_the_close = make_young(reading, uptime_seconds=9 * 60)
    assert find_troubles(began_before_the_close, LIMITS) == ()
    assert only(make_young(reading, uptime_seconds=11 * 60)).subject == "decision"


def test_the_most_severe_comes_first() -> None:
    found = find_troubles(
        make_reading(
            cache=AWAY,
            database=AWAY,
            outbox=make_outbox(failed=1),
            process=process(disk_free_bytes=1),
        ),
        LIMITS,
    )
    assert [one.subject for one in found] == ["database", "disk", "cache", "messages not delivered"]


def test_a_subject_of_nobody_is_not_judged() -> None:
    assert not is_judged("daily digest")
    assert not is_judged("jobless")


@pytest.mark.parametrize(
    "wrong",
    [
        {"outbox_critical_minutes": 4.0},
        {"memory_critical_share": 0.7},
        {"disk_critical_gigabytes": 3.0},
    ],
)
def test_limits_the_wrong_way_round_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must not be"):
        HealthParameters(**wrong)
