"""Secrets and switches: the part of the settings that comes from the environment and `.env`."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from app.log_levels import LogLevels
from app.settings.kinds import (
    BotToken,
    Channel,
    DatabaseUrl,
    ExchangeId,
    HttpUrl,
    Levels,
    MasterKeys,
    ProviderUrls,
    RedisUrl,
    SecretUrls,
    Switch,
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
    trader_ids: Annotated[
        UserIds,
        Variable(
            name="TELEGRAM_TRADER_IDS",
            doc="Who else may execute signals: on paper, and live on the operator's account unless "
            "they have connected one of their own.",
            allowed="numeric user ids with commas between them",
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
            doc="The operator's own account, for live trading. Signals and paper need no key. Make "
            "one that may trade futures and may not withdraw: a key that may is refused.",
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
            allowed="a redis://, rediss:// or unix:// address; / ? # in a password are written "
            "%2F %3F %23",
            secret=True,
        ),
    ] = None
    backups_kept: Annotated[
        int,
        Field(ge=0, le=1000),
        Variable(
            name="BACKUPS_KEPT",
            doc="A backup a day goes to var/backups, and so many of the newest are kept there; 0 "
            "makes none. Keep copies on another machine (docs/data.md).",
            allowed="a whole number, 0 to 1000",
        ),
    ] = 7


class TradingSettings(Section):
    """Execution: what a press on a signal's button may lead to."""

    live: Annotated[
        Switch,
        Variable(
            name="LIVE_TRADING",
            doc="The first of two switches for trading with real money; the second is `/mode live` "
            "in chat. Without it everything is executed on paper.",
            allowed="on or off",
        ),
    ] = False
    override: Annotated[
        str,
        Variable(
            name="LIVE_OVERRIDE",
            doc="Your reason to trade with real money although the readiness gate is not passed; "
            "every daily report shows it. Needs LIVE_TRADING=on. Empty: the gate decides.",
            allowed="words",
            example="small size, to try the execution",
        ),
    ] = ""
    confirm: Annotated[
        Switch,
        Variable(
            name="TRADE_CONFIRM",
            doc="Whether a press is confirmed in private chat, with size and worst loss, before an "
            "order is sent. `off` sends it at once.",
            allowed="on or off",
        ),
    ] = True
    auto: Annotated[
        Switch,
        Variable(
            name="AUTO_EXECUTE",
            doc="Whether each signal is executed for the first of TELEGRAM_ADMIN_IDS as if he had "
            "pressed and confirmed, in the mode of the chat.",
            allowed="on or off",
        ),
    ] = False
    master_keys: Annotated[
        MasterKeys,
        Variable(
            name="ACCOUNT_MASTER_KEYS",
            doc="Encrypts the exchange keys of traders who connect an account of their own. The "
            "first one encrypts, the others still open what is older. Empty: nobody can connect.",
            allowed="keys of 44 characters with commas between them; `python -m app accounts "
            "new-key` makes one",
            secret=True,
        ),
    ] = ()


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


class MonitoringSettings(Section):
    """Whoever watches the bot from outside: health and metrics over HTTP, other channels."""

    host: Annotated[
        str,
        Variable(
            name="MONITORING_HOST",
            doc="The address that /healthz, /readyz and /metrics are served on. They tell how the "
            "bot is doing to whoever can reach it and ask for no password.",
            allowed="an address of this machine; 127.0.0.1 keeps it on this machine",
        ),
    ] = "127.0.0.1"
    port: Annotated[
        int,
        Field(ge=0, le=65535),
        Variable(
            name="MONITORING_PORT",
            doc="Their port; 0 serves nothing.",
            allowed="a port, 0 to 65535",
        ),
    ] = 9464
    notify_urls: Annotated[
        SecretUrls,
        Variable(
            name="NOTIFY_URLS",
            doc="Where operators are told of troubles besides Telegram, as Apprise writes it: "
            "e-mail, Discord, Slack and many more (docs/monitoring.md).",
            allowed="Apprise addresses with spaces between them",
            secret=True,
        ),
    ] = ()


class LoggingSettings(Section):
    """The log: on standard error, and in a file where one is set."""

    level: Annotated[
        Levels,
        Variable(
            name="LOG_LEVEL",
            doc="What is worth a line, and what else for single areas: "
            "`info,exchanges=debug,ccxt=error`.",
            allowed="debug, info, warning or error; behind it area=level, with commas between "
            "them. An area is a room (exchanges), a module in it (app.jobs) or a library (ccxt)",
            example="info,exchanges=debug",
        ),
    ] = LogLevels()
    format: Annotated[
        Literal["auto", "console", "json"],
        Word,
        Variable(
            name="LOG_FORMAT",
            doc="`auto` is for people on a terminal and JSON elsewhere. The file is always JSON.",
            allowed="auto, console or json",
        ),
    ] = "auto"
    file: Annotated[
        Path | None,
        Variable(
            name="LOG_FILE",
            doc="A file for the same lines. Its folder is made if need be. Empty: standard error "
            "alone.",
            allowed="the path of a file that this user may write",
            example="var/log/quorum.log",
        ),
    ] = None
    megabytes: Annotated[
        int,
        Field(ge=1, le=10_000),
        Variable(
            name="LOG_FILE_MEGABYTES",
            doc="How large the file grows before the next one is begun.",
            allowed="a whole number from 1 to 10000",
        ),
    ] = 10
    files: Annotated[
        int,
        Field(ge=2, le=1000),
        Variable(
            name="LOG_FILES",
            doc="How many files are kept, the one being written among them.",
            allowed="a whole number from 2 to 1000",
        ),
    ] = 5
