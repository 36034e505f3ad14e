"""Who may do what in private chat."""

from enum import StrEnum


class Role(StrEnum):
    """Deny by default: everyone is a guest until a numeric user id says otherwise."""

    GUEST = "guest"
    TRADER = "trader"
    """May execute signals, and see and close what is his own."""
    ADMIN = "admin"
