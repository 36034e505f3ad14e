"""One of something is told in the singular, noun and verb; tests/golden has more of them."""

from dataclasses import replace
from datetime import timedelta

from bot.presenters.profit_and_loss import render_profit_and_loss
from bot.presenters.status_report import render_status
from tests.builders.reports import make_result, make_statistics, make_status
from tests.builders.signals import CLOSED_AT
from tests.builders.track_records import make_track_record


def test_status_tells_of_one_signal_pair_and_message() -> None:
    status = make_status()
    alone = replace(
        status,
        watched_pairs=1,
        live_signals=1,
        outbox=replace(status.outbox, pending=1),
    )
    lines = render_status(alone).split("\n")
    assert "👀 1 pair watched, 39 ready" in lines
    assert "📂 1 signal live, 2 open" in lines
    assert "📬 1 message waits, oldest 30 s ago · ❗ 1 in doubt" in lines


def test_results_tell_of_one_day_that_found_no_room() -> None:
    results = [make_result("0.50", ended_at=CLOSED_AT + timedelta(days=day)) for day in range(15)]
    statistics = make_statistics(results, end=CLOSED_AT + timedelta(days=16))
    told = render_profit_and_loss(make_track_record(statistics))
    assert "… and 1 earlier day with trades" in told
