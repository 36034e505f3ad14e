"""The whole tree of settings, and the rules that bind several of them."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, TypeAlias

from pydantic_settings import BaseSettings, SettingsConfigDict

from app.settings.problems import Problem
from app.settings.sections import (
    ExchangeSettings,
    FeedSettings,
    LoggingSettings,
    MonitoringSettings,
    StorageSettings,
    TelegramSettings,
    TradingSettings,
)
from app.settings.strategy import Strategy
from app.settings.variable import Variable

Place: TypeAlias = Callable[[str], str]
"""Where the value of a variable comes from, for whoever has to change it there."""


class Settings(BaseSettings):
    """Everything that can be set. `load_settings` is the way to make one."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, case_sensitive=True
    )

    telegram: TelegramSettings = TelegramSettings()
    exchange: ExchangeSettings = ExchangeSettings()
    feeds: FeedSettings = FeedSettings()
    trading: TradingSettings = TradingSettings()
    storage: StorageSettings = StorageSettings()
    monitoring: MonitoringSettings = MonitoringSettings()
    logging: LoggingSettings = LoggingSettings()
    strategy_path: Annotated[
        Path,
        Variable(
            name="QUORUM_CONFIG",
            doc="The strategy file. A file that is named here must exist.",
            allowed="the path of a TOML file",
        ),
    ] = Path("config/quorum.toml")
    strategy: Strategy = Strategy()


def broken_rules(settings: Settings, place: Place) -> list[Problem]:
    """What is wrong about the combination of settings that are each right by themselves."""
    return [problem for rule in _RULES if (problem := rule(settings, place)) is not None]


def _fast_time_needs_a_simulated_venue(settings: Settings, place: Place) -> Problem | None:
    exchange = settings.exchange
    if exchange.clock_speed == 1 or exchange.rest_url is not None:
        return None
    return Problem(
        key="CLOCK_SPEED",
        place=place("CLOCK_SPEED"),
        value=exchange.clock_speed,
        complaint="the exchange's own time runs at speed 1; set EXCHANGE_REST_URL and "
        "EXCHANGE_WS_URL to a simulated venue, or leave CLOCK_SPEED away",
    )


def _keys_come_in_pairs(settings: Settings, place: Place) -> Problem | None:
    exchange = settings.exchange
    keys = {"BINANCE_API_KEY": exchange.api_key, "BINANCE_API_SECRET": exchange.api_secret}
    return _all_or_none(keys, place)


def _a_venue_has_both_addresses(settings: Settings, place: Place) -> Problem | None:
    # With one address alone, prices and candles would come from two different exchanges.
    exchange = settings.exchange
    addresses = {"EXCHANGE_REST_URL": exchange.rest_url, "EXCHANGE_WS_URL": exchange.ws_url}
    return _all_or_none(addresses, place)


def _telegram_needs_a_channel(settings: Settings, place: Place) -> Problem | None:
    telegram = settings.telegram
    if telegram.bot_token is None or telegram.channel_id is not None:
        return None
    return _missing("TELEGRAM_CHANNEL_ID", "TELEGRAM_BOT_TOKEN", place)


def _live_trading_needs_a_key(settings: Settings, place: Place) -> Problem | None:
    trading = settings.trading
    if not trading.live or settings.exchange.api_key is not None or trading.master_keys:
        return None
    return Problem(
        key="LIVE_TRADING",
        place=place("LIVE_TRADING"),
        value="on",
        complaint="there is no account to trade with: set BINANCE_API_KEY and BINANCE_API_SECRET, "
        "or ACCOUNT_MASTER_KEYS so that traders can connect their own",
    )


def _an_override_needs_live_trading(settings: Settings, place: Place) -> Problem | None:
    trading = settings.trading
    if trading.live or not trading.override:
        return None
    return Problem(
        key="LIVE_OVERRIDE",
        place=place("LIVE_OVERRIDE"),
        value=trading.override,
        complaint="there is nothing to override: set LIVE_TRADING=on, or leave it away",
    )


def _auto_execution_needs_somebody(settings: Settings, place: Place) -> Problem | None:
    if not settings.trading.auto or settings.telegram.admin_ids or not settings.telegram.bot_token:
        return None
    return Problem(
        key="AUTO_EXECUTE",
        place=place("AUTO_EXECUTE"),
        value="on",
        complaint="nobody to trade for: set TELEGRAM_ADMIN_IDS",
    )


def _all_or_none(values: Mapping[str, object], place: Place) -> Problem | None:
    given = [name for name, value in values.items() if value is not None]
    missing = [name for name, value in values.items() if value is None]
    return _missing(missing[0], given[0], place) if given and missing else None


def _missing(name: str, given: str, place: Place) -> Problem:
    return Problem(
        key=name,
        place=place(given),
        complaint=f"missing, though {given} is set; set both or none",
    )


_RULES = (
    _fast_time_needs_a_simulated_venue,
    _keys_come_in_pairs,
    _a_venue_has_both_addresses,
    _telegram_needs_a_channel,
    _live_trading_needs_a_key,
    _an_override_needs_live_trading,
    _auto_execution_needs_somebody,
)
