"""A presenter that says just enough to be told apart."""

from datetime import datetime

from domain.sentiment import MacroReading
from domain.signals import FollowedSignal, Step
from engine.ports.presenting import Presenter
from engine.reports import DailyReport, WhaleAlert


class PlainPresenter(Presenter):
    def signal_post(self, followed: FollowedSignal) -> str:
        return f"post of #{followed.signal.id}: {followed.course.state}"

    def step_reply(self, followed: FollowedSignal, step: Step) -> str:
        return f"#{followed.signal.id} is {step.state} at {step.price}"

    def daily_report(self, report: DailyReport) -> str:
        return f"report of {report.day}: {len(report.statistics.results)} trades"

    def breaker_alert(self, text: str) -> str:
        return f"alert: {text}"

    def whale_alert(self, alert: WhaleAlert) -> str:
        held_back = sum(each.usd for each in alert.held_back)
        return f"{alert.transfer.usd:.0f} moved, {len(alert.held_back)} more: {held_back:.0f}"

    def macro_warning(self, reading: MacroReading) -> str:
        return f"danger: {reading.cause}"

    def macro_all_clear(
        self, reading: MacroReading | None, *, began_at: datetime, ended_at: datetime
    ) -> str:
        state = "silence" if reading is None else reading.state
        return f"{state} after {ended_at - began_at}"
