"""Alerts go to each operator's private chat, through the same outbox as everything else."""

from collections.abc import Sequence

from domain.access import Role
from domain.messages import Button, OutgoingMessage
from engine.ports.storage import UnitOfWork


async def alert_admins(
    unit: UnitOfWork, *, key: str, text: str, buttons: Sequence[Button] = ()
) -> list[OutgoingMessage]:
    """One message per operator, to be put into the outbox; `key` is unique per alert."""
    admins = await unit.users.list_with(Role.ADMIN)
    return [
        OutgoingMessage(
            key=f"{key}:{admin}", recipient=str(admin), text=text, buttons=tuple(buttons)
        )
        for admin in admins
    ]
