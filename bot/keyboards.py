"""Buttons as Telegram carries them: the action and an id, never a price or a state."""

from collections.abc import Sequence
from typing import Final

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from domain.messages import Action, Button

PREFIX: Final = "q1"
"""Version of the data in buttons; buttons of another version count as stale."""


class Press(CallbackData, prefix=PREFIX):
    """What a press brings back. Anybody can forge it: look up the subject, check the presser."""

    action: Action
    subject: int


def to_keyboard(buttons: Sequence[Button]) -> InlineKeyboardMarkup | None:
    """All buttons in one row; None without buttons."""
    if not buttons:
        return None
    row = [
        InlineKeyboardButton(
            text=button.label,
            callback_data=Press(action=button.action, subject=button.subject).pack(),
        )
        for button in buttons
    ]
    return InlineKeyboardMarkup(inline_keyboard=[row])
