"""The doctor's looks at execution: both switches, the master keys, and what an account shows."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import URL

from app.doctor.account_verdicts import SeenAccount, judge_account, judge_delay, unprotected
from app.doctor.check import CheckResult, Status
from app.doctor.readiness import judge_readiness
from app.doctor.trading import (
    ConnectedKey,
    KeptTrading,
    examine_trading,
    judge_keys,
    judge_mode,
    read_trading,
)
from app.settings import Settings, load_settings
from app.settings.sections import TradingSettings
from db.engine import create_database_engine, parse_database_url
from db.key_sealer import FernetKeySealer
from db.migrate import upgrade
from db.unit_of_work import SqlStorage
from domain.accounts import Account, AccountStanding, ExecutionMode, KeyPermissions, PositionMode
from domain.directions import Direction
from domain.orders import (
    OrderKind,
    OrderReport,
    OrderState,
    VenuePosition,
    exit_side,
)
from domain.parameter_sets import ParameterSet
from domain.readiness import CONFLUENCE
from engine.execution.desk.account_venue import Reading
from engine.ports.execution_storage import SealedKey
from engine.readiness.standing import ReadinessStanding
from tests.builders.research import make_change, make_parameter_set

NEW, OLD, LOST = (Fernet.generate_key().decode() for _ in range(3))
LONG, SHORT = Direction.LONG, Direction.SHORT


PASSED = ReadinessStanding()
REFUSED = ReadinessStanding(reasons=("no backtest was judged",))
OVERRIDDEN = ReadinessStanding(reasons=("no backtest was judged",), stated="small size")


def settings_of(url: URL, **variables: str) -> Settings:
    return load_settings({"DATABASE_URL": str(url), **variables}, env_file=None)


def account_of(user_id: int) -> Account:
    return Account(
        name=f"trader:{user_id}",
        mode=ExecutionMode.LIVE,
        user_id=user_id,
        connected_at=datetime(2026, 1, 5, tzinfo=UTC),
    )


def stored(user_id: int, master_key: str) -> ConnectedKey:
    sealed = FernetKeySealer([master_key]).seal(f"key-{user_id}", f"secret-{user_id}")
    return ConnectedKey(
        account=account_of(user_id), sealed=SealedKey(user_id=user_id, sealed=sealed)
    )


@pytest.mark.parametrize(
    ("mode", "live", "status", "said"),
    [
        (ExecutionMode.OFF, False, Status.OK, "presses do nothing"),
        (ExecutionMode.PAPER, False, Status.OK, "on paper"),
        (ExecutionMode.PAPER, True, Status.OK, "/mode live would trade with money"),
        (ExecutionMode.LIVE, True, Status.OK, "LIVE, with real money"),
        (ExecutionMode.LIVE, False, Status.WARNING, "LIVE_TRADING is off"),
    ],
)
def test_live_takes_both_switches(
    mode: ExecutionMode, live: bool, status: Status, said: str
) -> None:
    line = judge_mode(TradingSettings(live=live), mode, PASSED)
    assert line.status is status
    assert said in line.detail


@pytest.mark.parametrize(
    ("mode", "readiness", "status", "said"),
    [
        (ExecutionMode.PAPER, REFUSED, Status.OK, "refused by the readiness gate"),
        (ExecutionMode.PAPER, OVERRIDDEN, Status.OK, "/mode live would trade with money"),
        (ExecutionMode.LIVE, REFUSED, Status.WARNING, "readiness gate is not passed"),
        (ExecutionMode.LIVE, OVERRIDDEN, Status.OK, "LIVE, with real money"),
    ],
)
def test_live_takes_the_readiness_gate_as_well(
    mode: ExecutionMode, readiness: ReadinessStanding, status: Status, said: str
) -> None:
    line = judge_mode(TradingSettings(live=True), mode, readiness)
    assert line.status is status
    assert said in line.detail


@pytest.mark.parametrize(
    ("readiness", "status", "said"),
    [
        (PASSED, Status.OK, "passed"),
        (REFUSED, Status.WARNING, "no backtest was judged"),
        (OVERRIDDEN, Status.WARNING, "LIVE_OVERRIDE says: small size; no backtest was judged"),
    ],
)
def test_it_says_how_the_readiness_gate_stands(
    readiness: ReadinessStanding, status: Status, said: str
) -> None:
    line = judge_readiness(readiness)
    assert line.status is status
    assert said in line.detail


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (TradingSettings(), "presses are confirmed"),
        (TradingSettings(confirm=False), "presses are not confirmed"),
        (TradingSettings(auto=True), "each signal is executed by itself"),
    ],
)
def test_it_says_what_a_press_takes(settings: TradingSettings, said: str) -> None:
    assert said in judge_mode(settings, ExecutionMode.PAPER, PASSED).detail


@pytest.mark.parametrize(
    ("master_keys", "keys", "status", "said"),
    [
        ((), (), Status.OK, "nobody can connect"),
        ((), (stored(7, OLD),), Status.FAILURE, "1 stored keys need one"),
        ((NEW,), (), Status.OK, "opens all 0 stored keys"),
        ((NEW,), (stored(7, NEW),), Status.OK, "opens all 1 stored keys"),
        ((NEW, OLD), (stored(7, NEW),), Status.OK, "to drop the other 1 is safe"),
        ((NEW, OLD), (stored(7, NEW), stored(8, OLD)), Status.WARNING, "1 by an older master key"),
        ((NEW, OLD), (stored(7, NEW), stored(8, LOST)), Status.FAILURE, "trader:8"),
    ],
)
def test_master_keys_open_every_stored_key(
    master_keys: tuple[str, ...], keys: tuple[ConnectedKey, ...], status: Status, said: str
) -> None:
    line = judge_keys(master_keys, keys)
    assert line.status is status
    assert said in line.detail
    assert not any(key in f"{line.detail} {line.mend}" for key in (NEW, OLD, LOST, "secret-7"))


def test_an_older_master_key_asks_for_rotation() -> None:
    line = judge_keys((NEW, OLD), (stored(8, OLD),))
    assert "python -m app accounts rotate" in line.mend


async def test_a_database_that_is_not_there_yet_trades_on_paper(tmp_path: Path) -> None:
    url = parse_database_url(f"sqlite:///{tmp_path}/quorum.sqlite")
    assert await read_trading(url) == KeptTrading()
    lines = [line async for line in examine_trading(url, settings_of(url))]
    assert {line.name: line.status for line in lines} == {
        "master keys": Status.OK,
        "parameters": Status.OK,
        "execution": Status.OK,
    }


async def test_what_the_database_holds_is_read(tmp_path: Path) -> None:
    url = parse_database_url(f"sqlite:///{tmp_path}/quorum.sqlite")
    engine = create_database_engine(url)
    await upgrade(engine)
    key = stored(7, NEW)
    async with SqlStorage(engine)() as unit:
        await unit.state.set_mode(ExecutionMode.LIVE)
        await unit.state.set_tag("0a1b2c")
        await unit.accounts.connect(key.account, key.sealed)
        await unit.commit()
    await engine.dispose()

    kept = await read_trading(url)

    assert kept == KeptTrading(mode=ExecutionMode.LIVE, tag="0a1b2c", keys=(key,))


async def test_a_live_set_and_a_gate_that_is_not_passed_are_told(tmp_path: Path) -> None:
    url = parse_database_url(f"sqlite+aiosqlite:///{tmp_path}/quorum.sqlite")
    await keep_live_set(url, make_parameter_set(1))
    switched_on = settings_of(
        url, LIVE_TRADING="on", BINANCE_API_KEY="k" * 20, BINANCE_API_SECRET="s" * 20
    )
    lines = {line.name: line async for line in examine_trading(url, switched_on)}
    assert "version 1" in lines["parameters"].detail
    assert "numbers: 2" in lines["parameters"].detail
    assert "no backtest" in lines["readiness"].detail
    assert "python -m app backtest" in lines["readiness"].mend


async def test_a_live_set_that_does_not_fit_is_a_failure(tmp_path: Path) -> None:
    url = parse_database_url(f"sqlite+aiosqlite:///{tmp_path}/quorum.sqlite")
    await keep_live_set(url, replace(make_parameter_set(1), values={"confluence.gone": 1.0}))
    lines = {line.name: line async for line in examine_trading(url, settings_of(url))}
    assert lines["parameters"].status is Status.FAILURE
    assert "confluence.gone" in lines["parameters"].detail
    assert "rollback" in lines["parameters"].mend


async def keep_live_set(url: URL, parameter_set: ParameterSet) -> None:
    engine = create_database_engine(url)
    await upgrade(engine)
    async with SqlStorage(engine)() as unit:
        await unit.parameter_sets.add(parameter_set)
        await unit.parameter_sets.add_change(CONFLUENCE, make_change(parameter_set.version))
        await unit.commit()
    await engine.dispose()


@pytest.mark.parametrize(
    ("seconds", "status"), [(0.05, Status.OK), (1.5, Status.WARNING), (5.0, Status.FAILURE)]
)
def test_requests_must_arrive_in_the_window_of_the_exchange(seconds: float, status: Status) -> None:
    assert judge_delay(seconds).status is status


def held(direction: Direction = LONG, quantity: str = "0.3") -> VenuePosition:
    return VenuePosition(
        symbol="BTCUSDT",
        direction=direction,
        quantity=Decimal(quantity),
        entry_price=Decimal(64_000),
    )


def stop(direction: Direction = LONG, quantity: str = "0.3", mark: str = "0a1b2c") -> OrderReport:
    return OrderReport(
        symbol="BTCUSDT",
        client_id=f"q{mark}-1-s0-1",
        venue_id="1",
        state=OrderState.RESTING,
        direction=None,
        side=exit_side(direction),
        kind=OrderKind.STOP,
        quantity=Decimal(quantity),
        reduces=True,
        trigger=Decimal(63_000),
    )


@pytest.mark.parametrize(
    "orders",
    [
        (),
        (stop(quantity="0.2"),),
        (stop(SHORT),),
        (replace(stop(), symbol="ETHUSDT"),),
        (replace(stop(), kind=OrderKind.LIMIT),),
        (replace(stop(), reduces=False),),
        (replace(stop(), direction=SHORT),),
    ],
)
def test_what_no_stop_covers_in_full_is_unprotected(orders: tuple[OrderReport, ...]) -> None:
    assert unprotected(Reading(began_at=0.0, orders=orders, positions=(held(),))) == [held()]


@pytest.mark.parametrize(
    "orders",
    [(stop(),), (stop(quantity="0.1"), stop(quantity="0.2")), (replace(stop(), direction=LONG),)],
)
def test_stops_cover_a_position_together(orders: tuple[OrderReport, ...]) -> None:
    assert unprotected(Reading(began_at=0.0, orders=orders, positions=(held(),))) == []


def seen(
    *orders: OrderReport,
    positions: tuple[VenuePosition, ...] = (),
    can_withdraw: bool | None = False,
    can_trade: bool = True,
    is_practice: bool = False,
) -> SeenAccount:
    return SeenAccount(
        name="operator",
        permissions=KeyPermissions(
            can_trade=can_trade, can_withdraw=can_withdraw, is_practice=is_practice
        ),
        standing=AccountStanding(
            equity=Decimal(10_000), available=Decimal(8_000), position_mode=PositionMode.HEDGE
        ),
        reading=Reading(began_at=0.0, orders=orders, positions=positions),
    )


def worst(lines: list[CheckResult]) -> list[CheckResult]:
    return [line for line in lines if line.status is not Status.OK]


def test_a_sound_account_tells_mode_and_money() -> None:
    lines = judge_account(seen(), (), "0a1b2c")
    assert worst(lines) == []
    assert "hedge mode, equity 10,000.00 USDT, 8,000.00 USDT free" in lines[0].detail


@pytest.mark.parametrize(
    ("account", "status", "said"),
    [
        (seen(can_withdraw=True), Status.FAILURE, "may WITHDRAW"),
        (seen(can_withdraw=None), Status.FAILURE, "is not told"),
        (seen(can_withdraw=None, is_practice=True), Status.WARNING, "is not told"),
        (seen(can_trade=False), Status.FAILURE, "may not trade futures"),
        (seen(positions=(held(),)), Status.FAILURE, "NO STOP covers long 0.3 BTCUSDT"),
        (seen(stop(mark="ffffff")), Status.FAILURE, "mark ffffff; this database's is 0a1b2c"),
    ],
)
def test_what_is_wrong_with_an_account_is_told(
    account: SeenAccount, status: Status, said: str
) -> None:
    found = worst(judge_account(account, (), "0a1b2c"))
    assert found[0].status is status
    assert said in found[0].detail
    assert found[0].mend


def test_before_the_first_start_every_marked_order_is_anothers() -> None:
    (line,) = worst(judge_account(seen(stop()), (), None))
    assert "this database has not sent any order yet" in line.detail


def test_a_position_that_nobody_here_opened_is_told_beside_its_stop() -> None:
    account = seen(replace(stop(), client_id="web_1"), positions=(held(),))
    (line,) = worst(judge_account(account, (), "0a1b2c"))
    assert line.status is Status.WARNING
    assert "not opened by this Quorum: long 0.3 BTCUSDT" in line.detail
