"""The answer to a press on *why*: plain text, seen by the presser only, at most 200 characters."""

from bot.presenters.figures import score
from bot.presenters.markup import POPUP_LIMIT, clean, utf16_length
from bot.presenters.reasons import spoken_summary, top_reasons
from bot.presenters.wording import side
from domain.signals import FollowedSignal

_PAIR_UNITS = 24
_REASON_UNITS = 70


def popup_summary(followed: FollowedSignal) -> str:
    """Direction, pair and score, then as many of the top reasons as fit whole."""
    signal = followed.signal
    decision, direction = signal.decision, signal.plan.direction
    pair = clean(signal.instrument.pair, _PAIR_UNITS)
    text = f"{side(direction)} {pair} {score(decision.score)}/100 · {spoken_summary(decision)}"
    for reason in top_reasons(decision, direction):
        longer = f"{text}\n+ {clean(reason, _REASON_UNITS)}"
        if utf16_length(longer) <= POPUP_LIMIT:
            text = longer
    return text
