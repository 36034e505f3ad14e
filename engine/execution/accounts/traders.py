"""Who may execute, and with whose money."""

from typing import Final

from domain.access import Role
from domain.accounts import OPERATOR, Account, ExecutionMode, paper_account
from domain.plans import Denial, Denied
from engine.ports.storage import UnitOfWork
from engine.readiness.live_gate import LiveGate

_TRADERS: Final = frozenset({Role.TRADER, Role.ADMIN})
_PAPER: Final = "paper"
_TRADER: Final = "trader"

OPERATOR_ACCOUNT: Final = Account(name=OPERATOR, mode=ExecutionMode.LIVE)
"""The operator's own live account; its key is in the settings."""

LIVE_SWITCHED_OFF: Final = (
    "live trading is on in chat, but the settings do not allow it: set LIVE_TRADING=on in the "
    "settings file and restart, or go back with /mode paper"
)
"""What stops every trade while only one of the two switches is on."""


async def check_trader(unit: UnitOfWork, user_id: int) -> Denied | None:
    """Everybody is denied whom a numeric id above 0 does not make a trader or an admin."""
    if user_id > 0 and await unit.users.role_of(user_id) in _TRADERS:
        return None
    return deny("not_a_trader", "only traders whom the operator has allowed may do this")


async def choose_account(unit: UnitOfWork, user_id: int, *, live: LiveGate) -> Account | Denied:
    """The account that a trader's press would be executed with in the mode of now."""
    mode = await read_mode(unit)
    if mode is ExecutionMode.OFF:
        return deny("mode_off", "execution is switched off; an admin can change that with /mode")
    if mode is ExecutionMode.PAPER:
        return paper_account(user_id)
    if not live.is_switched_on:
        return deny("live_not_allowed", LIVE_SWITCHED_OFF)
    refusals = (await live.look(unit)).refusals
    if refusals:
        return Denied(denials=tuple(Denial(rule="not_ready", text=why) for why in refusals))
    return await unit.accounts.find_of(user_id) or OPERATOR_ACCOUNT


async def find_account(unit: UnitOfWork, name: str) -> Account | None:
    """An account by its name; None where it is not connected (any more)."""
    if name == OPERATOR:
        return OPERATOR_ACCOUNT
    kind, _, owner = name.partition(":")
    if not owner.isdecimal() or kind not in {_PAPER, _TRADER}:
        return None
    user_id = int(owner)
    return paper_account(user_id) if kind == _PAPER else await unit.accounts.find_of(user_id)


async def read_mode(unit: UnitOfWork) -> ExecutionMode:
    """The mode that was last chosen in chat; paper when nobody ever did."""
    return await unit.state.get_mode() or ExecutionMode.PAPER


def trader_account_name(user_id: int) -> str:
    """The name of the account that a trader has connected."""
    return f"{_TRADER}:{user_id}"


def deny(rule: str, text: str) -> Denied:
    """A refusal for one reason."""
    return Denied(denials=(Denial(rule=rule, text=text),))
