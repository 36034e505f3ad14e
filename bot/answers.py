"""Answers to questions about the record and the risk: words, and a picture where people look.

The same for Telegram and for a terminal; who may ask what is for the caller to check.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.arguments import ALL_TIME, Lookback, parse_lookback, parse_period, parse_statistics
from bot.pictures import Picture, calibration_picture, equity_picture, histogram_picture
from bot.presenters.breakdown import render_breakdown
from bot.presenters.breakers_report import render_breakers
from bot.presenters.configuration import render_configuration
from bot.presenters.conversation import REPORT_USAGE, STATS_USAGE, period_usage
from bot.presenters.drawdown import render_drawdown
from bot.presenters.heat import render_heat
from bot.presenters.period_report import render_period_report
from bot.presenters.profit_and_loss import render_profit_and_loss
from bot.presenters.record_check import render_record_check
from bot.presenters.statistics import render_statistics
from bot.presenters.win_rate import render_win_rate
from bot.use_cases import BotUseCases
from engine.statistics import break_down
from engine.statistics.values import Dimension

_WEEK = Lookback(days=7)
_MONTH = Lookback(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is said, as HTML, and what is shown after it."""

    text: str
    picture: Picture | None = None


Ask = Callable[[str | None], Awaitable[Answer]]
"""Answers what stands behind a command."""


class PublicAnswers:
    """About the record: open to everybody."""

    def __init__(self, use_cases: BotUseCases) -> None:
        self._use_cases = use_cases

    @property
    def commands(self) -> Mapping[str, Ask]:
        """By the name of the command."""
        return {
            "stats": self.statistics,
            "pnl": self.profit_and_loss,
            "winrate": self.win_rate,
            "drawdown": self.drawdown,
            "report": self.report,
            "verify": self.record_check,
        }

    async def statistics(self, arguments: str | None) -> Answer:
        """The whole track record of a period, or one way to tell it apart."""
        asked = parse_statistics(arguments, default=ALL_TIME)
        if asked is None:
            return Answer(text=STATS_USAGE)
        dimension, lookback = asked
        record = await self._use_cases.track_record(lookback.days)
        if dimension is not None:
            breakdown = break_down(record.statistics, dimension)
            return Answer(text=render_breakdown(breakdown, lookback.days))
        return Answer(text=render_statistics(record), picture=histogram_picture(record))

    async def profit_and_loss(self, arguments: str | None) -> Answer:
        """What trades came to, with the equity curve."""
        lookback = parse_lookback(arguments, default=_WEEK)
        if lookback is None:
            return Answer(text=period_usage("pnl"))
        record = await self._use_cases.track_record(lookback.days)
        return Answer(text=render_profit_and_loss(record), picture=equity_picture(record))

    async def win_rate(self, arguments: str | None) -> Answer:
        """How often trades earn something, with the calibration picture."""
        lookback = parse_lookback(arguments, default=ALL_TIME)
        if lookback is None:
            return Answer(text=period_usage("winrate"))
        record = await self._use_cases.track_record(lookback.days)
        told_apart = [
            break_down(record.statistics, each) for each in (Dimension.TIER, Dimension.DIRECTION)
        ]
        text = render_win_rate(record, told_apart)
        return Answer(text=text, picture=calibration_picture(record))

    async def drawdown(self, arguments: str | None) -> Answer:
        """How bad it got, with the equity curve."""
        lookback = parse_lookback(arguments, default=ALL_TIME)
        if lookback is None:
            return Answer(text=period_usage("drawdown"))
        record = await self._use_cases.track_record(lookback.days)
        return Answer(text=render_drawdown(record), picture=equity_picture(record))

    async def report(self, arguments: str | None) -> Answer:
        """The report on the newest period that is over."""
        period = parse_period(arguments)
        if period is None:
            return Answer(text=REPORT_USAGE)
        return Answer(text=render_period_report(await self._use_cases.read_report(period)))

    async def record_check(self, _arguments: str | None) -> Answer:
        """How a stranger checks the record."""
        return Answer(text=render_record_check(await self._use_cases.read_head()))


class OperatorAnswers:
    """About the risk and the parameters: for operators only."""

    def __init__(self, use_cases: BotUseCases) -> None:
        self._use_cases = use_cases

    @property
    def commands(self) -> Mapping[str, Ask]:
        """By the name of the command."""
        return {
            "heat": self.heat,
            "breakers": self.breakers,
            "config": self.configuration,
        }

    async def heat(self, _arguments: str | None) -> Answer:
        """What is at risk right now."""
        return Answer(text=render_heat(await self._use_cases.read_heat()))

    async def configuration(self, _arguments: str | None) -> Answer:
        """Which parameters are in force, and where they come from."""
        return Answer(text=render_configuration(await self._use_cases.read_configuration()))

    async def breakers(self, arguments: str | None) -> Answer:
        """What stands in the way of trades, and whether it was right to."""
        lookback = parse_lookback(arguments, default=_MONTH)
        if lookback is None:
            return Answer(text=period_usage("breakers"))
        report = await self._use_cases.read_breakers()
        verdicts = await self._use_cases.judge_rules(lookback.days)
        return Answer(text=render_breakers(report, verdicts, lookback.days))
