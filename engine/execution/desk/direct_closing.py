"""Closes what an account holds straight at the venue, with nothing but its broker: the way out that
works when storage is down.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from domain.directions import Direction
from domain.errors import (
    InvalidDataError,
    OrderRefusedError,
    TemporaryVenueError,
    VenueRefusedError,
)
from domain.orders import (
    ClientId,
    OrderKind,
    OrderReport,
    OrderRequest,
    OrderRole,
    VenuePosition,
    exit_side,
)
from engine.execution.desk.comparing import request_of
from engine.execution.desk.looking import is_ours
from engine.execution.desk.pauses import Pauses
from engine.ports.broker import Broker

_log = logging.getLogger(__name__)

_RUNG: Final = 9
"""No target has this number: it marks orders that are in no books."""

_TRIES: Final = 6
_FAILURES: Final = (TemporaryVenueError, InvalidDataError, VenueRefusedError)


@dataclass(slots=True, kw_only=True)
class DirectResult:
    """What was closed and called off at one account, and in words what was not."""

    closed: list[VenuePosition] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


class DirectClosing:
    """`new_number` makes up numbers of up to 9 digits, each once; `tag` is that of our orders.

    Orders of ours are cancelled, those of others are left alone; of a position its stops only once
    it is flat.
    """

    def __init__(self, *, tag: Callable[[], str], new_number: Callable[[], int]) -> None:
        self._tag = tag
        self._new_number = new_number

    async def __call__(
        self, account: str, broker: Broker, symbol: str | None = None
    ) -> DirectResult:
        """Close everything that an account holds, or what it holds on one pair."""
        result = DirectResult()
        try:
            await self._close_all(account, broker, symbol, result)
        except _FAILURES as error:
            result.failures.append(f"{account}: {error}")
        return result

    async def _close_all(
        self, account: str, broker: Broker, symbol: str | None, result: DirectResult
    ) -> None:
        orders = [order for order in await broker.list_open_orders(symbol) if is_ours(order)]
        await _cancel_all(broker, [each for each in orders if not each.reduces], result)
        held = [one for one in await broker.list_positions() if symbol in (None, one.symbol)]
        await asyncio.gather(*(self._close(account, broker, one, result) for one in held))
        open_still = await _wait_until_flat(broker, held)
        result.closed += [one for one in held if _name(one) not in open_still]
        result.failures += [
            f"{account}: {one.direction} {one.quantity} {one.symbol} is not flat yet; its stops "
            "were left where they are. Look at it on the exchange, or close again"
            for one in held
            if _name(one) in open_still
        ]
        pairs = {name[0] for name in open_still}
        await _cancel_all(
            broker, [o for o in orders if o.reduces and o.symbol not in pairs], result
        )

    async def _close(
        self, account: str, broker: Broker, held: VenuePosition, result: DirectResult
    ) -> None:
        """One order under one id, however often it has to be sent."""
        request = self._request(held)
        pauses = Pauses()
        for _ in range(_TRIES):
            try:
                if await broker.find_order(request) is None:
                    await broker.place(request)
            except (TemporaryVenueError, InvalidDataError) as error:
                _log.warning("%s: closing %s is not certain: %s", account, held.symbol, error)
            except VenueRefusedError as error:
                result.failures.append(f"{account}: {held.symbol}: {error}")
                return
            else:
                return
            await asyncio.sleep(pauses.next())

    def _request(self, held: VenuePosition) -> OrderRequest:
        name = ClientId(
            tag=self._tag(),
            intent_id=self._new_number(),
            role=OrderRole.CLOSE,
            rung=_RUNG,
            attempt=1,
        )
        return OrderRequest(
            client_id=str(name),
            symbol=held.symbol,
            direction=held.direction,
            side=exit_side(held.direction),
            kind=OrderKind.MARKET,
            quantity=held.quantity,
            reduces=True,
        )


async def _cancel_all(broker: Broker, orders: Sequence[OrderReport], result: DirectResult) -> None:
    await asyncio.gather(*(_cancel(broker, order, result) for order in orders))


async def _cancel(broker: Broker, order: OrderReport, result: DirectResult) -> None:
    pauses = Pauses()
    for _ in range(_TRIES):
        try:
            await broker.cancel(request_of(order))
        except OrderRefusedError:
            return  # it is not open any more
        except _FAILURES as error:
            _log.warning("cancelling %s is not certain: %s", order.client_id, error)
        else:
            result.cancelled.append(f"{order.symbol} {order.kind}")
            return
        await asyncio.sleep(pauses.next())
    result.failures.append(f"{order.symbol}: {order.kind} {order.client_id} is not cancelled")


async def _wait_until_flat(
    broker: Broker, held: Sequence[VenuePosition]
) -> set[tuple[str, Direction]]:
    """Which of some positions are still not flat; all of them where nobody tells."""
    names = {_name(one) for one in held}
    open_still = names
    pauses = Pauses()
    for _ in range(_TRIES):
        with suppress(*_FAILURES):
            open_still = names & {_name(one) for one in await broker.list_positions()}
        if not open_still:
            break
        await asyncio.sleep(pauses.next())
    return open_still


def _name(held: VenuePosition) -> tuple[str, Direction]:
    return held.symbol, held.direction
