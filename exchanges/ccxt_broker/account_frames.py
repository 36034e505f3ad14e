"""Frames of Binance's user data stream, read only as far as a hint needs."""

from dataclasses import dataclass
from typing import Final

import msgspec

from exchanges.unreadable import UNREADABLE


class _Order(msgspec.Struct):
    symbol: str | None = msgspec.field(name="s", default=None)


class _Position(msgspec.Struct):
    symbol: str | None = msgspec.field(name="s", default=None)


class _Account(msgspec.Struct):
    reason: str | None = msgspec.field(name="m", default=None)
    positions: list[_Position] = msgspec.field(name="P", default_factory=list)


class _Frame(msgspec.Struct):
    kind: str = msgspec.field(name="e")
    symbol: str | None = msgspec.field(name="s", default=None)
    order: _Order | None = msgspec.field(name="o", default=None)
    account: _Account | None = msgspec.field(name="a", default=None)


_ABOUT_SYMBOLS: Final = ("ORDER_TRADE_UPDATE", "ALGO_UPDATE", "ACCOUNT_UPDATE", "TRADE_LITE")
_SETTINGS: Final = "ACCOUNT_CONFIG_UPDATE"
_MARGIN_TYPE: Final = "MARGIN_TYPE_CHANGE"
"""Leverage and position mode have an event of their own; isolated or cross is told as a reason."""
_KEY_EXPIRED: Final = "listenKeyExpired"

_decode = msgspec.json.Decoder(_Frame, strict=False).decode


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountHint:
    """What a frame hints at: `venue_ids` of pairs, empty when it may be anything."""

    venue_ids: tuple[str, ...] = ()
    changes_settings: bool = False
    ends_stream: bool = False


def hint_of(frame: bytes | str) -> AccountHint:
    """The hint in a frame; one that cannot be read, or is new, may mean anything."""
    try:
        event = _decode(frame)
    except UNREADABLE:
        return AccountHint()
    return AccountHint(
        venue_ids=_venue_ids(event) if event.kind in _ABOUT_SYMBOLS else (),
        changes_settings=event.kind == _SETTINGS or _is_about_margin_type(event),
        ends_stream=event.kind == _KEY_EXPIRED,
    )


def _is_about_margin_type(event: _Frame) -> bool:
    return event.account is not None and event.account.reason == _MARGIN_TYPE


def _venue_ids(event: _Frame) -> tuple[str, ...]:
    told = [event.symbol, event.order.symbol if event.order else None]
    told += [position.symbol for position in event.account.positions] if event.account else []
    return tuple(dict.fromkeys(symbol for symbol in told if symbol))
