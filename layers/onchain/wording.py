"""Names from outside, made fit for a line of text."""

from typing import Final

from domain.transfers import Party

_LONGEST_TICKER: Final = 12
_LONGEST_OWNER: Final = 20
_MARKUP: Final = frozenset("<>&*_`")


def ticker(asset: str) -> str:
    """A coin's name."""
    return _plain(asset, _LONGEST_TICKER) or "coins"


def owner(party: Party) -> str:
    """Whose address it is, in a word or two; an exchange without a name is "an exchange"."""
    return _plain(party.owner, _LONGEST_OWNER) or "an exchange"


def _plain(name: str, longest: int) -> str:
    """Printable characters that mean nothing to any markup, single spaces, cut to a length."""
    kept = "".join(
        " " if each in _MARKUP or not each.isprintable() else each for each in name[: 8 * longest]
    )
    words = " ".join(kept.split())
    return words if len(words) <= longest else f"{words[: longest - 1].rstrip()}…"
