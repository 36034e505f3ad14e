"""Roles follow the settings: given at the start, taken away from whoever is not named any more."""

from datetime import UTC, datetime

from pydantic import SecretStr

from app.roles import grant_roles
from app.settings.sections import TelegramSettings
from bot.terminal_operator import TERMINAL_OPERATOR_ID
from domain.access import Role
from tests.fakes.storage import InMemoryStorage

AT = datetime(2026, 1, 5, 14, tzinfo=UTC)
TOKEN = SecretStr("123456789:AAF-abcdefghijklmnopqrstuvwxyz01234")


async def granted(
    storage: InMemoryStorage, *, admins: tuple[int, ...] = (), traders: tuple[int, ...] = ()
) -> list[int]:
    """The admins after a start in Telegram with these settings."""
    settings = TelegramSettings(bot_token=TOKEN, admin_ids=admins, trader_ids=traders)
    return await granted_by(storage, settings)


async def granted_by(storage: InMemoryStorage, settings: TelegramSettings) -> list[int]:
    async with storage() as unit:
        found = await grant_roles(unit, settings, AT)
        await unit.commit()
    return found


async def role_of(storage: InMemoryStorage, user_id: int) -> Role:
    async with storage() as unit:
        return await unit.users.role_of(user_id)


async def test_admins_and_traders_of_the_settings_have_their_roles() -> None:
    storage = InMemoryStorage()
    assert await granted(storage, admins=(1,), traders=(7,)) == [1]
    assert await role_of(storage, 1) is Role.ADMIN
    assert await role_of(storage, 7) is Role.TRADER
    assert await role_of(storage, 8) is Role.GUEST


async def test_whoever_is_both_is_an_admin() -> None:
    storage = InMemoryStorage()
    await granted(storage, admins=(1,), traders=(1, 7))
    assert await role_of(storage, 1) is Role.ADMIN


async def test_whoever_is_not_named_any_more_loses_his_role() -> None:
    storage = InMemoryStorage()
    await granted(storage, admins=(1, 2), traders=(7, 8))
    assert await granted(storage, admins=(1,), traders=(8,)) == [1]
    assert [await role_of(storage, user) for user in (1, 2, 7, 8)] == [
        Role.ADMIN,
        Role.GUEST,
        Role.GUEST,
        Role.TRADER,
    ]


async def test_an_admin_who_has_become_a_trader_gives_no_orders_any_more() -> None:
    storage = InMemoryStorage()
    await granted(storage, admins=(1, 2))
    assert await granted(storage, admins=(1,), traders=(2,)) == [1]
    assert await role_of(storage, 2) is Role.TRADER


async def test_without_telegram_whoever_sits_at_the_terminal_is_admin() -> None:
    storage = InMemoryStorage()
    assert await granted_by(storage, TelegramSettings()) == [TERMINAL_OPERATOR_ID]
    assert await granted(storage, admins=(1,)) == [1]
    assert await role_of(storage, TERMINAL_OPERATOR_ID) is Role.GUEST


async def test_a_paired_admin_stays_one() -> None:
    storage = InMemoryStorage()
    async with storage() as unit:
        await unit.users.grant(5, Role.ADMIN, at=AT, how="pairing code")
        await unit.commit()
    assert await granted(storage, admins=()) == [5]
