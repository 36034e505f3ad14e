"""The doctor before the simulated venue: what it finds out about accounts, by asking only."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import pytest_asyncio
from cryptography.fernet import Fernet

from app.brokers import open_live_broker
from app.clock import ExchangeClock
from app.doctor.accounts import examine_accounts
from app.doctor.check import CheckResult, Status
from app.settings import Settings, load_settings
from db.engine import create_database_engine, parse_database_url
from db.key_sealer import FernetKeySealer
from db.migrate import upgrade
from db.unit_of_work import SqlStorage
from domain.accounts import Account, ExecutionMode
from domain.directions import Direction
from domain.orders import OrderKind, OrderRequest, Side
from engine.execution.parameters import StopTrigger
from engine.ports.execution_storage import SealedKey
from engine.ports.keys import ApiKey
from exchanges.simulator import (
    SimulatedAccount,
    SimulatedVenue,
    SimulatorClock,
    SimulatorSettings,
    synthetic_market,
)
from exchanges.weight import WeightBudget

SYMBOL = "ETHUSDT"
MASTER_KEY = Fernet.generate_key().decode()
SOUND = SimulatedAccount(name="sound", api_key="sound-key-1", secret="sound-secret-1")
WITHDRAWING = SimulatedAccount(
    name="withdrawing",
    api_key="withdrawing-key",
    secret="withdrawing-secret",
    can_withdraw=True,
)
HELD = SimulatedAccount(name="held", api_key="held-key-1", secret="held-secret-1")
SHARED = SimulatedAccount(name="shared", api_key="shared-key-1", secret="shared-secret-1")
NO_FUTURES = SimulatedAccount(
    name="no futures",
    api_key="no-futures-key",
    secret="no-futures-secret",
    can_trade=False,
)
ACCOUNTS = (SOUND, WITHDRAWING, HELD, SHARED, NO_FUTURES)
STRANGER = SimulatedAccount(name="x", api_key="unknown-key-1", secret="unknown-secret-1")


@pytest_asyncio.fixture(scope="module")
async def venue() -> AsyncIterator[SimulatedVenue]:
    market = synthetic_market(pairs=2, seed=11, history_minutes=1440, forward_minutes=1440)
    running = SimulatedVenue(
        market,
        SimulatorClock(market.start_ms, 1.0, time.monotonic),
        spawn=lambda name, work: asyncio.create_task(work, name=name),
        settings=SimulatorSettings(accounts=ACCOUNTS),
    )
    async with running:
        yield running


@dataclass
class Patient:
    """A Quorum that the doctor looks at."""

    venue: SimulatedVenue
    folder: Path

    def settings(self, account: SimulatedAccount | None = None) -> Settings:
        environ = {
            "EXCHANGE_REST_URL": self.venue.rest_url,
            "EXCHANGE_WS_URL": self.venue.ws_url,
            "DATABASE_URL": f"sqlite:///{self.folder}/quorum.sqlite",
            "ACCOUNT_MASTER_KEYS": MASTER_KEY,
        }
        if account is not None:
            environ |= {"BINANCE_API_KEY": account.api_key, "BINANCE_API_SECRET": account.secret}
        return load_settings(environ, env_file=None)

    async def examine(self, account: SimulatedAccount | None = None) -> list[CheckResult]:
        settings, hidden = self.settings(account), list[str]()
        url = parse_database_url(settings.storage.database_url.get_secret_value())
        lines = [line async for line in examine_accounts(settings, url, hidden.extend)]
        told = " ".join(f"{line.detail} {line.mend}" for line in lines)
        assert not any(secret in told for secret in hidden)
        return lines

    async def connect(self, user_id: int, account: SimulatedAccount) -> None:
        engine = create_database_engine(self.settings().storage.database_url.get_secret_value())
        await upgrade(engine)
        sealed = FernetKeySealer([MASTER_KEY]).seal(account.api_key, account.secret)
        connected = Account(
            name=f"trader:{user_id}",
            mode=ExecutionMode.LIVE,
            user_id=user_id,
            connected_at=datetime(2026, 1, 5, tzinfo=UTC),
        )
        async with SqlStorage(engine)() as unit:
            await unit.accounts.connect(connected, SealedKey(user_id=user_id, sealed=sealed))
            await unit.commit()
        await engine.dispose()

    async def enter(self, account: SimulatedAccount, tag: str, *, stop: str | None) -> None:
        """Buy 0.1 as a Quorum marked `tag` would, and protect `stop` of it."""
        exchange = self.settings().exchange
        clock = ExchangeClock()
        clock.align(
            datetime.fromtimestamp(self.venue.clock.now_ms() / 1000, UTC), clock.monotonic()
        )
        broker = open_live_broker(
            exchange,
            ApiKey(key=account.api_key, secret=account.secret),
            clock=clock,
            budget=WeightBudget(clock),
            stop_trigger=StopTrigger.MARK,
        )
        try:
            await broker.prepare(SYMBOL, 5)
            await broker.place(_order(tag, "e", Side.BUY, OrderKind.MARKET, "0.1"))
            if stop is not None:
                await broker.place(_order(tag, "s", Side.SELL, OrderKind.STOP, stop))
        finally:
            await broker.close()


def _order(tag: str, role: str, side: Side, kind: OrderKind, quantity: str) -> OrderRequest:
    return OrderRequest(
        client_id=f"q{tag}-1-{role}0-1",
        symbol=SYMBOL,
        direction=Direction.LONG,
        side=side,
        kind=kind,
        quantity=Decimal(quantity),
        reduces=kind is OrderKind.STOP,
        trigger=Decimal(100) if kind is OrderKind.STOP else None,
    )


@pytest.fixture
def patient(venue: SimulatedVenue, tmp_path: Path) -> Patient:
    return Patient(venue, tmp_path)


def failures(lines: list[CheckResult]) -> list[CheckResult]:
    return [line for line in lines if line.status is Status.FAILURE]


async def test_without_a_key_nobody_is_asked(patient: Patient) -> None:
    assert await patient.examine() == []


async def test_a_sound_key_is_told_with_what_it_opens(patient: Patient) -> None:
    delay, key, stops = await patient.examine(SOUND)
    assert [line.status for line in (delay, key, stops)] == [Status.OK] * 3
    assert "refuses requests that are older than 5 s" in delay.detail
    assert key.name == "account operator"
    assert "may trade futures and may not withdraw; one-way mode" in key.detail
    assert "equity 10,000.00 USDT, 10,000.00 USDT free" in key.detail
    assert stops.detail == "holds no position"


async def test_a_key_that_may_withdraw_is_a_failure(patient: Patient) -> None:
    (line,) = failures(await patient.examine(WITHDRAWING))
    assert "may WITHDRAW" in line.detail
    assert "delete this one" in line.mend


async def test_a_key_that_the_exchange_does_not_know_is_a_failure(patient: Patient) -> None:
    (line,) = failures(await patient.examine(STRANGER))
    assert "its key is refused" in line.detail


async def test_a_key_without_futures_is_a_failure(patient: Patient) -> None:
    (line,) = failures(await patient.examine(NO_FUTURES))
    assert line.name == "account operator"


async def test_a_position_that_its_stop_does_not_cover_is_a_failure(patient: Patient) -> None:
    await patient.enter(HELD, "0a1b2c", stop=None)
    (line,) = failures(await patient.examine(HELD))
    assert f"NO STOP covers long 0.1 {SYMBOL}" in line.detail.replace("0.100", "0.1")
    assert "place a stop at the exchange" in line.mend


async def test_orders_of_another_quorum_are_a_failure(patient: Patient) -> None:
    await patient.enter(SHARED, "ffffff", stop="0.1")
    lines = await patient.examine(SHARED)
    (line,) = failures(lines)
    assert "orders of another Quorum are open (mark ffffff" in line.detail
    assert "stop the other instance" in line.mend
    assert any("not opened by this Quorum" in line.detail for line in lines)
    assert any("holds 1 positions, each covered" in line.detail for line in lines)


async def test_connected_traders_are_looked_at_by_name(patient: Patient) -> None:
    await patient.connect(7, SOUND)
    await patient.connect(8, WITHDRAWING)
    lines = await patient.examine(SOUND)
    assert {line.name for line in lines} == {
        "request delay",
        "account operator",
        "account trader:7",
        "account trader:8",
    }
    assert [line.name for line in failures(lines)] == ["account trader:8"]


async def test_the_doctor_sends_no_order(venue: SimulatedVenue, patient: Patient) -> None:
    await patient.examine(SOUND)
    books = venue.books(SOUND.name)
    assert not list(books.open_orders())
    assert not list(books.executions())
