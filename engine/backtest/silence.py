"""A presenter without words: what a backtest would post, nobody reads."""

# ruff: noqa: ARG002 - who says nothing looks at nothing

from datetime import datetime

from domain.advice import Advice
from domain.sentiment import MacroReading
from domain.signals import Course, FollowedSignal, Step
from engine.execution.values import News, TradeCard
from engine.ports.presenting import Presenter
from engine.reports import PeriodReport, WhaleAlert


class SilentPresenter(Presenter):
    """Every text is empty."""

    def signal_post(self, followed: FollowedSignal) -> str:
        """No words."""
        return ""

    def step_reply(self, followed: FollowedSignal, step: Step) -> str:
        """No words."""
        return ""

    def period_report(self, report: PeriodReport) -> str:
        """No words."""
        return ""

    def correction(
        self, followed: FollowedSignal, before: Course, after: Course, reason: str
    ) -> str:
        """No words."""
        return ""

    def breaker_alert(self, text: str) -> str:
        """No words."""
        return ""

    def advice(self, advice: Advice, followed: FollowedSignal | None) -> str:
        """No words."""
        return ""

    def whale_alert(self, alert: WhaleAlert) -> str:
        """No words."""
        return ""

    def macro_warning(self, reading: MacroReading) -> str:
        """No words."""
        return ""

    def macro_all_clear(
        self, reading: MacroReading | None, *, began_at: datetime, ended_at: datetime
    ) -> str:
        """No words."""
        return ""

    def trade_card(self, card: TradeCard) -> str:
        """No words."""
        return ""

    def trade_news(self, card: TradeCard, news: News) -> str:
        """No words."""
        return ""

    def trading_alert(self, text: str) -> str:
        """No words."""
        return ""
