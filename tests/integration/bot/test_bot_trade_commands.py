"""Commands about trades over real sockets: whose, where, and while the database is away."""

from decimal import Decimal

import pytest

from bot.presenters.closing_report import CLOSE_USAGE
from bot.presenters.connecting import DISCONNECTED, LIMITS_USAGE, NOT_CONNECTED
from bot.presenters.conversation import ADMIN_ONLY, STORAGE_AWAY, TRADER_COMMANDS
from bot.presenters.trade_conversation import TRADE_IN_PRIVATE, TRADERS_ONLY
from bot.presenters.trading_mode import MODE_USAGE
from domain.accounts import ExecutionMode
from domain.errors import StorageUnavailableError
from domain.plans import Denied
from engine.execution.requests import Closing
from tests.builders.trade_cards import TRADER
from tests.integration.bot.talking import ask, started
from tests.integration.bot.telegram_room import ADMIN, STRANGER, Room
from tests.telegram_server import SimulatedUser


@pytest.fixture
async def tom(room: Room) -> SimulatedUser:
    """A trader who has started the bot."""
    await room.make_trader()
    user = room.server.user(TRADER, "Tom")
    await user.send("/start")
    return user


async def test_trader_sees_and_closes_what_is_his_own(room: Room, tom: SimulatedUser) -> None:
    async with room.answering():
        assert "LONG BTC/USDT" in await ask(tom, "/positions")
        assert "Closing at market: BTCUSDT" in await ask(tom, "/close btc")
        assert "Your trades" in await ask(tom, "/close_all")
        assert "Called off: ETHUSDT" in await ask(tom, "/cancel")
        assert await ask(tom, "/close") == CLOSE_USAGE
    assert room.trading.asked("list_positions") == [(TRADER,)]
    assert room.trading.asked("close_positions") == [
        (TRADER, "BTCUSDT", False),
        (TRADER, None, False),
    ]
    assert room.trading.asked("cancel_entries") == [(TRADER,)]


async def test_operator_closes_everything_and_is_told_so(room: Room) -> None:
    async with room.answering():
        ann = await started(room, ADMIN)
        assert "Everything, on all accounts" in await ask(ann, "/close_all")
        await ask(ann, "/positions")
        await ask(ann, "/close BTC/USDT")
    assert room.trading.asked("close_positions") == [
        (ADMIN, None, True),
        (ADMIN, "BTCUSDT", False),
    ]
    assert room.trading.asked("list_positions") == [(None,)]


async def test_close_all_works_while_the_database_is_away(room: Room, tom: SimulatedUser) -> None:
    ann = room.server.user(ADMIN, "Ann")
    await ann.send("/start")
    room.trading.closing = Closing(failures=("ETHUSDT: the exchange did not answer",))
    async with room.answering():
        room.storage_failure = StorageUnavailableError("the database does not answer")
        assert "the exchange did not answer" in await ask(ann, "/close_all")
        assert "Your trades" in await ask(tom, "/close_all")
    assert room.trading.asked("close_positions") == [(ADMIN, None, True), (TRADER, None, False)]


async def test_use_case_without_its_database_says_so(room: Room, tom: SimulatedUser) -> None:
    room.trading.failure = StorageUnavailableError("the database does not answer")
    async with room.answering():
        assert await ask(tom, "/positions") == STORAGE_AWAY


async def test_trader_sets_his_limits(room: Room, tom: SimulatedUser) -> None:
    async with room.answering():
        assert "50% of the operator's risk" in await ask(tom, "/limits 50 3")
        assert "as many positions as the operator" in await ask(tom, "/limits 12.5%")
        assert await ask(tom, "/limits 200") == LIMITS_USAGE
    assert room.trading.asked("set_limits") == [
        (TRADER, Decimal("0.5"), 3),
        (TRADER, Decimal("0.125"), None),
    ]


