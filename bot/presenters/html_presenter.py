"""The engine's presenter: everything that is published on its own, as Telegram HTML."""

from collections.abc import Sequence
from datetime import datetime

from bot.presenters.advice import render_advice
from bot.presenters.alerts import render_breaker_alert, render_trading_alert
from bot.presenters.correction import render_correction
from bot.presenters.digest import digest_in_words, render_digest
from bot.presenters.macro_warning import render_macro_all_clear, render_macro_warning
from bot.presenters.notices import render_notices
from bot.presenters.period_report import render_period_report
from bot.presenters.signal_post import render_signal_post
from bot.presenters.step_reply import render_step_reply
from bot.presenters.trade_card import render_trade_card
from bot.presenters.trade_news import render_trade_news
from bot.presenters.whale_alert import render_whale_alert
from domain.advice import Advice
from domain.sentiment import MacroReading
from domain.signals import Course, FollowedSignal, Step
from engine.execution.values import News, TradeCard
from engine.monitoring.digest_values import Digest
from engine.monitoring.values import Notice
from engine.reports import PeriodReport, WhaleAlert


class HtmlPresenter:
    """Fulfils `Presenter` and `OperatorPresenter` of `engine.ports.presenting`."""

    def signal_post(self, followed: FollowedSignal) -> str:
        """The channel post of a signal in its present state."""
        return render_signal_post(followed)

    def step_reply(self, followed: FollowedSignal, step: Step) -> str:
        """The short reply for one step."""
        return render_step_reply(followed, step)

    def correction(
        self, followed: FollowedSignal, before: Course, after: Course, reason: str
    ) -> str:
        """The reply to a post whose outcome was stated wrongly."""
        return render_correction(followed, before, after, reason)

    def period_report(self, report: PeriodReport) -> str:
        """The report of a UTC day, a week or a month."""
        return render_period_report(report)

    def breaker_alert(self, text: str) -> str:
        """An alert to admins that a breaker tripped."""
        return render_breaker_alert(text)

    def advice(self, advice: Advice, followed: FollowedSignal | None) -> str:
        """Advice of the portfolio watch."""
        return render_advice(advice, followed)

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

    def trade_card(self, card: TradeCard) -> str:
        """One trade for its trader, in full."""
        return render_trade_card(card)

    def trade_news(self, card: TradeCard, news: News) -> str:
        """One thing that happened to a trade."""
        return render_trade_news(card, news)

    def trading_alert(self, text: str) -> str:
        """An alert to admins about accounts, orders or positions."""
        return render_trading_alert(text)

    def notices(self, notices: Sequence[Notice]) -> str:
        """A message to admins of one or several troubles, and of what is over."""
        return render_notices(notices)

    def digest(self, digest: Digest) -> str:
        """The daily digest to admins."""
        return render_digest(digest)

    def digest_in_words(self, digest: Digest) -> str:
        """The same without markup."""
        return digest_in_words(digest)
