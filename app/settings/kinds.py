"""What a variable may hold: the types of the fields, each checked and brought into one form.

The errors raised here say only that a value is wrong; what is allowed is said by its `Variable`. A
`HintedError` adds what the mistake most likely is.
"""

import base64
import re
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr

from app.log_levels import LogLevels
from app.settings.feeds import ProviderName
from db.engine import parse_database_url
from domain.errors import ConfigurationError

_BOT_TOKEN = re.compile(r"\d+:\S+")
_CHANNEL_NUMBER = re.compile(r"-100\d+")
_EXCHANGE_ID = re.compile(r"[a-z0-9_]{2,32}")
_MASTER_KEY_BYTES = 32
_LAST_PORT = 65535
_WALLET = re.compile(r"0x[0-9a-fA-F]{40}")
_PUBLIC_NAME = re.compile(r"@[A-Za-z]\w{3,31}", re.ASCII)
_BEYOND_USER_IDS = 2**53
"""Telegram promises ids of at most 52 significant bits."""


class HintedError(ValueError):
    """A wrong value, in words that are told as they are: they repeat no part of it."""


def _bot_token(secret: SecretStr) -> SecretStr:
    if not _BOT_TOKEN.fullmatch(secret.get_secret_value()):
        raise ValueError("not a bot token")
    return secret


def _channel(text: object) -> int | str:
    written = str(text).strip()
    if _CHANNEL_NUMBER.fullmatch(written):
        return int(written)
    if _PUBLIC_NAME.fullmatch(written):
        return written
    raise ValueError("not a channel")


def _separated(given: object) -> object:
    if not isinstance(given, str):
        return given
    return tuple(part.strip() for part in given.split(",") if part.strip())


def _spaced(given: object) -> object:
    return tuple(given.split()) if isinstance(given, str) else given


def _user_id(number: int) -> int:
    if number <= 0:
        raise ValueError("not a user id")
    if number >= _BEYOND_USER_IDS:
        raise HintedError("one is longer than any id; is a comma missing?")
    return number


def _url(text: str, schemes: tuple[str, ...]) -> str:
    parts = urlsplit(text)
    if parts.scheme not in schemes or not parts.hostname:
        raise ValueError("not an address")
    _refuse_wrong_port(_port(parts))
    return text.rstrip("/")


def _port(parts: SplitResult) -> int | None:
    """The port of an address, 0 for one that is none."""
    try:
        return parts.port
    except ValueError:
        return 0


def _refuse_wrong_port(port: int | None) -> None:
    """Nothing ever answers there, and the bot would wait for it."""
    if port is not None and not 1 <= port <= _LAST_PORT:
        raise HintedError(f"the port is not a number from 1 to {_LAST_PORT}")


def _provider_urls(given: object) -> object:
    """ "reddit=https://..., x=https://..." as pairs; anything else as it is."""
    if not isinstance(given, str):
        return given
    parts = [part.strip() for part in given.split(",") if part.strip()]
    named = [part.partition("=") for part in parts]
    if any(not joint for _, joint, _ in named):
        raise ValueError("not name=address pairs")
    return tuple((name.strip(), url.strip()) for name, _, url in named)


def _wallet(text: str) -> str:
    if not _WALLET.fullmatch(text):
        raise ValueError("not a wallet's address")
    return text


def _http_url(text: str) -> str:
    return _url(text, ("http", "https"))


def _websocket_url(text: str) -> str:
    return _url(text, ("ws", "wss"))


def _redis_url(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if not text.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("not a Redis address")
    _refuse_wrong_port(_port(urlsplit(text)))
    return secret


def _database_url(secret: SecretStr) -> SecretStr:
    try:
        url = parse_database_url(secret.get_secret_value())
    except ConfigurationError as error:
        raise ValueError(str(error)) from None
    _refuse_wrong_port(url.port)
    return secret


def _exchange_id(text: str) -> str:
    if not _EXCHANGE_ID.fullmatch(text):
        raise ValueError("not an exchange")
    return text


def _switch(given: object) -> object:
    named = {"on": True, "off": False}
    if isinstance(given, str) and given.strip().lower() in named:
        return named[given.strip().lower()]
    if isinstance(given, bool):
        return given
    raise ValueError("neither on nor off")


def _master_key(secret: SecretStr) -> SecretStr:
    try:
        is_key = len(base64.urlsafe_b64decode(secret.get_secret_value())) == _MASTER_KEY_BYTES
    except ValueError:
        is_key = False
    if not is_key:
        raise ValueError("not a master key")
    return secret


def _log_levels(given: object) -> object:
    return LogLevels.parse(given) if isinstance(given, str) else given


def _lower_case(given: object) -> object:
    return given.strip().lower() if isinstance(given, str) else given


BotToken = Annotated[SecretStr, AfterValidator(_bot_token)]
"""A Bot API token, `<digits>:<characters>`."""

Channel = Annotated[int | str, BeforeValidator(_channel)]
"""A channel as the Bot API takes it: its number, or its public name with the @."""

UserIds = Annotated[
    tuple[Annotated[int, AfterValidator(_user_id)], ...], BeforeValidator(_separated)
]
"""Numeric user ids, written with commas between them."""

Wallets = Annotated[
    tuple[Annotated[str, AfterValidator(_wallet)], ...], BeforeValidator(_separated)
]
"""Addresses of wallets on Ethereum, written with commas between them."""

Switch = Annotated[bool, BeforeValidator(_switch)]
"""On or off, in words: a money switch is not set by whatever happens to look true."""

MasterKeys = Annotated[
    tuple[Annotated[SecretStr, AfterValidator(_master_key)], ...], BeforeValidator(_separated)
]
"""Keys of Fernet (32 bytes in URL-safe base64), written with commas between them."""

SecretUrls = Annotated[tuple[SecretStr, ...], BeforeValidator(_spaced)]
"""Addresses that hold passwords and may hold commas, written with spaces between them."""

HttpUrl = Annotated[str, AfterValidator(_http_url)]
"""An http or https address without a slash at its end."""

ProviderUrls = Annotated[tuple[tuple[ProviderName, HttpUrl], ...], BeforeValidator(_provider_urls)]
"""Addresses by the provider's name, written name=address with commas between them."""

WebSocketUrl = Annotated[str, AfterValidator(_websocket_url)]
"""A ws or wss address without a slash at its end."""

DatabaseUrl = Annotated[SecretStr, AfterValidator(_database_url)]
"""A database address as the user wrote it. It may hold a password."""

RedisUrl = Annotated[SecretStr, AfterValidator(_redis_url)]
"""A Redis address. It may hold a password."""

ExchangeId = Annotated[str, BeforeValidator(_lower_case), AfterValidator(_exchange_id)]
"""An exchange as ccxt calls it; whether ccxt knows it is told when it is opened."""

Levels = Annotated[LogLevels, BeforeValidator(_log_levels)]
"""What is worth a line: a level, and by area others, with commas between them."""

Word = BeforeValidator(_lower_case)
"""Marks a choice that may be written in any case."""
