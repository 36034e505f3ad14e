"""The engine's presenter: everything that is published on its own, as Telegram HTML."""

from bot.presenters.alerts import render_breaker_alert
from bot.presenters.daily_report import render_daily_report
from bot.presenters.signal_post import render_signal_post
from bot.presenters.step_reply import render_step_reply
from domain.signals import FollowedSignal, Step
from engine.reports import DailyReport


class HtmlPresenter:
    """Fulfils `engine.ports.presenting.Presenter`."""

    def signal_post(self, followed: FollowedSignal) -> str:
        """The channel post of a signal in its present state."""
        return render_signal_post(followed)

    def step_reply(self, followed: FollowedSignal, step: Step) -> str:
        """The short reply for one step."""
        return render_step_reply(followed, step)

    def daily_report(self, report: DailyReport) -> str:
        """The daily report."""
        return render_daily_report(report)

    def breaker_alert(self, text: str) -> str:
        """An alert to admins that a breaker tripped."""
        return render_breaker_alert(text)
