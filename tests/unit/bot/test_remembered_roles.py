"""Roles while the database is away: what was known stays, nobody gains anything."""

import pytest

from bot.remembered_roles import RememberedRoles
from domain.access import Role
from domain.errors import StorageUnavailableError

ANN, BOB = 4711, 1001


class Users:
    """The table of users, which may be away."""

    def __init__(self) -> None:
        self.roles = {ANN: Role.ADMIN}
        self.is_away = False

    async def role_of(self, user_id: int) -> Role:
        if self.is_away:
            raise StorageUnavailableError("the database does not answer")
        return self.roles.get(user_id, Role.GUEST)


@pytest.fixture
def users() -> Users:
    return Users()


@pytest.fixture
def roles(users: Users) -> RememberedRoles:
    return RememberedRoles(users.role_of)


async def test_known_role_holds_while_the_database_is_away(
    users: Users, roles: RememberedRoles
) -> None:
    assert await roles(ANN) is Role.ADMIN
    users.is_away = True
    assert await roles(ANN) is Role.ADMIN


async def test_stranger_is_a_guest_while_the_database_is_away(
    users: Users, roles: RememberedRoles
) -> None:
    users.is_away = True
    assert await roles(BOB) is Role.GUEST


async def test_who_was_named_at_the_start_needs_not_have_written_before(
    users: Users, roles: RememberedRoles
) -> None:
    users.is_away = True
    roles.remember([BOB], Role.TRADER)
    assert await roles(BOB) is Role.TRADER


async def test_role_that_was_taken_away_is_not_remembered(
    users: Users, roles: RememberedRoles
) -> None:
    assert await roles(ANN) is Role.ADMIN
    users.roles.clear()
    assert await roles(ANN) is Role.GUEST
    users.is_away = True
    assert await roles(ANN) is Role.GUEST


async def test_newest_role_counts(users: Users, roles: RememberedRoles) -> None:
    roles.remember([ANN], Role.TRADER)
    assert await roles(ANN) is Role.ADMIN
    users.is_away = True
    assert await roles(ANN) is Role.ADMIN
