"""The whole tree of settings, and the rules that bind several of them."""

from pathlib import Path
from typing import Annotated

from pydantic_settings import BaseSettings, SettingsConfigDict

from app.settings.problems import Problem
from app.settings.sections import (
    ExchangeSettings,
    LoggingSettings,
    StorageSettings,
    TelegramSettings,
)
from app.settings.strategy import Strategy
from app.settings.variable import Variable


class Settings(BaseSettings):
    """Everything that can be set. `load_settings` is the way to make one."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, case_sensitive=True
    )

    telegram: TelegramSettings = TelegramSettings()
    exchange: ExchangeSettings = ExchangeSettings()
    storage: StorageSettings = StorageSettings()
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


def broken_rules(settings: Settings) -> list[Problem]:
    """What is wrong about the combination of settings that are each right by themselves."""
    return [problem for rule in _RULES if (problem := rule(settings)) is not None]


def _fast_time_needs_a_simulated_venue(settings: Settings) -> Problem | None:
    exchange = settings.exchange
    if exchange.clock_speed == 1 or exchange.rest_url is not None:
        return None
    return Problem(
        key="CLOCK_SPEED",
        place="environment",
        value=exchange.clock_speed,
        complaint="the exchange's own time runs at speed 1; set EXCHANGE_REST_URL and "
        "EXCHANGE_WS_URL to a simulated venue, or leave CLOCK_SPEED away",
    )


def _a_key_needs_its_other_half(settings: Settings) -> Problem | None:
    key, secret = settings.exchange.api_key, settings.exchange.api_secret
    if (key is None) == (secret is None):
        return None
    missing, other = "BINANCE_API_KEY", "BINANCE_API_SECRET"
    if key is not None:
        missing, other = other, missing
    return Problem(
        key=missing,
        place="environment",
        complaint=f"missing, though {other} is set; set both or none",
    )


# A switch that must not be combined with another one (trading with real money and a fast clock,
# say) is refused here, by a rule of its own.
_RULES = (_fast_time_needs_a_simulated_venue, _a_key_needs_its_other_half)
