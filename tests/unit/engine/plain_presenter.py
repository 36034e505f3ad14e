"""A presenter that says just enough to be told apart."""

from domain.signals import FollowedSignal, Step
from engine.ports.presenting import Presenter
from engine.reports import DailyReport


class PlainPresenter(Presenter):
    def signal_post(self, followed: FollowedSignal) -> str:
        return f"post of #{followed.signal.id}: {followed.course.state}"

    def step_reply(self, followed: FollowedSignal, step: Step) -> str:
        return f"#{followed.signal.id} is {step.state} at {step.price}"

    def daily_report(self, report: DailyReport) -> str:
        return f"report of {report.day}: {len(report.statistics.results)} trades"

    def breaker_alert(self, text: str) -> str:
        return f"alert: {text}"
