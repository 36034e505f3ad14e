"""How the simulated venue behaves towards its clients."""

from dataclasses import dataclass
from typing import Final

from exchanges.simulator.trading.accounts import USUAL_ACCOUNT, SimulatedAccount

_MOST_TRADES: Final = 600.0
_FEWEST_TRADES: Final = 4.0
_TRADES_A_WALL_MINUTE: Final = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatorSettings:
    """Everything that is not the market or the clock.

    Rates of frames and the life of a socket are counted in wall time, whatever the speed: a
    socket does not get faster because the market does. Request weight is counted per minute of
    exchange time, as the venue's clock shows it, so that acceleration never starves a bot.
    """

    slice_seconds: float = 0.03
    """Wall seconds between two looks at what happened; frames leave once per slice."""

    final_delay_ms: int = 250
    """Exchange milliseconds from a candle's end to its final frame (up to 2,000 at the venue)."""

    forming_seconds: float = 0.25
    """Wall seconds between two updates of a forming candle."""

    trades_per_minute: int | None = None
    """Most aggregate trades of a pair in an exchange minute, at least 4.

    None: 600 up to speed 6, then fewer the faster it runs. A minute has fewer when it is quiet.
    """

    book_levels: int = 100
    """Price levels on each side of a book."""

    weight_limit: int = 2400
    """Request weight allowed per exchange minute."""

    ping_seconds: float = 180.0
    """Wall seconds between two pings."""

    pong_seconds: float = 600.0
    """Wall seconds without a pong after which a connection is closed."""

    lifetime_seconds: float = 86_400.0
    """Wall seconds after which a connection is closed."""

    patience_seconds: float = 10.0
    """Wall seconds that a playback waits for a client that does not read, before it is cut off."""

    messages_per_second: int = 10
    """Messages a client may send per wall second before it is disconnected."""

    accounts: tuple[SimulatedAccount, ...] = (USUAL_ACCOUNT,)
    """Accounts that can trade; names and keys are unique."""

    orders_per_minute: int = 1200
    """Orders that an account may send in an exchange minute."""

    orders_per_ten_seconds: int = 300
    """Orders that an account may send in ten exchange seconds."""

    listen_key_seconds: float = 3600.0
    """Wall seconds that a listen key lives after it was asked for or renewed."""

    def trades_at(self, speed: float) -> int:
        """Most aggregate trades of a pair in an exchange minute at a speed."""
        if self.trades_per_minute is not None:
            return max(4, self.trades_per_minute)
        return round(min(_MOST_TRADES, max(_FEWEST_TRADES, _TRADES_A_WALL_MINUTE / speed)))
