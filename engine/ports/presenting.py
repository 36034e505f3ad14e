"""Words and pictures, as the engine sees them. Text is Telegram HTML, escaped and within limits."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from domain.advice import Advice
from domain.sentiment import MacroReading
from domain.signals import Course, FollowedSignal, Step
from engine.execution.values import News, TradeCard
from engine.monitoring.digest_values import Digest
from engine.monitoring.values import Notice
from engine.reports import PeriodReport, WhaleAlert


class Presenter(Protocol):
    """Renders what the engine publishes. Pure."""

    def signal_post(self, followed: FollowedSignal) -> str:
        """The channel post of a signal in its present state: full state, never a delta."""

    def step_reply(self, followed: FollowedSignal, step: Step) -> str:
        """The short reply for one step; `followed` is as it was right after the step."""

    def period_report(self, report: PeriodReport) -> str:
        """The report of a UTC day, a week or a month."""

    def correction(
        self, followed: FollowedSignal, before: Course, after: Course, reason: str
    ) -> str:
        """The reply to a post whose outcome was stated wrongly."""

    def breaker_alert(self, text: str) -> str:
        """An alert to admins that a breaker tripped."""

    def advice(self, advice: Advice, followed: FollowedSignal | None) -> str:
        """Advice of the portfolio watch; `followed` is the signal it is about, None for all."""

    def whale_alert(self, alert: WhaleAlert) -> str:
        """A large transfer."""

    def macro_warning(self, reading: MacroReading) -> str:
        """A macro danger has begun."""

    def macro_all_clear(
        self, reading: MacroReading | None, *, began_at: datetime, ended_at: datetime
    ) -> str:
        """A macro danger is over; `reading` is how it stands now, None when nobody tells."""

    def trade_card(self, card: TradeCard) -> str:
        """One trade for its trader: the confirmation, and later how it goes; full state."""

    def trade_news(self, card: TradeCard, news: News) -> str:
        """One thing that happened to a trade."""

    def trading_alert(self, text: str) -> str:
        """An alert to admins about accounts, orders or positions."""


class OperatorPresenter(Protocol):
    """Renders what operators are told of the bot itself. Pure."""

    def notices(self, notices: Sequence[Notice]) -> str:
        """A message of one or several troubles, and of what is over."""

    def digest(self, digest: Digest) -> str:
        """The daily digest."""

    def digest_in_words(self, digest: Digest) -> str:
        """The same without markup, for other channels."""
