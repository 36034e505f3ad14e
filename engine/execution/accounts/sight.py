"""Asks the venue how an account stands, before anything is promised to its owner."""

import asyncio
from dataclasses import dataclass
from typing import Final

from domain.accounts import Account, AccountStanding
from domain.errors import (
    AccessRefusedError,
    InvalidDataError,
    TemporaryVenueError,
    VenueRefusedError,
)
from domain.orders import VenuePosition
from domain.plans import Denial
from engine.ports.broker import OpenBroker

VENUE_SILENT: Final = "venue_silent"
"""The rule that denies what nobody could judge for want of an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSight:
    """An account as the venue tells it, with everything that it holds."""

    standing: AccountStanding
    positions: tuple[VenuePosition, ...]


async def look_at_account(open_broker: OpenBroker, account: Account) -> AccountSight | Denial:
    """How an account stands now; or, for its trader, why nobody knows. Sends no order.

    Words are our own: a venue's text may repeat what the request held.
    """
    try:
        broker = await open_broker(account)
        standing, positions = await asyncio.gather(broker.read_standing(), broker.list_positions())
    except AccessRefusedError:
        text = "the exchange does not accept the key of your account; nothing was sent"
        return Denial(rule="venue_access", text=text)
    except VenueRefusedError:
        text = "the exchange refuses to tell how your account stands; nothing was sent"
        return Denial(rule="venue_refused", text=text)
    except (TemporaryVenueError, InvalidDataError):
        text = "the exchange does not answer as it should; nothing was sent, try again"
        return Denial(rule=VENUE_SILENT, text=text)
    return AccountSight(standing=standing, positions=tuple(positions))
