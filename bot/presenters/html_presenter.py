"""The engine's presenter: everything that is published on its own, as Telegram HTML."""

from datetime import datetime

from bot.presenters.alerts import render_breaker_alert
from bot.presenters.daily_report import render_daily_report
from bot.presenters.macro_warning import render_macro_all_clear, render_macro_warning
from bot.presenters.signal_post import render_signal_post
from bot.presenters.step_reply import render_step_reply
from bot.presenters.whale_alert import render_whale_alert
from domain.sentiment import MacroReading
from domain.signals import FollowedSignal, Step
from engine.reports import DailyReport, WhaleAlert


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

    def whale_alert(self, alert: WhaleAlert) -> str:
        """A large transfer."""
        return render_whale_alert(alert)

    def macro_warning(self, reading: MacroReading) -> str:
        """A macro danger has begun."""
        return render_macro_warning(reading)

    def macro_all_clear(
        self, reading: MacroReading | None, *, began_at: datetime, ended_at: datetime
    ) -> str:
        """A macro danger is over."""
        return render_macro_all_clear(reading, began_at, ended_at)
