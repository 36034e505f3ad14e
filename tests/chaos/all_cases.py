"""Every fault, in the order of the table."""

from tests.chaos import (
    cache_away,
    clock_jump,
    database_away,
    disk_full,
    exchange_away,
    positions_without_storage,
    telegram_away,
)

CASES = (
    *database_away.CASES,
    *positions_without_storage.CASES,
    *cache_away.CASES,
    *telegram_away.CASES,
    *exchange_away.CASES,
    *disk_full.CASES,
    *clock_jump.CASES,
)
