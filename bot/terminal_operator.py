"""Who sits at the terminal, where there is no Telegram account to go by."""

from typing import Final

TERMINAL_OPERATOR_ID: Final = 5_000_000_000_000_000
"""The operator at the terminal as a user: his intents, positions and messages carry this id.

No account of Telegram can have it: Telegram's ids have at most 52 significant bits (Bot API, User).
So a role granted to it is worth nothing to anybody on Telegram.
"""
