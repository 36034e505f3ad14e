"""Why a text does not count."""

from enum import StrEnum


class SpamKind(StrEnum):
    """What a text wants in place of saying anything about a coin."""

    GIVEAWAY = "giveaway"
    """Promises coins for nothing, asks for wallet addresses or for a deposit to be doubled."""
    ADVERT = "advert"
    """Sells: signal groups, presales, referral links, guaranteed profit, recovered wallets."""
    BAIT = "bait"
    """Asks for likes, reposts and followers."""
    BOT = "bot"
    """Strings of tags, written for search engines."""
    EMPTY = "empty"
    """Nothing but links, tags and signs."""
