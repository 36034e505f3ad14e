"""Rooms for the integration tests of the bot."""

from collections.abc import AsyncIterator

import pytest

from tests.integration.bot.telegram_room import Room, open_room


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    """A room whose operator is in the users table."""
    async with open_room() as opened:
        await opened.make_admin()
        yield opened
