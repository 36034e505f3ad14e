"""Live accounts: each trader his own, a restart, a second bot, and a database that goes away."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import URL, make_url

from domain.orders import OrderState
from domain.positions import CloseReason, PositionState
from exchanges.simulator import USUAL_ACCOUNT, Fault, FaultKind, SimulatedAccount
from tests.e2e.door import Door
from tests.e2e.execution import Floor, Trader, open_floor
from tests.e2e.line import Line
from tests.e2e.waiting import until_seen
from tests.servers.databases import MigratedDatabases

pytestmark = pytest.mark.timeout(240)

TRADERS = range(70, 80)
ANN, BEN, CARL, EVE, DORA, FINN = TRADERS[:6]

ANNS = SimulatedAccount(name="ann", api_key="anns-own-key", secret="anns-own-secret")
DORAS = SimulatedAccount(name="dora", api_key="doras-own-key", secret="doras-own-secret")
GREEDY = SimulatedAccount(
    name="greedy",
    api_key="greedy-key",
    secret="greedy-secret",
    can_withdraw=True,
)
OPERATORS_KEY = {"api_key": USUAL_ACCOUNT.api_key, "api_secret": USUAL_ACCOUNT.secret}


@pytest.fixture(scope="module")
async def database(databases: MigratedDatabases) -> URL:
    """A PostgreSQL database."""
    return make_url(await databases.blank("postgresql"))


@pytest.fixture(scope="module")
async def door(database: URL) -> AsyncIterator[Door]:
    """The bot's way to the database; tests do not go through it."""
    async with Door() as opened:
        await opened.open(socket_of(database))
        yield opened


@pytest.fixture(scope="module")
async def floor(database: URL, door: Door) -> AsyncIterator[Floor]:
    """Live trading, with three accounts at the venue."""
    through_door = f"postgresql://postgres@{door.address}/{database.database}"
    async with open_floor(
        database.render_as_string(hide_password=False),
        traders=TRADERS,
        window_seconds=3600.0,
        accounts=(USUAL_ACCOUNT, ANNS, DORAS, GREEDY),
        sections={
            "trading": {
                "live": True,
                "override": "the money is simulated",
                "master_keys": (Fernet.generate_key().decode(),),
            },
            "exchange": OPERATORS_KEY,
            "storage": {"database_url": through_door},
        },
    ) as opened:
        await opened.command("/mode live", "LIVE")
        yield opened


async def test_a_key_that_may_withdraw_is_refused_and_kept_nowhere(floor: Floor) -> None:
    eve = await floor.hire(EVE)
    message = await eve.user.send(f"/connect {GREEDY.api_key} {GREEDY.secret}")
    await eve.told("I have deleted your message with the key")
    await eve.told("Not done", "this key may withdraw")
    assert message.is_deleted
    assert await stored_key(floor, EVE) is None
    assert GREEDY.secret not in " ".join(post.text for post in eve.user.chat.posts)


async def test_of_one_signal_each_trader_gets_a_position_in_his_own_account(floor: Floor) -> None:
    ann, ben = await floor.hire(ANN), await floor.hire(BEN)
    message = await ann.user.send(f"/connect {ANNS.api_key} {ANNS.secret}")
    await ann.told("Your account is connected", "10\u202f000.00 USDT")
    assert message.is_deleted
    sealed = await stored_key(floor, ANN)
    assert sealed is not None
    assert ANNS.api_key.encode() not in sealed
    signal = await floor.fresh_signal(alone=True)
    anns, bens = await ann.confirmed(signal), await ben.confirmed(signal)
    assert "connected account" in anns.text
    assert "operator's account" in bens.text
    symbol = signal.instrument.symbol
    for trader, account in ((ann, ANNS.name), (ben, USUAL_ACCOUNT.name)):
        books, venue = await trader.books(), floor.line.venue.books(account)
        [held] = venue.positions(symbol)
        assert held.quantity == books.intent.quantity
        [stop] = venue.open_conditionals(symbol)
        assert stop.ticket.quantity == held.quantity
        await trader.says("/positions", "1 open")
    await close(ann, signal.instrument.base)
    assert floor.line.venue.books(ANNS.name).positions() == []
    assert floor.line.venue.books(USUAL_ACCOUNT.name).positions(symbol)
    await close(ben, signal.instrument.base)


async def test_a_key_that_another_trader_has_connected_is_refused(floor: Floor) -> None:
    finn = await floor.hire(FINN)
    await finn.says(f"/connect {ANNS.api_key} {ANNS.secret}", "Not done", "in use here already")
    assert await stored_key(floor, FINN) is None


