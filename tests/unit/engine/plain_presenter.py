"""A presenter that says just enough to be told apart."""

from datetime import datetime

from domain.advice import Advice
from domain.sentiment import MacroReading
from domain.signals import Course, FollowedSignal, Step
from engine.execution.values import News, TradeCard
from engine.ports.presenting import Presenter
from engine.reports import PeriodReport, WhaleAlert


class PlainPresenter(Presenter):
    def signal_post(self, followed: FollowedSignal) -> str:
        return f"post of #{followed.signal.id}: {followed.course.state}"

    def step_reply(self, followed: FollowedSignal, step: Step) -> str:
        return f"#{followed.signal.id} is {step.state} at {step.price}"

    def period_report(self, report: PeriodReport) -> str:
        return f"report of {report.day}: {len(report.statistics.results)} trades"

    def correction(
        self, followed: FollowedSignal, before: Course, after: Course, reason: str
    ) -> str:
        return f"#{followed.signal.id}: {before.realised_r}R was {after.realised_r}R, {reason}"

    def breaker_alert(self, text: str) -> str:
        return f"alert: {text}"

    def advice(self, advice: Advice, followed: FollowedSignal | None) -> str:
        whom = "all" if followed is None else f"#{followed.signal.id}"
        return f"{advice.warning}: {advice.action} {whom}, {'; '.join(advice.reasons)}"

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

    def trade_card(self, card: TradeCard) -> str:
        return f"intent {card.intent.id} is {card.intent.state}"

    def trade_news(self, card: TradeCard, news: News) -> str:
        return f"intent {card.intent.id}: {news.kind}"

    def trading_alert(self, text: str) -> str:
        return f"trading: {text}"
