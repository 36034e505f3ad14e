"""Rooms for the integration tests of the bot."""

from collections.abc import AsyncIterator

import pytest

from tests.integration.bot.telegram_room import Room, open_room


@pytest.fixture
async def room_without_admin() -> AsyncIterator[Room]:
    """A room on its first start."""
    async with open_room() as opened:
        yield opened


@pytest.fixture
async def room(room_without_admin: Room) -> Room:
    """A room whose operator is in the users table."""
    await room_without_admin.make_admin()
    return room_without_admin
