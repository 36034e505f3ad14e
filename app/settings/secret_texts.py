"""The secret texts among the settings, for the redaction of whatever leaves the process."""

from collections.abc import Iterable, Iterator
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, SecretStr

from app.settings.variable import DeclaredVariable
from app.settings.written import WrittenVariables


def secrets_of(settings: BaseModel) -> list[str]:
    """Every secret text of loaded settings: tokens, keys, and the passwords of addresses."""
    return _secret_parts(secret.get_secret_value() for secret in _secret_fields(settings))


def secrets_among(variables: WrittenVariables, known: Iterable[DeclaredVariable]) -> list[str]:
    """The same for settings that could not be loaded."""
    secret = [declared.variable.name for declared in known if declared.variable.secret]
    return _secret_parts(filter(None, map(variables.find, secret)))


def _secret_fields(model: BaseModel) -> Iterator[SecretStr]:
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, SecretStr):
            yield value
        elif isinstance(value, BaseModel):
            yield from _secret_fields(value)


def _secret_parts(values: Iterable[str]) -> list[str]:
    return [part for value in values for part in _parts(value)]


def _parts(value: str) -> list[str]:
    if "://" not in value:
        return [value]
    password = _password(value)
    return [password, unquote(password)] if password else []


def _password(address: str) -> str | None:
    try:
        return urlsplit(address).password
    except ValueError:  # not an address after all: all of it is secret
        return address
