"""Advice of the portfolio watch: short, plainly advice, and the same for a long and a short."""

from collections.abc import Mapping
from typing import Final

from bot.presenters.figures import price
from bot.presenters.markup import bold, code
from bot.presenters.page import Line, fit
from bot.presenters.wording import reference, sentence, title
from domain.advice import Advice, AdvisedAction, WatchWarning
from domain.directions import Direction
from domain.signals import FollowedSignal

_AGAINST: Final[Mapping[WatchWarning, Mapping[Direction, str]]] = {
    WatchWarning.TURN: {
        Direction.LONG: "The pair turns down against this long.",
        Direction.SHORT: "The pair turns up against this short.",
    },
    WatchWarning.LEADER: {
        Direction.LONG: "The market leader moves against this long.",
        Direction.SHORT: "The market leader moves against this short.",
    },
}
_OF_ALL: Final[Mapping[WatchWarning, str]] = {
    WatchWarning.TURN: "Pairs turn against the open trades.",
    WatchWarning.LEADER: "The market leader moves against the open trades.",
    WatchWarning.HEALTH: "The open trades together are in poor health.",
    WatchWarning.DRAWDOWN: "The day's loss has reached a step of the ladder.",
}
_FOR_ONE: Final[Mapping[AdvisedAction, str]] = {
    AdvisedAction.CLOSE: "The watch would close this one",
    AdvisedAction.TIGHTEN: "The watch would tighten this stop",
    AdvisedAction.NO_NEW_TRADES: "The watch would add nothing to this one",
}
_FOR_ALL: Final[Mapping[AdvisedAction, str]] = {
    AdvisedAction.CLOSE: "The watch would close all open trades",
    AdvisedAction.TIGHTEN: "The watch would tighten all stops",
    AdvisedAction.NO_NEW_TRADES: "The watch would open nothing new for now",
}
_MOST_REASONS: Final = 4


def render_advice(advice: Advice, followed: FollowedSignal | None) -> str:
    """What the watch would do and why, and that the signal itself is not touched by it."""
    return fit(
        [
            *_headlines(advice, followed),
            *(
                Line(f"   • {sentence(reason)}", spare=1)
                for reason in advice.reasons[:_MOST_REASONS]
            ),
            Line(_caveat(followed)),
        ]
    )


def _headlines(advice: Advice, followed: FollowedSignal | None) -> list[Line]:
    if followed is None:
        headline = bold(_FOR_ALL[advice.action])
        return [Line(f"📣 {headline}."), Line(_OF_ALL[advice.warning])]
    subject = f"{title(followed.signal)} {reference(followed)}"
    return [
        Line(f"📣 {bold(_FOR_ONE[advice.action])}{_stop(advice, followed)}: {subject}"),
        Line(_about_one(advice.warning, followed.signal.plan.direction)),
    ]


def _about_one(warning: WatchWarning, direction: Direction) -> str:
    return _AGAINST[warning][direction] if warning in _AGAINST else _OF_ALL[warning]


def _stop(advice: Advice, followed: FollowedSignal) -> str:
    if advice.stop is None:
        return ""
    return f" to {code(price(advice.stop, followed.signal.instrument))}"


def _caveat(followed: FollowedSignal | None) -> str:
    if followed is None:
        return "Advice only: live signals run on by their rules."
    return "Advice only: the signal itself runs on by its rules."
