"""The secret texts among the settings, for the redaction of whatever leaves the process."""

import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, SecretStr

from app.settings.variable import DeclaredVariable
from app.settings.written import WrittenVariables

_SERVERS: Final = ("postgresql", "redis", "rediss", "sqlite", "unix")
"""Kinds of addresses in which nothing but the password is secret."""

_JOINTS = re.compile(r"[/:@?&=,]+")
_SHORTEST_PIECE: Final = 8


def secrets_of(settings: BaseModel) -> list[str]:
    """Every secret text of loaded settings: tokens, keys, and the passwords of addresses."""
    return _secret_parts(secret.get_secret_value() for secret in _secret_fields(settings))


def secrets_among(variables: WrittenVariables, known: Iterable[DeclaredVariable]) -> list[str]:
    """The same for settings that could not be loaded."""
    names = [declared.variable.name for declared in known if declared.variable.secret]
    written = [value for name in names if (value := variables.find(name)) is not None]
    # Several keys in one variable have commas between them, several addresses spaces.
    return _secret_parts(
        [*written, *(part for text in written for part in re.split(r"[,\s]+", text) if part)]
    )


def _secret_fields(model: BaseModel) -> Iterator[SecretStr]:
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, SecretStr):
            yield value
        elif isinstance(value, tuple):
            yield from (each for each in value if isinstance(each, SecretStr))
        elif isinstance(value, BaseModel):
            yield from _secret_fields(value)


def _secret_parts(values: Iterable[str]) -> list[str]:
    return [part for value in values for part in _parts(value)]


def _parts(value: str) -> list[str]:
    scheme, is_address, rest = value.partition("://")
    if not is_address:
        return [value]
    password = _password(value)
    passwords = [password, unquote(password)] if password else []
    if scheme.partition("+")[0] in _SERVERS:
        return passwords
    # Where notices are sent to, a token may stand anywhere in the address.
    pieces = [piece for piece in _JOINTS.split(rest) if len(piece) >= _SHORTEST_PIECE]
    return [value, rest, *passwords, *pieces]


def _password(address: str) -> str | None:
    try:
        return urlsplit(address).password
    except ValueError:  # not an address after all: all of it is secret
        return address
