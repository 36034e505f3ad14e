"""Secrets and switches: the part of the settings that comes from the environment and `.env`."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from app.settings.kinds import (
    BotToken,
    Channel,
    DatabaseUrl,
    ExchangeId,
    HttpUrl,
    ProviderUrls,
    RedisUrl,
    UserIds,
    Wallets,
    WebSocketUrl,
    Word,
)
from app.settings.variable import Variable


class Section(BaseModel):
    """A frozen part of the tree: a component is given its own section and nothing else."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class TelegramSettings(Section):
    """Telegram: the channel that reads along, and who may give orders."""

    bot_token: Annotated[
        BotToken | None,
        Variable(
            name="TELEGRAM_BOT_TOKEN",
            doc="The bot's token from @BotFather. Without it the messages go to the terminal.",
            allowed="a token as @BotFather gives it: digits, a colon, letters and digits",
            secret=True,
        ),
    ] = None
    channel_id: Annotated[
        Channel | None,
        Variable(
            name="TELEGRAM_CHANNEL_ID",
            doc="The channel that signals are posted to. The bot must be an administrator there.",
            allowed="the channel's numeric id, which begins with -100, or its @publicname",
            example="-1001234567890",
        ),
    ] = None
    admin_ids: Annotated[
        UserIds,
        Variable(
            name="TELEGRAM_ADMIN_IDS",
            doc="Who may give orders in private chat. When empty, the first administrator pairs "
            "with a one-time code that is printed at the start.",
            allowed="numeric user ids with commas between them (a @username is not safe: it can "
            "change hands)",
            example="123456789,987654321",
        ),
    ] = ()
    api_url: Annotated[
        HttpUrl,
        Variable(
            name="TELEGRAM_API_URL",
            doc="The Bot API server.",
            allowed="an http:// or https:// address",
        ),
    ] = "https://api.telegram.org"


class ExchangeSettings(Section):
    """The exchange: which one, where it answers and how fast its time runs."""

    name: Annotated[
        ExchangeId,
        Variable(
            name="EXCHANGE",
            doc="The exchange, by its ccxt id.",
            allowed="the ccxt id of an exchange with USDT perpetuals, such as binanceusdm",
        ),
    ] = "binanceusdm"
    rest_url: Annotated[
        HttpUrl | None,
        Variable(
            name="EXCHANGE_REST_URL",
            doc="Replaces every REST address of the exchange: for `python -m app simulate` or any "
            "server that speaks its protocol. Empty: the exchange's own.",
            allowed="an http:// or https:// address",
            example="http://127.0.0.1:8700",
        ),
    ] = None
    ws_url: Annotated[
        WebSocketUrl | None,
        Variable(
            name="EXCHANGE_WS_URL",
            doc="Replaces every WebSocket address of the exchange, likewise.",
            allowed="a ws:// or wss:// address",
            example="ws://127.0.0.1:8700",
        ),
    ] = None
    api_key: Annotated[
        SecretStr | None,
        Variable(
            name="BINANCE_API_KEY",
            doc="Not needed: signals use public data only.",
            allowed="a key as the exchange gives it, together with BINANCE_API_SECRET",
            secret=True,
        ),
    ] = None
    api_secret: Annotated[
        SecretStr | None,
        Variable(
            name="BINANCE_API_SECRET",
            doc="The other half of the key.",
            allowed="a secret as the exchange gives it, together with BINANCE_API_KEY",
            secret=True,
        ),
    ] = None
    clock_speed: Annotated[
        float,
        Field(gt=0, le=100_000, allow_inf_nan=False),
        Variable(
            name="CLOCK_SPEED",
            doc="How fast a simulated venue's time runs against wall time. Other than 1 is "
            "refused unless EXCHANGE_REST_URL leads to such a venue.",
            allowed="a number above 0, at most 100000",
        ),
    ] = 1.0


