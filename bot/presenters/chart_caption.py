"""The few lines under a chart picture."""

from bot.presenters.figures import price
from bot.presenters.markup import CAPTION_LIMIT, bold, code
from bot.presenters.page import Line, fit
from bot.presenters.setup import stop_in_force
from bot.presenters.status_header import status_line
from bot.presenters.wording import reference, title
from domain.signals import FollowedSignal


def chart_caption(followed: FollowedSignal) -> str:
    """Title, status, entry, stop and targets as HTML, at most 1024 visible UTF-16 units."""
    signal = followed.signal
    targets = " · ".join(code(price(t.price, signal.instrument)) for t in signal.plan.targets)
    return fit(
        [
            Line(f"{bold(title(signal))} {reference(followed)}"),
            Line(status_line(followed)),
            Line(
                f"Entry {code(price(signal.plan.entry, signal.instrument))}"
                f" · stop {stop_in_force(followed)}"
            ),
            Line(f"Targets {targets}"),
        ],
        CAPTION_LIMIT,
    )
