"""The session that holds the instance lock in PostgreSQL: the server soon knows when it is cut off,
and it can be told from every other one and ended.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from db.advisory_locks import INSTANCE

_log = logging.getLogger(__name__)

NAME: Final = "quorum instance lock"
"""What operators see in `pg_stat_activity`."""

# A way that is cut without a word (a firewall that forgets, a machine without power) leaves the
# session at the server, and the lock with it: by the system's own rules for over two hours. Answers
# that are not confirmed are tried again for a quarter of an hour without the last one.
SOON_GIVEN_UP: Final = {
    "application_name": NAME,
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "25000",
}

_END_SECONDS: Final = 5
_END: Final = text(
    "SELECT pg_terminate_backend(pid, :milliseconds)"
    " FROM pg_locks JOIN pg_stat_activity USING (pid)"
    " WHERE locktype = 'advisory' AND granted AND database = datid"
    " AND datname = current_database()"
    " AND classid = 0 AND objid = :key AND objsubid = 1"
    " AND pid = :pid AND backend_start = :began_at"
)
_FIND: Final = text("SELECT pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()")


class LockSession(NamedTuple):
    """One session and no other: numbers are given out again, but not at the same instant."""

    pid: int
    began_at: datetime


async def configure(connection: AsyncConnection, settings: Mapping[str, str]) -> None:
    """Set what the server takes. One that knows a setting not (an old one has no user time-out)
    works all the same. The connection commits by itself.
    """
    for name, value in settings.items():
        try:
            await connection.execute(select(func.set_config(name, value, False)))
        except DBAPIError as error:
            if error.connection_invalidated:
                raise
            _log.info("the server does not take %s: %s", name, error.orig)


async def find_session(connection: AsyncConnection) -> LockSession:
    """The session of a connection."""
    return LockSession(*(await connection.execute(_FIND)).one())


async def end_holder(connection: AsyncConnection, session: LockSession) -> bool:
    """End a session if it holds the lock, and wait for that; False when it does not.

    Nobody else's is ended, whoever holds the lock.
    """
    which: dict[str, Any] = {**session._asdict(), "key": INSTANCE}
    ended = await connection.scalar(_END, {**which, "milliseconds": _END_SECONDS * 1000})
    return bool(ended)
