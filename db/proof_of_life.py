"""No dead connection to PostgreSQL leaves the pool.

In place of SQLAlchemy's own ping, which waits as long as for any command and takes the end of its
patience for an error of that one connection: each dead one in the pool cost a failure.
"""

from typing import Any, Final

from asyncpg import InterfaceError, PostgresError
from sqlalchemy.exc import InvalidatePoolError

ANSWER_SECONDS = 3.0
"""What does not answer for so long is dead, and with it all that was connected before."""

_USED: Final = "quorum: used"


def prove_alive(connection: Any, record: Any, proxy: object) -> None:  # noqa: ARG001 - the signature is SQLAlchemy's
    """Ask a connection that is about to leave the pool; one that was just made needs no proof."""
    if not record.info.get(_USED):
        record.info[_USED] = True  # forgotten with the connection
        return
    try:
        connection.run_async(lambda raw: raw.execute("SELECT 1", timeout=ANSWER_SECONDS))
    except (OSError, InterfaceError, PostgresError) as error:
        connection.driver_connection.terminate()  # an orderly end would wait for an answer, too
        raise InvalidatePoolError from error
