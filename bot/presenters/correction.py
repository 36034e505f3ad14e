"""The reply to a post whose outcome was stated wrongly: what it was, what it is, and why."""

from dataclasses import replace

from bot.presenters.markup import bold
from bot.presenters.page import Line, fit
from bot.presenters.status_header import status_line
from bot.presenters.wording import reference, sentence, title
from domain.signals import Course, FollowedSignal


def render_correction(followed: FollowedSignal, before: Course, after: Course, reason: str) -> str:
    """The restated outcome first; `before` and `after` are both final."""
    subject = f"{title(followed.signal)} {reference(followed)}"
    return fit(
        [
            Line(bold(subject)),
            Line(f"✏️ {bold('CORRECTED')}: {_outcome(followed, after)}"),
            Line(f"Was: {_outcome(followed, before)}"),
            Line(f"Why: {sentence(reason)}"),
            Line("Both stand in the record; the newer one counts."),
        ]
    )


def _outcome(followed: FollowedSignal, course: Course) -> str:
    return status_line(replace(followed, course=course))
