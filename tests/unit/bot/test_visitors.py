"""Rights belong to a person under his own id, in private."""

import pytest
from aiogram.enums import ChatType
from aiogram.types import Chat, User

from bot.visitors import Visitor, is_private, speaks_as_himself
from domain.access import Role

PERSON = User(id=4711, is_bot=False, first_name="Ann")
ANONYMOUS = User(id=1087968824, is_bot=True, first_name="Group")
GROUP = Chat(id=-100, type=ChatType.SUPERGROUP)


@pytest.mark.parametrize(
    ("user", "sender_chat", "is_person"),
    [(PERSON, None, True), (PERSON, GROUP, False), (ANONYMOUS, None, False), (None, None, False)],
)
def test_only_a_person_without_a_chat_in_front_speaks_as_himself(
    user: User | None, sender_chat: Chat | None, is_person: bool
) -> None:
    assert speaks_as_himself(user, sender_chat) is is_person


@pytest.mark.parametrize(
    ("role", "is_person", "in_private", "is_operator"),
    [
        (Role.ADMIN, True, True, True),
        (Role.ADMIN, True, False, False),
        (Role.ADMIN, False, True, False),
        (Role.GUEST, True, True, False),
    ],
)
def test_operator_is_an_admin_as_himself_in_private(
    role: Role, is_person: bool, in_private: bool, is_operator: bool
) -> None:
    visitor = Visitor(user_id=1, role=role, is_person=is_person, is_private=in_private)
    assert visitor.is_operator is is_operator


@pytest.mark.parametrize(
    ("role", "is_person", "in_private", "may_press", "may_command"),
    [
        (Role.TRADER, True, True, True, True),
        (Role.ADMIN, True, True, True, True),
        (Role.TRADER, True, False, True, False),
        (Role.TRADER, False, True, False, False),
        (Role.GUEST, True, True, False, False),
    ],
)
def test_trader_presses_anywhere_and_commands_in_private(
    role: Role, is_person: bool, in_private: bool, may_press: bool, may_command: bool
) -> None:
    visitor = Visitor(user_id=1, role=role, is_person=is_person, is_private=in_private)
    assert visitor.is_trader is may_press
    assert visitor.may_trade_here is may_command


def test_channels_and_groups_are_not_private() -> None:
    assert is_private(Chat(id=1, type=ChatType.PRIVATE))
    assert not is_private(GROUP)
    assert not is_private(None)
