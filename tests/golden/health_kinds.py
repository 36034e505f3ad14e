"""What operators read of the bot itself, by the name of its golden file."""

from dataclasses import replace
from datetime import timedelta

from bot.presenters.health_report import render_health
from bot.presenters.html_presenter import HtmlPresenter
from domain.feeds import FeedState
from engine.monitoring.digest_values import Counts
from engine.monitoring.health_parameters import HealthParameters
from engine.monitoring.judge import find_troubles
from engine.monitoring.values import (
    ClockReading,
    HealthReading,
    RestReading,
    Severity,
    StoreReading,
)
from engine.reports import HealthReport
from tests.builders.health import (
    NOW,
    PROCESS,
    make_digest,
    make_finding,
    make_job,
    make_notice,
    make_outbox,
    make_reading,
    make_streams,
    make_task,
    make_telegram,
)
from tests.builders.outside import make_feed_health
from tests.builders.reports import make_status

PRESENTER = HtmlPresenter()
LIMITS = HealthParameters()

FEEDS = (
    make_feed_health("fear_greed"),
    make_feed_health("reddit", FeedState.FAILING, reason="HTTP 429 <slow down>", failures=5),
)


def health(reading: HealthReading, *, has_status: bool = True) -> str:
    status = replace(
        make_status(),
        now=reading.at,
        watched_pairs=reading.pairs_watched,
        ready_pairs=reading.pairs_ready,
        last_decision_at=reading.last_decision_at,
        outbox=reading.outbox or make_outbox(),
    )
    return render_health(
        HealthReport(
            status=status if has_status else None,
            feeds=reading.feeds,
            reading=reading,
            standing=find_troubles(reading, LIMITS),
        )
    )


BAD_NIGHT = make_reading(
    streams=make_streams(400.0, kinds=("book",)) + make_streams(kinds=("candles", "trades")),
    rest=RestReading(weight_used=1980.0, weight_allowed=2000.0, silent_seconds=110.0),
    clock=ClockReading(skew_seconds=-3.4, age_seconds=1300.0),
    cache=StoreReading(name="Redis", error="Connection refused", milliseconds=None),
    outbox=make_outbox(pending=31, oldest_minutes=44, unknown=1, failed=2),
    telegram=make_telegram(failures=40, good_minutes_ago=44),
    jobs=(
        make_job(),
        make_job("watch open trades", failures=2, last_error="the venue timed out"),
        make_job("scan market", failures=9, last_error="fetchTickers: <HTML> & other 502"),
        make_job("funding", last_run_at=NOW - timedelta(minutes=31), missed=30),
    ),
    tasks=(
        make_task(),
        make_task("telegram", crashes=4, is_running=False, error="KeyError: <b>"),
    ),
    process=replace(
        PROCESS,
        memory_bytes=950_000_000,
        cpu_share=0.97,
        loop_lag_seconds=2.3,
        stalls=17,
        open_files=903,
        disk_free_bytes=150_000_000,
    ),
    feeds=FEEDS,
    halted_accounts=("trader:5: the exchange refuses the API key",),
    last_decision_at=NOW - timedelta(minutes=35),
    pairs_ready=3,
)

AWAY = make_reading(
    database=StoreReading(
        name="PostgreSQL", error="connection to db:5432 <refused>", milliseconds=None
    ),
    outbox=make_outbox(),
)

DEMO = make_reading(
    clock=ClockReading(skew_seconds=None, age_seconds=40.0),
    telegram=make_telegram(is_terminal=True),
    feeds=FEEDS[:1],
    speed=600.0,
)

ONE_OF_EACH = make_reading(
    streams=make_streams(kinds=("candles", "book"), symbols=("BTCUSDT",)),
    outbox=make_outbox(pending=1, oldest_minutes=2),
    tasks=(make_task(crashes=1),),
    process=replace(PROCESS, stalls=1, open_files=1),
    feeds=(FEEDS[1], *(make_feed_health(name) for name in ("fear_greed", "yahoo"))),
    pairs_watched=1,
    pairs_ready=0,
)

DATABASE = make_notice(
    "database",
    Severity.CRITICAL,
    text="PostgreSQL does not answer (connection to db:5432 <refused>): nothing is decided, open"
    " positions are looked after",
    mend='Bring it back; look at its disk and its log (runbook "Database").',
)
DATABASE_BACK = make_notice(
    "database",
    Severity.CRITICAL,
    text="over after 25 min. It was: PostgreSQL does not answer (connection to db:5432 <refused>)",
    at=NOW + timedelta(minutes=25),
    is_resolved=True,
)

HEALTH = {
    "health_good": health(make_reading(feeds=FEEDS[:1])),
    "health_of_a_demo": health(DEMO),
    "health_of_a_bad_night": health(BAD_NIGHT),
    "health_with_one_of_each": health(ONE_OF_EACH),
    "health_without_database": health(AWAY, has_status=False),
    "notice_critical": PRESENTER.notices([DATABASE]),
    "notice_over": PRESENTER.notices([DATABASE_BACK]),
    "notices_together": PRESENTER.notices(
        [DATABASE, make_notice(), make_notice("feeds", Severity.INFO), DATABASE_BACK]
    ),
    "digest_of_a_good_day": PRESENTER.digest(make_digest()),
    "digest_of_a_bad_day": PRESENTER.digest(
        make_digest(
            counts=Counts(
                closes=61, late_closes=2, messages=9, missed_runs=14, crashes=3, stalls=21
            ),
            feeds=FEEDS[1:],
            standing=(make_finding(), make_finding("feeds", Severity.INFO, text="1 of 2", mend="")),
            notices=(
                make_notice("missed runs", Severity.INFO, text="left out: funding 14"),
                make_notice("missed runs", Severity.INFO, text="over", is_resolved=True),
            ),
            since=NOW,
            lost=2,
        )
    ),
    "digest_with_one_of_each": PRESENTER.digest(
        make_digest(
            decided=1,
            counts=Counts(closes=1, messages=1, missed_runs=1, crashes=1, stalls=1),
        )
    ),
    "digest_of_a_day_without_decisions": PRESENTER.digest(
        make_digest(decided=0, latency=(), has_machine=False)
    ),
}
