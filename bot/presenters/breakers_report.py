"""The answer to /breakers: what stands in the way now, what tripped, and whether it was right."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from bot.presenters.figures import clock_time, count, instant, signed_r
from bot.presenters.heat import day_lines
from bot.presenters.markup import bold, cell, italic, preformatted, quote
from bot.presenters.page import Line, blank, fit
from bot.presenters.rates import counted, mark_lines
from bot.presenters.wording import lookback, rule_words, sentence
from domain.breakers import Effect, Standing
from engine.ports.storage import BreakerEvent
from engine.reports import BreakersReport
from engine.statistics.values import RuleVerdict

_SYMBOL_UNITS: Final = 32
_NEWEST_SHOWN: Final = 10
_MOST_RULES: Final = 20
_RULE_WIDTH: Final = 15
_HEAD: Final = f"{'rule':{_RULE_WIDTH}}{'n':>4} {'alone':>5} {'won':>4} {'total':>8}"

_SIGNS: Final[Mapping[Effect, str]] = {
    Effect.NOTIFY: "🔔",
    Effect.SHRINK: "🔽",
    Effect.RAISE_BAR: "🪜",
    Effect.BLOCK: "⛔",
    Effect.CLOSE_WORST_HALF: "🆘",
    Effect.CLOSE_ALL: "🆘",
}
_DOES: Final[Mapping[Effect, str]] = {
    Effect.NOTIFY: "only tells",
    Effect.SHRINK: "makes sizes smaller",
    Effect.RAISE_BAR: "asks for a higher score",
    Effect.BLOCK: "no new signals",
    Effect.CLOSE_WORST_HALF: "no new signals, the worst half should be closed",
    Effect.CLOSE_ALL: "no new signals, all should be closed",
}


def render_breakers(
    report: BreakersReport, verdicts: Sequence[RuleVerdict], days: int | None
) -> str:
    """What stands first, then what tripped lately, then what rules came to in so many days."""
    return fit(
        [
            Line(f"🚦 {bold('Breakers')} · {instant(report.now)}"),
            *day_lines(report.day),
            blank(),
            *_standing_lines(report),
            *_recent_lines(report.recent),
            *_verdict_lines(verdicts, days),
        ]
    )


def _standing_lines(report: BreakersReport) -> list[Line]:
    standing = [each for each in report.standings if each.effect is not None]
    quiet = [_name(each) for each in report.standings if each.effect is None]
    head = f"{count(len(standing))} in force" if standing else "✅ None is in force"
    return [
        Line(bold(head)),
        *(Line(_standing(each, report.recent)) for each in standing),
        *([Line(f"Quiet: {', '.join(quiet)}", spare=2)] if quiet else []),
    ]


def _standing(standing: Standing, recent: Sequence[BreakerEvent]) -> str:
    if standing.effect is None:
        return ""
    tripped_at = _tripped_at(standing, recent)
    since = f" since {clock_time(tripped_at)}" if tripped_at else ""
    return (
        f"{_SIGNS[standing.effect]} {bold(_name(standing))}: {_DOES[standing.effect]}{since}\n"
        f"   {sentence(standing.text)}\n"
        f"   Release: {sentence(standing.release)}"
    )


def _name(standing: Standing) -> str:
    about = f" {quote(standing.symbol, _SYMBOL_UNITS)}" if standing.symbol else ""
    return f"{rule_words(standing.breaker)}{about}"


def _tripped_at(standing: Standing, recent: Sequence[BreakerEvent]) -> datetime | None:
    subject = (standing.breaker, standing.symbol)
    return next((one.at for one in reversed(recent) if (one.breaker, one.symbol) == subject), None)


def _recent_lines(events: Sequence[BreakerEvent]) -> list[Line]:
    if not events:
        return [blank(), Line("None tripped lately.")]
    newest = events[: -_NEWEST_SHOWN - 1 : -1]
    more = len(events) - len(newest)
    return [
        blank(),
        Line(bold("Tripped lately")),
        *(
            Line(f"{event.at:%d %b} {clock_time(event.at)} {_event(event)}", spare=1)
            for event in newest
        ),
        *([Line(italic(f"… and {count(more)} before"))] if more else []),
    ]


def _event(event: BreakerEvent) -> str:
    return f"{rule_words(event.breaker)}: {sentence(event.text)}"


def _verdict_lines(verdicts: Sequence[RuleVerdict], days: int | None) -> list[Line]:
    judged = [verdict for verdict in verdicts if verdict.entered][:_MOST_RULES]
    title = blank(), Line(bold(f"What rules kept away, {lookback(days)}"))
    if not judged:
        return [*title, Line("No trade that a rule stopped has run its course.")]
    return [
        *title,
        Line(preformatted("\n".join([_HEAD, *map(_verdict, judged)]))),
        *mark_lines([verdict.wins for verdict in judged]),
        Line(
            italic(
                "Trades not sent, followed to their end. Below 0: the rule saved so much;"
                " above 0: it cost so much. A trade that several rules stopped counts for each of"
                " them; alone: those that no other stopped."
            )
        ),
    ]


def _verdict(verdict: RuleVerdict) -> str:
    share = f"{verdict.wins.percent or 0.0:.0f}%"
    rule = cell(verdict.rule.replace("_", " ").lower(), _RULE_WIDTH - 1)
    total = signed_r(verdict.total_r)
    return f"{rule} {counted(verdict.wins):>5}{verdict.alone:>5} {share:>4} {total:>8}"
