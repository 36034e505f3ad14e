"""Who may do what, also while the database is away: closing everything must work just then."""

import logging
from collections.abc import Awaitable, Callable, Iterable

from domain.access import Role
from domain.errors import StorageUnavailableError

_log = logging.getLogger(__name__)


class RememberedRoles:
    """Looks roles up, and falls back on what it last heard while storage is unavailable.

    Whoever was never heard of is a guest then: deny by default.
    """

    def __init__(self, role_of: Callable[[int], Awaitable[Role]]) -> None:
        self._role_of = role_of
        self._known: dict[int, Role] = {}

    async def __call__(self, user_id: int) -> Role:
        """The role of a user."""
        try:
            role = await self._role_of(user_id)
        except StorageUnavailableError as error:
            remembered = self._known.get(user_id, Role.GUEST)
            _log.warning("role=%s user=%s from memory: %s", remembered, user_id, error)
            return remembered
        self._keep(user_id, role)
        return role

    def remember(self, user_ids: Iterable[int], role: Role) -> None:
        """What is known from elsewhere, such as the list of operators at the start."""
        for user_id in user_ids:
            self._keep(user_id, role)

    def _keep(self, user_id: int, role: Role) -> None:
        if role is Role.GUEST:
            # Nothing is kept of strangers, and what was taken away is not given back.
            self._known.pop(user_id, None)
        else:
            self._known[user_id] = role
