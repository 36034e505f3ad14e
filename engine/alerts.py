"""Alerts about the world outside the exchange: what is worth one, and who gets it."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from domain.access import Role
from domain.messages import CHANNEL
from domain.parameters import Parameters, parameter
from engine.ports.storage import UnitOfWork


class Audience(StrEnum):
    """Who is told: subscribers, operators, nobody."""

    CHANNEL = "channel"
    ADMINS = "admins"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertParameters(Parameters):
    """Whale alerts and macro warnings."""

    whales: Audience = parameter(  # noqa: RUF009 - `parameter` makes a field
        Audience.CHANNEL,
        doc="who is told of large transfers",
        unit="audience",
        source="subscribers read the same facts as the on-chain layer",
    )
    macro: Audience = parameter(  # noqa: RUF009 - `parameter` makes a field
        Audience.CHANNEL,
        doc="who is told when a macro danger begins and ends",
        unit="audience",
        source="no signals come while it lasts, and subscribers should know why",
    )
    transfer_usd: float = parameter(
        10_000_000.0,
        doc="least worth of a deposit or withdrawal that is told",
        unit="USD",
        source="a few of them on a usual day per large coin",
        low=100_000,
        high=1e10,
    )
    issue_usd: float = parameter(
        50_000_000.0,
        doc="least worth of stablecoins minted or burned that is told",
        unit="USD",
        source="issuers mint in round tens of millions",
        low=100_000,
        high=1e10,
    )
    whales_per_hour: int = parameter(
        4,
        doc="most whale alerts within an hour; what is held back is summed up in the next one",
        unit="messages",
        source="signals must not drown in them",
        low=1,
        high=60,
    )
    oldest_minutes: float = parameter(
        30.0,
        doc="a transfer that becomes known later than this is not told any more",
        unit="minutes",
        source="after it the on-chain layer gives it least weight, too",
        low=1,
        high=1440,
    )

    @property
    def oldest(self) -> timedelta:
        """How long after it happened a transfer is still news."""
        return timedelta(minutes=self.oldest_minutes)


async def recipients_of(unit: UnitOfWork, audience: Audience) -> list[str]:
    """Recipients of messages to an audience; empty for nobody."""
    if audience is Audience.OFF:
        return []
    if audience is Audience.CHANNEL:
        return [CHANNEL]
    return [str(admin) for admin in await unit.users.list_with(Role.ADMIN)]


def addressed(key: str, recipient: str) -> str:
    """The key of a message that several may get: the plain one belongs to the channel."""
    return key if recipient == CHANNEL else f"{key}:{recipient}"
