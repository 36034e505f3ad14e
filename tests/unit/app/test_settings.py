"""Settings that are right: where they come from, what beats what, what form they take."""

from pathlib import Path

import pytest

from app.settings import Settings, load_settings, secrets_of
from domain.evidence import LayerName

TOKEN = "123456789:AAF-abcdefghijklmnopqrstuvwxyz01234"


def _strategy_file(folder: Path, text: str) -> dict[str, str]:
    path = folder / "strategy.toml"
    path.write_text(text, encoding="utf-8")
    return {"QUORUM_CONFIG": str(path)}


def test_nothing_set_gives_the_defaults() -> None:
    settings = load_settings({}, env_file=None)

    assert settings.telegram.bot_token is None
    assert settings.exchange.name == "binanceusdm"
    assert settings.exchange.clock_speed == 1
    assert (
        settings.storage.database_url.get_secret_value() == "sqlite+aiosqlite:///var/quorum.sqlite"
    )
    assert settings.strategy == Settings().strategy


def test_every_outside_name_reaches_its_field() -> None:
    settings = load_settings(
        {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_CHANNEL_ID": "-1001234567890",
            "TELEGRAM_ADMIN_IDS": "11, 22,",
            "TELEGRAM_API_URL": "http://127.0.0.1:8081/",
            "EXCHANGE": " Bybit ",
            "EXCHANGE_REST_URL": "http://127.0.0.1:8700/",
            "EXCHANGE_WS_URL": "ws://127.0.0.1:8700",
            "BINANCE_API_KEY": "a-key",
            "BINANCE_API_SECRET": "a-secret",
            "CLOCK_SPEED": "600",
            "DATABASE_URL": "postgresql://quorum:pa55word@db/quorum",
            "REDIS_URL": "redis://:hush-hush@cache:6379/0",
            "LOG_LEVEL": "DEBUG",
            "LOG_FORMAT": "json",
        },
        env_file=None,
    )

    assert settings.telegram.bot_token is not None
    assert settings.telegram.bot_token.get_secret_value() == TOKEN
    assert settings.telegram.channel_id == -1001234567890
    assert settings.telegram.admin_ids == (11, 22)
    assert settings.telegram.api_url == "http://127.0.0.1:8081"
    assert settings.exchange.name == "bybit"
    assert settings.exchange.rest_url == "http://127.0.0.1:8700"
    assert settings.exchange.ws_url == "ws://127.0.0.1:8700"
    assert settings.exchange.clock_speed == 600
    assert str(settings.logging.level) == "debug"
    assert settings.logging.format == "json"
    assert set(secrets_of(settings)) == {TOKEN, "a-key", "a-secret", "pa55word", "hush-hush"}


def test_of_an_address_for_notices_every_part_is_secret() -> None:
    environ = {"NOTIFY_URLS": "discord://123456789/t0ken-of-hook mailto://ada:pa55@example.org"}
    settings = load_settings(environ, env_file=None)
    first, second = settings.monitoring.notify_urls
    assert first.get_secret_value() == "discord://123456789/t0ken-of-hook"
    hidden = set(secrets_of(settings))
    assert {"123456789", "t0ken-of-hook", "pa55", second.get_secret_value()} <= hidden


def test_no_secret_shows_when_settings_are_printed() -> None:
    settings = load_settings(
        {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_CHANNEL_ID": "@quorum_signals",
            "DATABASE_URL": "postgresql://q:pa55word@db/q",
        },
        env_file=None,
    )

    shown = f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"

    assert TOKEN not in shown
    assert "pa55word" not in shown


def test_a_public_channel_keeps_its_name() -> None:
    settings = load_settings({"TELEGRAM_CHANNEL_ID": "@quorum_signals"}, env_file=None)

    assert settings.telegram.channel_id == "@quorum_signals"


def test_an_empty_value_counts_as_not_set() -> None:
    settings = load_settings({"TELEGRAM_BOT_TOKEN": "", "CLOCK_SPEED": "  "}, env_file=None)

    assert settings.telegram.bot_token is None
    assert settings.exchange.clock_speed == 1


def test_environment_beats_env_file_and_command_line_beats_both(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("LOG_LEVEL=error\nLOG_FORMAT=json\nEXCHANGE=okx\n", encoding="utf-8")

    settings = load_settings(
        {"LOG_LEVEL": "debug", "LOG_FORMAT": "json"},
        env_file=env_file,
        overrides={"logging": {"format": "console"}},
    )

    assert str(settings.logging.level) == "debug"
    assert settings.logging.format == "console"
    assert settings.exchange.name == "okx"


def test_an_empty_variable_does_not_hide_the_env_file(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("EXCHANGE=okx\n", encoding="utf-8")

    assert load_settings({"EXCHANGE": ""}, env_file=env_file).exchange.name == "okx"


def test_the_environment_of_the_process_is_read_by_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOG_LEVEL", "warning")

    assert str(load_settings().logging.level) == "warning"


def test_foreign_variables_are_left_alone(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("POSTGRES_PASSWORD=x\nCOMPOSE_PROFILES=redis\n", encoding="utf-8")

    load_settings({"PATH": "/bin", "HOME": "/root", "REDIS_PORT": "1"}, env_file=env_file)


def test_thresholds_come_from_the_strategy_file(tmp_path: Path) -> None:
    environ = _strategy_file(
        tmp_path,
        """
        [scanner]
        maximum_pairs = 12
        [technical.periods]
        rsi = 21
        [risk.levels]
        [confluence]
        layers = ["technical"]
        high_threshold = 82
        """,
    )

    strategy = load_settings(environ, env_file=None).strategy

    assert strategy.scanner.maximum_pairs == 12
    assert strategy.technical.periods.rsi == 21
    assert strategy.technical.periods.atr == 14
    assert strategy.confluence.layers == (LayerName.TECHNICAL,)
    assert strategy.confluence.high_threshold == 82
    assert strategy.risk == Settings().strategy.risk


def test_the_default_strategy_file_may_be_absent(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)

    assert load_settings({}, env_file=None).strategy == Settings().strategy


def test_settings_can_not_be_changed_afterwards() -> None:
    settings = load_settings({}, env_file=None)

    with pytest.raises(ValueError, match="frozen"):
        settings.exchange.clock_speed = 2.0  # type: ignore[misc]  # the very mistake
