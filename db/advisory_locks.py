"""Numbers of the advisory locks on PostgreSQL, per database. Together, so that none is twice."""

from typing import Final

INSTANCE: Final = 1
LEDGER: Final = 2
