"""Buttons in rows that a thumb can hit."""

from bot.keyboards import Press, to_keyboard
from domain.messages import Action, Button


def labels(*actions: Action) -> list[list[str]]:
    buttons = [Button(label=action.value, action=action, subject=3) for action in actions]
    keyboard = to_keyboard(buttons)
    assert keyboard is not None
    return [[button.text for button in row] for row in keyboard.inline_keyboard]


def test_three_buttons_of_a_post_share_a_row() -> None:
    assert labels(Action.EXECUTE, Action.WHY, Action.CHART) == [["execute", "why", "chart"]]


def test_offer_has_its_sizes_in_a_second_row() -> None:
    asked = (Action.CONFIRM, Action.HALF, Action.FULL, Action.CUSTOM, Action.DECLINE)
    assert labels(*asked) == [["confirm", "decline"], ["half", "full", "custom"]]


def test_no_buttons_are_no_keyboard() -> None:
    assert to_keyboard([]) is None


def test_data_of_any_action_and_subject_fits_into_64_bytes() -> None:
    for action in Action:
        assert len(Press(action=action, subject=999_999_999).pack().encode()) <= 64