async def test_limits_beyond_the_operators_or_without_an_account_are_explained(
    room: Room, tom: SimulatedUser
) -> None:
    async with room.answering():
        assert "allowed is 1 to 5" in await ask(tom, "/limits 50 9")
        room.trading.connection = Denied(denials=())
        assert await ask(tom, "/limits 50") == NOT_CONNECTED


async def test_disconnect_waits_for_open_positions(room: Room, tom: SimulatedUser) -> None:
    room.trading.holds_positions = True
    async with room.answering():
        assert "close them first" in await ask(tom, "/disconnect")


async def test_disconnect_tells_whether_there_was_a_key(room: Room, tom: SimulatedUser) -> None:
    async with room.answering():
        assert await ask(tom, "/disconnect") == DISCONNECTED
        assert await ask(tom, "/disconnect") == NOT_CONNECTED


async def test_trader_who_lost_his_role_may_still_have_his_key_erased(
    room: Room, tom: SimulatedUser
) -> None:
    async with room.storage() as unit:
        await unit.users.keep_only("settings", [])
        await unit.commit()
    async with room.answering():
        assert await ask(tom, "/positions") == TRADERS_ONLY
        assert await ask(tom, "/disconnect") == DISCONNECTED
        assert await ask(tom, "/disconnect") == TRADERS_ONLY


@pytest.mark.parametrize("command", sorted(TRADER_COMMANDS.keys() - {"disconnect"}))
async def test_stranger_is_refused_each_command_about_trades(room: Room, command: str) -> None:
    async with room.answering():
        bob = await started(room, STRANGER)
        assert await ask(bob, f"/{command}") == TRADERS_ONLY
    assert room.trading.calls == []


async def test_commands_about_trades_work_in_private_only(room: Room, tom: SimulatedUser) -> None:
    group = room.server.group(-1002, "Friends")
    async with room.answering():
        for command in ("/close_all", "/positions"):
            await tom.send(command, chat=group)
            await group.wait(lambda posts: any(TRADE_IN_PRIVATE in post.text for post in posts))
        await tom.send("/help", chat=group)
        await group.wait(lambda posts: any("Traders" in post.text for post in posts))
    assert room.trading.calls == []


async def test_operator_reads_and_changes_the_mode(room: Room) -> None:
    async with room.answering():
        ann = await started(room, ADMIN)
        assert "PAPER" in await ask(ann, "/mode")
        assert "OFF" in await ask(ann, "/mode off")
        refused = await ask(ann, "/mode live")
        assert "LIVE_TRADING is off in the settings" in refused
        assert await ask(ann, "/mode real") == MODE_USAGE
    assert room.trading.asked("set_mode") == [
        (ExecutionMode.OFF, str(ADMIN)),
        (ExecutionMode.LIVE, str(ADMIN)),
    ]


async def test_trader_does_not_change_the_mode(room: Room, tom: SimulatedUser) -> None:
    async with room.answering():
        assert await ask(tom, "/mode live") == ADMIN_ONLY
    assert room.trading.calls == []


async def test_each_role_has_its_own_list_of_commands(room: Room, tom: SimulatedUser) -> None:
    ann, bob = room.server.user(ADMIN, "Ann"), room.server.user(STRANGER, "Bob")
    await ann.send("/start")
    async with room.answering():
        assert "/positions" in await ask(tom, "/help")
        assert "/mode" not in await ask(tom, "/help")
    of_tom, of_ann = room.server.commands_of(tom), room.server.commands_of(ann)
    assert {"positions", "connect", "stats"} <= set(of_tom)
    assert {"mode", "close_all", "pause"} <= set(of_ann)
    assert "mode" not in of_tom
    assert "positions" not in room.server.commands_of(bob)


async def test_trader_who_starts_the_bot_late_gets_his_list_then(room: Room) -> None:
    await room.make_trader()
    async with room.answering():
        late = await started(room, TRADER)
    assert "positions" in room.server.commands_of(late)
