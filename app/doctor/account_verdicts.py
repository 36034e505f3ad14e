"""Judges an account as the exchange shows it: its key, its stops, and who else trades there."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from app.doctor.check import CheckResult, failure, ok, warning
from domain.accounts import AccountStanding, KeyPermissions
from domain.orders import OrderKind, OrderReport, VenuePosition, exit_side
from domain.positions import PositionBooks
from engine.execution.desk.account_venue import Reading
from engine.execution.desk.comparing import Comparison, compare
from exchanges.ccxt_broker.trading_client import RECEIVE_WINDOW_MS

_DELAY: Final = "request delay"
_LONG_SHARE: Final = 0.2
"""Of the window in which the exchange takes requests; a slow minute needs the rest."""

_NEW_KEY: Final = "make a key at the exchange that may read and trade futures and nothing else"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenAccount:
    """What the exchange tells of an account."""

    name: str
    permissions: KeyPermissions
    standing: AccountStanding
    reading: Reading


def judge_delay(round_trip_seconds: float) -> CheckResult:
    """Whether requests arrive in the window in which the exchange takes them.

    They are dated by the exchange's own clock, so what counts is how long they are on their way.
    """
    window = RECEIVE_WINDOW_MS / 1000
    detail = (
        f"an answer takes {round_trip_seconds * 1000:.0f} ms; the exchange refuses requests that "
        f"are older than {window:g} s"
    )
    mend = "find what slows the network down, or run closer to the exchange"
    if round_trip_seconds >= window:
        return failure(_DELAY, detail, mend)
    is_long = round_trip_seconds > window * _LONG_SHARE
    return warning(_DELAY, detail, mend) if is_long else ok(_DELAY, detail)


def refused_key(account: str, reason: str) -> CheckResult:
    """The line of an account whose key the exchange does not accept."""
    mend = f"check the key, its permissions and its allowed addresses; else {_NEW_KEY}"
    return failure(f"account {account}", f"its key is refused: {reason}", mend)


def judge_account(
    seen: SeenAccount, live: Sequence[PositionBooks], tag: str | None
) -> list[CheckResult]:
    """Lines about the key, the stops, and what is there that our books (`live`) do not know.

    `tag` marks our orders; None before this database has sent one.
    """
    name = f"account {seen.name}"
    found = compare(seen.reading, live, tag or "", seen.name)
    lines = [_judge_key(name, seen), _judge_stops(name, seen.reading)]
    lines += _second_instance(name, found, tag)
    lines += _twins(name, found)
    lines += _foreign(name, found)
    return lines


def unprotected(reading: Reading) -> list[VenuePosition]:
    """Positions that resting stops do not cover in full."""
    return [held for held in reading.positions if _covered(held, reading) < held.quantity]


def _judge_key(name: str, seen: SeenAccount) -> CheckResult:
    standing, may = seen.standing, seen.permissions
    stands = (
        f"{standing.position_mode} mode, equity {standing.equity:,.2f} USDT, "
        f"{standing.available:,.2f} USDT free"
    )
    if may.can_withdraw:
        mend = f"{_NEW_KEY}, and delete this one: the bot refuses it"
        return failure(name, f"its key may WITHDRAW; {stands}", mend)
    if not may.can_trade:
        mend = "allow futures for the key at the exchange"
        return failure(name, f"its key may not trade futures; {stands}", mend)
    if may.is_withdrawing_unknown:
        mend = (
            "look at its permissions at the exchange, where withdrawing must be off, and at "
            "EXCHANGE_REST_URL: until the exchange tells, the bot executes nothing new with it"
        )
        return failure(name, f"whether its key may withdraw is not told; {stands}", mend)
    if may.can_withdraw is None:
        mend = "look at its permissions at the exchange: withdrawing must be off"
        return warning(name, f"whether its key may withdraw is not told; {stands}", mend)
    return ok(name, f"its key may trade futures and may not withdraw; {stands}")


def _judge_stops(name: str, reading: Reading) -> CheckResult:
    bare = unprotected(reading)
    if not reading.positions:
        return ok(name, "holds no position")
    if not bare:
        return ok(name, f"holds {len(reading.positions)} positions, each covered by its stop")
    listed = ", ".join(f"{held.direction} {held.quantity} {held.symbol}" for held in bare)
    mend = (
        "start the bot, which protects or closes its own within seconds; place a stop at the "
        "exchange for any other, or close it there"
    )
    return failure(name, f"NO STOP covers {listed}", mend)


def _covered(held: VenuePosition, reading: Reading) -> Decimal:
    stops = (order for order in reading.orders_of(held.symbol) if _protects(order, held))
    return sum((stop.quantity for stop in stops), Decimal(0))


def _protects(order: OrderReport, held: VenuePosition) -> bool:
    is_stop = order.kind is OrderKind.STOP and order.reduces
    is_exit = order.side is exit_side(held.direction)
    return is_stop and is_exit and order.direction in (None, held.direction)


def _second_instance(name: str, found: Comparison, tag: str | None) -> list[CheckResult]:
    if not found.others:
        return []
    own = f"this database's is {tag}" if tag else "this database has not sent any order yet"
    detail = f"orders of another Quorum are open (mark {', '.join(found.others)}; {own})"
    mend = (
        "stop the other instance and cancel its orders at the exchange, or give each an account "
        "of its own; if its database was lost, close what it holds there"
    )
    return [failure(name, detail, mend)]


def _twins(name: str, found: Comparison) -> list[CheckResult]:
    if not found.twins:
        return []
    detail = f"orders of {', '.join(found.twins)} rest here: both are one account at the exchange"
    mend = "disconnect one of the two, once its positions are closed"
    return [failure(name, detail, mend)]


def _foreign(name: str, found: Comparison) -> list[CheckResult]:
    if not found.foreign:
        return []
    listed = ", ".join(f"{held.direction} {held.quantity} {held.symbol}" for held in found.foreign)
    mend = "nothing new is entered on these pairs until they are closed at the exchange"
    return [warning(name, f"held, but not opened by this Quorum: {listed}", mend)]
