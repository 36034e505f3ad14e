"""Buttons as Telegram carries them: the action and an id, never a price or a state."""

from collections.abc import Sequence
from typing import Annotated, Final

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from pydantic import Field

from domain.messages import Action, Button

PREFIX: Final = "q1"
"""Version of the data in buttons; buttons of another version count as stale."""


_HIGHEST_ID: Final = 2**31 - 1
"""No id of ours is higher; a database may choke on a number that is."""


class Press(CallbackData, prefix=PREFIX):
    """What a press brings back. Anybody can forge it: look up the subject, check the presser."""

    action: Action
    subject: Annotated[int, Field(ge=1, le=_HIGHEST_ID)]


_SIZES: Final = frozenset({Action.HALF, Action.FULL, Action.CUSTOM})
"""Buttons that stand in a row of their own, below those that decide."""


def to_keyboard(buttons: Sequence[Button]) -> InlineKeyboardMarkup | None:
    """All buttons in one row, those that choose a size in a second; None without buttons."""
    decisions = [_key(button) for button in buttons if button.action not in _SIZES]
    sizes = [_key(button) for button in buttons if button.action in _SIZES]
    rows = [row for row in (decisions, sizes) if row]
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def _key(button: Button) -> InlineKeyboardButton:
    press = Press(action=button.action, subject=button.subject)
    return InlineKeyboardButton(text=button.label, callback_data=press.pack())