class StorageSettings(Section):
    """What must not be lost, and what may be."""

    database_url: Annotated[
        DatabaseUrl,
        Variable(
            name="DATABASE_URL",
            doc="The database: SQLite as a file, or PostgreSQL.",
            allowed="sqlite+aiosqlite:///path/to/file, or "
            "postgresql+asyncpg://user:password@host:5432/name",
            secret=True,
        ),
    ] = SecretStr("sqlite+aiosqlite:///var/quorum.sqlite")
    redis_url: Annotated[
        RedisUrl | None,
        Variable(
            name="REDIS_URL",
            doc="Redis for what may be lost: caches and the lock of the single instance. Empty: "
            "both are kept in the process.",
            allowed="a redis://, rediss:// or unix:// address",
            secret=True,
        ),
    ] = None


class FeedSettings(Section):
    """Providers of outside data: the keys that some want, and other addresses than their own."""

    whale_alert_key: Annotated[
        SecretStr | None,
        Variable(
            name="WHALE_ALERT_API_KEY",
            doc="Whale Alert: large transfers on many chains. Without it that provider is off.",
            allowed="a key from whale-alert.io",
            secret=True,
        ),
    ] = None
    etherscan_key: Annotated[
        SecretStr | None,
        Variable(
            name="ETHERSCAN_API_KEY",
            doc="Etherscan: tokens that move to and from exchanges on Ethereum, and the wallets of "
            "SMART_WALLETS. Without it that provider is off.",
            allowed="a key from etherscan.io",
            secret=True,
        ),
    ] = None
    lunarcrush_key: Annotated[
        SecretStr | None,
        Variable(
            name="LUNARCRUSH_API_KEY",
            doc="LunarCrush: how much a coin is talked about. Without it that provider is off.",
            allowed="a key from lunarcrush.com",
            secret=True,
        ),
    ] = None
    x_token: Annotated[
        SecretStr | None,
        Variable(
            name="X_BEARER_TOKEN",
            doc="X: recent posts about the watched coins. Without it that provider is off.",
            allowed="a bearer token from developer.x.com",
            secret=True,
        ),
    ] = None
    alpha_vantage_key: Annotated[
        SecretStr | None,
        Variable(
            name="ALPHA_VANTAGE_API_KEY",
            doc="Alpha Vantage: a second source for the markets outside. Without it it is off.",
            allowed="a key from alphavantage.co",
            secret=True,
        ),
    ] = None
    smart_wallets: Annotated[
        Wallets,
        Variable(
            name="SMART_WALLETS",
            doc="Wallets on Ethereum whose moves count as smart money; needs ETHERSCAN_API_KEY. "
            "Empty: that component is missing.",
            allowed="addresses of 0x and 40 hexadecimal digits, with commas between them",
            example="0x0000000000000000000000000000000000000001",
        ),
    ] = ()
    base_url: Annotated[
        HttpUrl | None,
        Variable(
            name="FEEDS_URL",
            doc="Replaces the address of every provider by this one, a slash and its name: for "
            "`python -m app simulate`. Empty: their own.",
            allowed="an http:// or https:// address",
            example="http://127.0.0.1:8700/feeds",
        ),
    ] = None
    urls: Annotated[
        ProviderUrls,
        Variable(
            name="FEED_URLS",
            doc="Replaces the addresses of single providers, a proxy or a mirror for example.",
            allowed="name=address pairs with commas between them; names as in docs/feeds.md",
            example="reddit=https://reddit.example.com",
        ),
    ] = ()


class LoggingSettings(Section):
    """The log, on standard error."""

    level: Annotated[
        Literal["debug", "info", "warning", "error"],
        Word,
        Variable(
            name="LOG_LEVEL",
            doc="What is worth a line.",
            allowed="debug, info, warning or error",
        ),
    ] = "info"
    format: Annotated[
        Literal["auto", "console", "json"],
        Word,
        Variable(
            name="LOG_FORMAT",
            doc="`auto` is for people on a terminal and JSON elsewhere.",
            allowed="auto, console or json",
        ),
    ] = "auto"
