"""Canonical JSON: one text for one value, so that a hash over it means something.

Keys are sorted, nothing is spaced, everything is ASCII. Decimals are plain strings without trailing
zeros, instants are UTC to the millisecond (`2026-01-31T12:00:00.000Z`). There are no floats: how
one is written depends on who writes it.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from domain.errors import InvalidDataError
from domain.timeframes import to_ms

_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - UTC, which its text says with a Z
_MILLISECOND: Final = timedelta(milliseconds=1)


def to_canonical_json(value: object) -> str:
    """The text of a value.

    Raises `TypeError` for a type that has no canonical form, `InvalidDataError` for an instant
    without a time zone.
    """
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"))


def parse_canonical_json(text: str) -> object:
    """The value of a canonical text; numbers with a fraction and instants stay strings.

    Raises `InvalidDataError` for any other text, even where it is JSON of an equal value.
    """
    try:
        value: object = json.loads(text)
        is_canonical = to_canonical_json(value) == text
    except (ValueError, TypeError) as error:
        raise InvalidDataError(f"not canonical JSON: {text[:80]!r}") from error
    if not is_canonical:
        raise InvalidDataError(f"JSON, but not in canonical form: {text[:80]!r}")
    return value


def _plain(value: object) -> object:
    # Texts and decimals first: they are nearly all of an entry.
    if type(value) is str:
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Decimal):
        return _decimal_text(value)
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, datetime):
        return _instant_text(value)
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {
            key if type(key) is str else _key(key): item if type(item) is str else _plain(item)
            for key, item in value.items()
        }
    raise TypeError(f"{type(value).__name__} has no canonical form: {value!r}")


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError(f"keys are texts, not {type(key).__name__}: {key!r}")
    return str(key)


def _decimal_text(number: Decimal) -> str:
    if not number.is_finite():
        raise TypeError(f"{number} has no canonical form")
    # Adding 0 turns a negative zero into a plain one.
    return format((number + 0).normalize(), "f")


def _instant_text(at: datetime) -> str:
    in_utc = _EPOCH + to_ms(at) * _MILLISECOND
    return f"{in_utc.isoformat(timespec='milliseconds')}Z"
