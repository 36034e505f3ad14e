"""Whatever comes from outside, messages to operators are HTML that Telegram takes."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.presenters.digest import digest_in_words, render_digest
from bot.presenters.health_report import render_health
from bot.presenters.markup import TEXT_LIMIT, render_plain, utf16_length
from bot.presenters.notices import render_notices
from domain.feeds import FeedState
from engine.monitoring.health_parameters import HealthParameters
from engine.monitoring.judge import find_troubles
from engine.monitoring.values import Severity, StoreReading
from engine.reports import HealthReport
from tests.builders.health import (
    make_digest,
    make_finding,
    make_job,
    make_notice,
    make_reading,
    make_streams,
    make_task,
    make_telegram,
)
from tests.builders.outside import make_feed_health
from tests.builders.reports import make_status
from tests.telegram_server.formatting import format_text

OUTSIDE = st.text(max_size=600) | st.sampled_from(
    ["<b>", "&lt;<i>&", "</pre><a href='x'>", "𝔘" * 500]
)
SEVERITIES = st.sampled_from(Severity)


def check(markup: str) -> None:
    shown = format_text(markup, "HTML", []).text
    assert shown == render_plain(markup).strip()
    assert 0 < utf16_length(shown) <= TEXT_LIMIT


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(OUTSIDE, OUTSIDE, OUTSIDE, SEVERITIES, st.booleans()), min_size=1, max_size=6
    )
)
def test_notices(told: list[tuple[str, str, str, Severity, bool]]) -> None:
    notices = [
        make_notice(f"job {subject}", severity, text=f"x{text}", mend=mend, is_resolved=is_over)
        for subject, text, mend, severity, is_over in told
    ]
    shown = render_notices(notices)
    check(shown)
    assert render_plain(shown).count(" · 14:05 UTC") >= len(notices)


@settings(max_examples=25, deadline=None)
@given(OUTSIDE, st.integers(0, 40), st.booleans())
def test_health(text: str, number: int, has_status: bool) -> None:
    reading = make_reading(
        streams=[*make_streams(None, symbols=[text, "BTCUSDT"])],
        database=StoreReading(name=text, error=text, milliseconds=None),
        cache=StoreReading(name=text, error=text, milliseconds=None),
        telegram=replace(make_telegram(failures=9), last_error=text),
        jobs=[make_job(f"{index}{text}", failures=9, last_error=text) for index in range(number)],
        tasks=[make_task(f"{index}{text}", is_running=False) for index in range(number)],
        feeds=[make_feed_health(text, FeedState.FAILING, reason=text)] * number,
        halted_accounts=[f"{text}: {text}"],
    )
    report = HealthReport(
        status=make_status(notes=[text] * number) if has_status else None,
        feeds=reading.feeds,
        reading=reading,
        standing=find_troubles(reading, HealthParameters()),
    )
    check(render_health(report))


@settings(max_examples=25, deadline=None)
@given(OUTSIDE, st.integers(0, 60))
def test_digest(text: str, number: int) -> None:
    digest = make_digest(
        standing=[make_finding(f"job {text}", text=text, mend=text)] * number,
        notices=[make_notice(f"job {text}", Severity.INFO, text=text)] * number,
        feeds=[make_feed_health(text, FeedState.RESTING, reason=text)] * number,
    )
    check(render_digest(digest))
    assert digest_in_words(digest) == render_plain(render_digest(digest))
