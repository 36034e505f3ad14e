"""How bytes from outside show that they cannot be read as JSON."""

from typing import Final

import msgspec

UNREADABLE: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""msgspec tells a text that is no UTF-8, and one nested too deep, by Python's own errors; a peer
that sends either must end nothing."""
