"""The doctor's look at Telegram, against a Bot API server on this machine."""

from typing import Any

import pytest
from aiogram.types import Chat, ChatMemberAdministrator
from pydantic import SecretStr

from app.doctor.check import CheckResult, Status
from app.doctor.telegram import examine_telegram, may_post
from app.settings.sections import TelegramSettings
from tests.telegram_server import CHANNEL_ID, TOKEN, TelegramServer


async def _lines(server: TelegramServer, **changes: Any) -> list[CheckResult]:
    given = {"bot_token": SecretStr(TOKEN), "channel_id": CHANNEL_ID, "api_url": server.base_url}
    settings = TelegramSettings(**(given | changes))
    return [line async for line in examine_telegram(settings)]


async def test_without_a_token_messages_stay_in_the_terminal() -> None:
    (line,) = [line async for line in examine_telegram(TelegramSettings())]

    assert line.status is Status.WARNING
    assert "terminal only" in line.detail


async def test_a_valid_token_and_the_right_to_post_are_ok() -> None:
    async with TelegramServer() as server:
        server.channel()

        lines = await _lines(server)

    assert [line.status for line in lines] == [Status.OK, Status.OK]


async def test_a_refused_token_is_a_failure_that_does_not_show_it() -> None:
    other = "987654321:AAF-abcdefghijklmnopqrstuvwxyz01234"
    async with TelegramServer() as server:
        (line,) = await _lines(server, bot_token=SecretStr(other))

    assert line.status is Status.FAILURE
    assert "refused" in line.detail
    assert other not in f"{line}"


async def test_a_server_that_is_away_is_a_failure() -> None:
    async with TelegramServer() as server:
        (line,) = await _lines(server, api_url="http://127.0.0.1:1")

    assert line.status is Status.FAILURE
    assert "TELEGRAM_API_URL" in line.mend


async def test_no_channel_is_a_warning() -> None:
    async with TelegramServer() as server:
        _, line = await _lines(server, channel_id=None)

    assert line.status is Status.WARNING
    assert "TELEGRAM_CHANNEL_ID" in line.mend


async def test_a_channel_that_the_bot_does_not_see_is_a_failure() -> None:
    async with TelegramServer() as server:
        _, line = await _lines(server, channel_id=-1009999999999)

    assert line.status is Status.FAILURE
    assert "-1009999999999" in line.detail


async def test_a_channel_without_the_right_to_post_is_a_failure() -> None:
    async with TelegramServer() as server:
        server.channel(bot_is_admin=False)

        _, line = await _lines(server)

    assert line.status is Status.FAILURE
    assert "administrator" in line.mend


@pytest.mark.parametrize("right", [True, False, None])
def test_an_administrator_of_a_channel_needs_the_right_to_post(right: bool | None) -> None:
    channel = Chat(id=CHANNEL_ID, type="channel", title="Signals")
    rights = dict.fromkeys(ChatMemberAdministrator.model_fields, False)
    user = {"id": 1, "is_bot": True, "first_name": "Quorum"}
    member = ChatMemberAdministrator.model_validate(
        rights
        | {"user": user, "status": "administrator", "custom_title": None}
        | {"can_post_messages": right}
    )

    assert may_post(channel, member) is bool(right)


@pytest.mark.parametrize("bot_is_admin", [True, False])
async def test_in_a_group_every_member_may_post(bot_is_admin: bool) -> None:
    async with TelegramServer() as server:
        server.group(-1005, "Traders", bot_is_admin=bot_is_admin)

        _, line = await _lines(server, channel_id=-1005)

    assert line.status is Status.OK


async def test_an_administrator_who_never_pressed_start_is_a_warning() -> None:
    async with TelegramServer() as server:
        server.channel()
        await server.user(11, "Ann").send("/start")

        *_, line = await _lines(server, admin_ids=(11, 12))

    assert line.status is Status.WARNING
    assert "12" in line.detail
    assert "11" not in line.detail
