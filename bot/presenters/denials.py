"""Why something was refused: as a list in a message, and as the pop-up under a pressed button."""

from bot.presenters.markup import POPUP_LIMIT, bold, clip, render_plain
from bot.presenters.page import Line, fit
from bot.presenters.trade_wording import explained
from bot.presenters.wording import reference
from domain.plans import Denied
from domain.signals import FollowedSignal


def render_denied(denied: Denied) -> str:
    """Every reason, one a line."""
    reasons = [Line(f"   • {explained(each.text)}", spare=1) for each in denied.denials]
    return fit([Line(f"⛔ {bold('Not done')}, nothing was sent:"), *reasons])


def render_not_executed(followed: FollowedSignal, denied: Denied) -> str:
    """Why a signal was not executed for somebody who lets all of them be executed."""
    reasons = [Line(f"   • {explained(each.text)}", spare=1) for each in denied.denials]
    return fit([Line(f"⏭️ {bold(reference(followed))} was not executed:"), *reasons])


def as_popup(markup: str) -> str:
    """HTML as the plain text of a pop-up, at most 200 characters."""
    return clip(render_plain(markup), POPUP_LIMIT)
