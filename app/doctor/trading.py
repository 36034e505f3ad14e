"""Looks at execution: on paper or live, and whether traders' stored keys can be opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import URL

from app.doctor.check import CheckResult, Examination, failure, ok, warning
from app.doctor.readiness import (
    PARAMETERS,
    judge_parameters,
    judge_readiness,
    present_standing,
)
from app.live_parameters import lay_over_live_set
from app.settings import Settings
from app.settings.sections import TradingSettings
from app.stored import read_kept
from db.key_sealer import FernetKeySealer
from domain.accounts import Account, ExecutionMode
from domain.errors import ConfigurationError
from domain.positions import PositionBooks
from domain.readiness import CONFLUENCE, ReadinessVerdict
from engine.execution.accounts.traders import read_mode
from engine.ports.execution_storage import SealedKey
from engine.ports.keys import ApiKey, KeySealer
from engine.ports.storage import UnitOfWork
from engine.readiness.standing import HOW_TO_MEND, ReadinessStanding

_EXECUTION: Final = "execution"
_KEYS: Final = "master keys"
_ROTATE: Final = "python -m app accounts rotate"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectedKey:
    """A trader's account with its key as it is stored."""

    account: Account
    sealed: SealedKey


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptTrading:
    """What the database holds of execution.

    `mode` is what was last said in chat, `tag` the mark of our orders (None before the first
    start), `live` the books of positions that are not closed, `verdict` the newest one of the
    readiness gate.
    """

    mode: ExecutionMode = ExecutionMode.PAPER
    tag: str | None = None
    keys: tuple[ConnectedKey, ...] = ()
    live: tuple[PositionBooks, ...] = ()
    verdict: ReadinessVerdict | None = None


async def read_trading(url: URL) -> KeptTrading:
    """Read it; of a database that is yet to be made, what a new one holds."""
    return await read_kept(url, _read, KeptTrading())


async def examine_trading(url: URL, settings: Settings) -> Examination:
    """Lines about the master keys, the parameters, the readiness gate and the switches.

    Raises `StorageUnavailableError`.
    """
    kept, trading = await read_trading(url), settings.trading
    yield judge_keys([key.get_secret_value() for key in trading.master_keys], kept.keys)
    try:
        final, running = await lay_over_live_set(settings)
    except ConfigurationError as error:
        yield failure(PARAMETERS, str(error), "python -m app parameters rollback")
        return
    yield judge_parameters(running)
    found = present_standing(final, kept.verdict)
    if trading.live:
        yield judge_readiness(found)
    yield judge_mode(trading, kept.mode, found)


def judge_mode(
    settings: TradingSettings, mode: ExecutionMode, readiness: ReadinessStanding
) -> CheckResult:
    """What a press on *execute* leads to; live takes both switches and the readiness gate."""
    asked = f"{_confirming(settings)}; the chat says {mode}"
    if mode is ExecutionMode.OFF:
        return ok(_EXECUTION, f"off, presses do nothing; {asked}")
    if mode is ExecutionMode.PAPER:
        return ok(_EXECUTION, f"on paper; {asked}{_second_switch(settings, readiness)}")
    if not settings.live:
        mend = "set LIVE_TRADING=on and restart, or say /mode paper to the bot"
        return warning(_EXECUTION, f"nothing is executed; {asked}, but LIVE_TRADING is off", mend)
    if not readiness.is_allowed:
        detail = f"nothing is executed; {asked}, but the readiness gate is not passed"
        return warning(_EXECUTION, detail, HOW_TO_MEND)
    return ok(_EXECUTION, f"LIVE, with real money; {asked}, and LIVE_TRADING is on")


def judge_keys(master_keys: Sequence[str], stored: Sequence[ConnectedKey]) -> CheckResult:
    """Whether the master keys open every stored key, and the newest one alone does."""
    if not master_keys:
        return _without_master_keys(len(stored))
    sealer, newest = FernetKeySealer(master_keys), FernetKeySealer(master_keys[:1])
    closed = [one.account.name for one in stored if open_key(sealer, one) is None]
    if closed:
        mend = "put the master key they were sealed with behind the newest, or let them /connect"
        return failure(_KEYS, f"these stored keys can't be opened: {', '.join(closed)}", mend)
    older = [one for one in stored if open_key(newest, one) is None]
    if older:
        detail = f"open all {len(stored)} stored keys, {len(older)} by an older master key"
        return warning(_KEYS, detail, f"{_ROTATE}; then the old one can be taken away")
    spare = f"; to drop the other {len(master_keys) - 1} is safe" if master_keys[1:] else ""
    return ok(_KEYS, f"the newest opens all {len(stored)} stored keys{spare}")


def open_key(sealer: KeySealer, stored: ConnectedKey) -> ApiKey | None:
    """A stored key, None where the master keys do not open it."""
    try:
        return sealer.open(stored.sealed.sealed)
    except ConfigurationError:
        return None


def _second_switch(settings: TradingSettings, readiness: ReadinessStanding) -> str:
    if not settings.live:
        return ""
    leads = "would trade with money" if readiness.is_allowed else "is refused by the readiness gate"
    return f", LIVE_TRADING is on: /mode live {leads}"


def _confirming(settings: TradingSettings) -> str:
    if settings.auto:
        return "each signal is executed by itself"
    return "presses are confirmed" if settings.confirm else "presses are not confirmed"


def _without_master_keys(stored: int) -> CheckResult:
    if not stored:
        return ok(_KEYS, "none is set, so nobody can connect an account of his own")
    mend = "set ACCOUNT_MASTER_KEYS to the keys they were sealed with"
    return failure(_KEYS, f"none is set, but {stored} stored keys need one", mend)


async def _read(unit: UnitOfWork) -> KeptTrading:
    keys = []
    for account in await unit.accounts.list_connected():
        sealed = None if account.user_id is None else await unit.accounts.find_key(account.user_id)
        if sealed is not None:
            keys.append(ConnectedKey(account=account, sealed=sealed))
    return KeptTrading(
        mode=await read_mode(unit),
        tag=await unit.state.get_tag(),
        keys=tuple(keys),
        live=tuple(await unit.positions.list_live()),
        verdict=await unit.readiness.find_latest(CONFLUENCE),
    )