async def test_disconnect_waits_for_the_last_position_and_then_erases_the_key(
    floor: Floor,
) -> None:
    dora = await floor.hire(DORA)
    await dora.says(f"/connect {DORAS.api_key} {DORAS.secret}", "Your account is connected")
    signal = await floor.fresh_signal(alone=True)
    await dora.confirmed(signal)
    await dora.says("/disconnect", "Still connected", signal.instrument.base)
    await close(dora, signal.instrument.base)
    await dora.says("/disconnect", "Disconnected", "erased")
    assert await stored_key(floor, DORA) is None


async def test_a_restart_goes_on_and_a_second_bot_on_the_account_is_halted(
    floor: Floor, databases: MigratedDatabases
) -> None:
    carl = await floor.hire(CARL)
    signal = await floor.fresh_signal(alone=True)
    card = await carl.confirmed(signal)
    venue = floor.line.venue
    at_venue = [order.number for order in venue.books().open_orders()]
    stops = [order.number for order in venue.books().open_conditionals()]
    await floor.stop()

    second = elsewhere(floor.line, await databases.blank("sqlite"))
    known = len(floor.line.operator.chat.posts)
    await floor.start(second)
    operator = Trader(user=floor.line.operator, floor=floor)
    alert = await operator.told_after(known, "another Quorum")
    assert "Nothing new is executed" in alert.text
    await operator.told_after(known, "that Quorum did not open", signal.instrument.symbol)
    assert "another Quorum" in (floor.bot.trading.desk.halted_account("operator") or "")
    await floor.stop()
    assert [order.number for order in venue.books().open_orders()] == at_venue
    assert [order.number for order in venue.books().open_conditionals()] == stops

    venue.books().cancel_all_conditionals(signal.instrument.symbol, venue.clock.now_ms())
    await restart_without_a_market(floor)
    [stop] = venue.books().open_conditionals()
    assert stop.ticket.quantity == (await carl.books()).intent.quantity
    await carl.says("/positions", signal.instrument.base, "✅ stop")
    assert floor.bot.trading.desk.halted_account("operator") is None
    assert [order.number for order in venue.books().open_orders()] == at_venue
    beyond = signal.plan.stop + signal.plan.direction.sign * -signal.plan.stop_distance / 10
    await floor.put_price(signal, beyond)
    await carl.shows(card, "CLOSED", "stop hit")
    await carl.told("CLOSED", "stop hit")
    assert venue.books().open_orders() == []
    assert venue.books().open_conditionals() == []


@pytest.mark.soak
async def test_close_all_works_while_the_database_is_away_and_the_books_follow(
    floor: Floor, door: Door, database: URL
) -> None:
    operator = Trader(user=floor.line.operator, floor=floor)
    signal = await floor.fresh_signal(alone=True)
    card = await operator.confirmed(signal)
    await door.shut()
    await operator.says("/close_all", "Closed straight on the exchange", signal.instrument.base)
    venue = floor.line.venue.books()
    assert venue.positions() == []
    await door.open(socket_of(database))
    await operator.shows(card, "CLOSED")
    books = await operator.books()
    assert books.position.state is PositionState.CLOSED
    assert books.position.close_reason is CloseReason.CLOSE_ALL
    await until_seen(
        lambda: not (venue.open_orders() or venue.open_conditionals()), "orders are left"
    )


async def close(trader: Trader, base: str) -> None:
    """Close a position, and see that the venue has nothing left of it."""
    await trader.says(f"/close {base}", "Closing at market")
    books = await trader.reaches(
        lambda found: found.position.state is PositionState.CLOSED, f"{base} is not closed"
    )
    assert books.position.close_reason is CloseReason.BY_TRADER
    assert OrderState.RESTING not in {order.state for order in books.orders}


async def restart_without_a_market(floor: Floor) -> None:
    """Start while the venue tells no tickers: what is held gets its stop back all the same."""
    venue = floor.line.venue
    venue.faults.inject(
        Fault(kind=FaultKind.REST_STATUS, match="/fapi/v1/ticker", status=503, seconds=3600)
    )
    starting = asyncio.create_task(floor.start())
    await until_seen(venue.books().open_conditionals, "the stop is not put back")
    assert not starting.done()
    venue.faults.clear()
    await starting


async def stored_key(floor: Floor, user_id: int) -> bytes | None:
    """What is kept of a trader's key."""
    async with floor.line.storage() as unit:
        key = await unit.accounts.find_key(user_id)
    return None if key is None else key.sealed


def socket_of(database: URL) -> str:
    """The path of the socket at which the database's server listens."""
    return f"{database.query['host']}/.s.PGSQL.5432"


def elsewhere(line: Line, database_url: str) -> Line:
    """The same line with another database, as somebody sets it up who forgot the first bot."""
    overrides = {"database_url": database_url}
    settings = line.settings
    storage = settings.storage.model_validate({**overrides, "redis_url": None})
    return replace(line, settings=settings.model_copy(update={"storage": storage}))
