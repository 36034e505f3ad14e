"""Settings that are wrong or unknown: one message with every key, and no secret in it."""

import traceback
from pathlib import Path

import pytest

from app.settings import load_settings
from app.settings.threshold import Threshold
from domain.errors import ConfigurationError

TOKEN = "123456789:AAF-abcdefghijklmnopqrstuvwxyz01234"


def _refusal(environ: dict[str, str], env_file: Path | None = None) -> str:
    with pytest.raises(ConfigurationError) as refused:
        load_settings(environ, env_file=env_file)
    return str(refused.value)


def _refused_strategy(folder: Path, text: str) -> str:
    path = folder / "strategy.toml"
    path.write_text(text, encoding="utf-8")
    return _refusal({"QUORUM_CONFIG": str(path)})


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("TELEGRAM_CHANNEL_ID", "1234567890", "begins with -100"),
        ("TELEGRAM_CHANNEL_ID", "quorum", "@publicname"),
        ("TELEGRAM_ADMIN_IDS", "11,@ann", "numeric user ids"),
        ("TELEGRAM_ADMIN_IDS", "0", "numeric user ids"),
        ("TELEGRAM_TRADER_IDS", "@ann", "numeric user ids"),
        ("TELEGRAM_API_URL", "api.telegram.org", "http:// or https://"),
        ("LIVE_TRADING", "1", "on or off"),
        ("TRADE_CONFIRM", "no", "on or off"),
        ("AUTO_EXECUTE", "true", "on or off"),
        ("EXCHANGE", "binance usdm", "ccxt id"),
        ("EXCHANGE_REST_URL", "ws://localhost", "http:// or https://"),
        ("EXCHANGE_WS_URL", "http://localhost", "ws:// or wss://"),
        ("CLOCK_SPEED", "fast", "above 0"),
        ("CLOCK_SPEED", "0", "above 0"),
        ("CLOCK_SPEED", "nan", "above 0"),
        ("LOG_LEVEL", "loud", "debug, info, warning or error"),
        ("LOG_FORMAT", "xml", "auto, console or json"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(name: str, value: str, allowed: str) -> None:
    refusal = _refusal({name: value})

    assert "1 setting is wrong" in refusal
    assert f"{name} = {value!r} (environment)" in refusal
    assert allowed in refusal


@pytest.mark.parametrize("port", ["99999", "0", "-1", "80a"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_API_URL", "http://127.0.0.1:{port}"),
        ("EXCHANGE_REST_URL", "http://127.0.0.1:{port}"),
        ("EXCHANGE_WS_URL", "ws://127.0.0.1:{port}/ws"),
        ("FEEDS_URL", "https://[::1]:{port}/feeds"),
        ("FEED_URLS", "reddit=https://example.com, x=https://example.com:{port}"),
    ],
)
def test_an_address_whose_port_is_none_is_refused(name: str, value: str, port: str) -> None:
    refusal = _refusal({name: value.format(port=port)})

    assert "1 setting is wrong" in refusal
    assert f"{name} = " in refusal
    assert "the port is not a number from 1 to 65535" in refusal


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REDIS_URL", "redis://:hush-hush@cache:99999/0"),
        ("REDIS_URL", "rediss://cache:port/0?password=hush-hush"),
        ("REDIS_URL", "redis://:hush-hush/slash@cache:6379/0"),
        ("DATABASE_URL", "postgresql://user:hush-hush@db:99999/name"),
        ("DATABASE_URL", "postgresql://user:hush-hush@db:0/name"),
    ],
)
def test_a_secret_address_whose_port_is_none_is_refused(name: str, value: str) -> None:
    refusal = _refusal({name: value})

    assert f"{name} (environment): allowed is " in refusal
    assert "the port is not a number from 1 to 65535" in refusal
    assert "hush" not in refusal


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REDIS_URL", "redis://cache"),
        ("REDIS_URL", "unix:///run/redis.sock?db=1"),
        ("REDIS_URL", "redis://:p%2Fss@[::1]:6379/0"),
        ("DATABASE_URL", "postgresql://user@db/name"),
        ("DATABASE_URL", "postgresql://user@db:5432/name"),
        ("TELEGRAM_API_URL", "http://[::1]:8081"),
    ],
)
def test_an_address_may_have_a_port_or_none(name: str, value: str) -> None:
    load_settings({name: value}, env_file=None)


@pytest.mark.parametrize("name", ["TELEGRAM_ADMIN_IDS", "TELEGRAM_TRADER_IDS"])
@pytest.mark.parametrize("ids", ["71234567896987654321", "11, 9007199254740992"])
def test_two_ids_without_a_comma_are_not_one_user(name: str, ids: str) -> None:
    refusal = _refusal({name: ids})

    assert "1 setting is wrong" in refusal
    assert f"{name} = {ids!r} (environment): allowed is numeric user ids" in refusal
    assert "; is a comma missing?" in refusal


def test_the_largest_user_id_is_taken() -> None:
    settings = load_settings({"TELEGRAM_ADMIN_IDS": "9007199254740991"}, env_file=None)

    assert settings.telegram.admin_ids == (2**53 - 1,)


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("TELEGRAM_BOT_TOKEN", "no token at all", "@BotFather"),
        ("DATABASE_URL", "mysql://user:pa55word@db/name", "postgresql+asyncpg://"),
        ("DATABASE_URL", "postgresql://user:pa55word@db:port/name", "postgresql+asyncpg://"),
        ("DATABASE_URL", "var/quorum.sqlite", "sqlite+aiosqlite:///"),
        ("REDIS_URL", "http://user:pa55word@cache", "redis://"),
        ("ACCOUNT_MASTER_KEYS", "pa55word", "44 characters"),
    ],
)
def test_a_wrong_secret_is_named_without_its_value(name: str, value: str, allowed: str) -> None:
    refusal = _refusal({name: value})

    assert f"{name} (environment)" in refusal
    assert allowed in refusal
    assert value not in refusal
    assert "pa55word" not in refusal


def test_every_wrong_key_stands_in_the_one_message(tmp_path: Path) -> None:
    strategy = tmp_path / "strategy.toml"
    strategy.write_text("[scanner]\nmaximum_pairs = 0\nmaximum_pears = 1\n", encoding="utf-8")
    env_file = tmp_path / ".env"
    env_file.write_text("LOG_LEVEL=loud\nTELEGRAM_CHANEL_ID=-1001\n", encoding="utf-8")

    refusal = _refusal({"CLOCK_SPEED": "fast", "QUORUM_CONFIG": str(strategy)}, env_file)

    assert "5 settings are wrong" in refusal
    assert "CLOCK_SPEED = 'fast' (environment)" in refusal
    assert f"LOG_LEVEL = 'loud' ({env_file})" in refusal
    assert f"TELEGRAM_CHANEL_ID ({env_file})" in refusal
    assert f"[scanner] maximum_pairs = 0 ({strategy})" in refusal
    assert f"[scanner] maximum_pears ({strategy})" in refusal


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("TELEGRAM_BOT_TOKN", "TELEGRAM_BOT_TOKEN"),
        ("TELEGRAM_TOKEN", "TELEGRAM_BOT_TOKEN"),
        ("EXCHANGE_REST_ULR", "EXCHANGE_REST_URL"),
        ("BINANCE_APIKEY", "BINANCE_API_KEY"),
        ("QUORUM_CONF", "QUORUM_CONFIG"),
        ("telegram_bot_token", "TELEGRAM_BOT_TOKEN"),
        ("Telegram_Token", "TELEGRAM_BOT_TOKEN"),
    ],
)
def test_an_unknown_variable_of_ours_suggests_the_nearest_name(written: str, meant: str) -> None:
    refusal = _refusal({written: TOKEN})

    assert f"{written} (environment): unknown setting; did you mean {meant}?" in refusal
    assert TOKEN not in refusal


@pytest.mark.parametrize("written", ["DATABSE_URL", "database_url"])
def test_a_typing_error_in_the_env_file_is_found_without_our_prefix(
    tmp_path: Path, written: str
) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text(f"{written}=sqlite:///x.sqlite\n", encoding="utf-8")

    assert "did you mean DATABASE_URL?" in _refusal({}, env_file)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[scaner]\nx = 1", "[scaner] ({path}): unknown setting; did you mean scanner?"),
        ("[technical.rsy]\nx = 1", "[technical] rsy ({path}): unknown setting; did you mean rsi?"),
        (
            "[scanner]\nmaximum_pairs = 'all'",
            "[scanner] maximum_pairs = 'all' ({path}): allowed is a whole number, 1 to 400 (pairs)",
        ),
        (
            "[technical.periods]\nrsi = 0",
            "[technical.periods] rsi = 0 ({path}): allowed is a whole number",
        ),
        (
            "[confluence]\nlow_quality_hours = [4, 24]",
            "[confluence] low_quality_hours = [4, 24] ({path}): allowed is a list of whole numbers",
        ),
        (
            "[scanner]\njoin_score = true",
            "[scanner] join_score = True ({path}): allowed is a number, ",
        ),
        (
            "[scanner]\nmaximum_pairs = true",
            "[scanner] maximum_pairs = True ({path}): allowed is a",
        ),
        (
            "[confluence]\nlow_quality_hours = [4, true]",
            "[confluence] low_quality_hours = [4, True] ({path}): allowed is a list of whole",
        ),
        (
            "[risk.levels]\nminimum_stop_percent = 2\nmaximum_stop_percent = 2",
            "[risk.levels] ({path}): minimum_stop_percent is 2.0",
        ),
        (
            "[issue]\nmaximum_lateness_seconds = 901",
            "[issue] ({path}): maximum_lateness_seconds is 901.0",
        ),
        ("[confluence]\nlayers = ['technicl']", "[confluence] layers = 'technicl' ({path})"),
        (
            "[delivery]\ngroup_per_minute = 99999999999999999999",
            "[delivery] group_per_minute = 99999999999999999999 ({path}): allowed is a whole",
        ),
        (
            "[feeds]\noff = ['redit']",
            "[feeds] off = 'redit' ({path}): allowed is a list of whale_alert, etherscan, ",
        ),
        ("[memory]\nmajors = [1]", "[memory] majors = 1 ({path}): allowed is a list of texts"),
        ("[feeds]\noff = 'redit'", "news_the_block, reddit, lunarcrush or x (names)"),
        ("[confluence]\nhigh_threshold = nan", "[confluence] high_threshold = nan ({path})"),
        ("risk = 3", "[risk] ({path}): not a table"),
        ("[technical]\nweights = 3", "[technical.weights] ({path}): not a table"),
        ("[scanner\n", "not readable"),
    ],
)
def test_a_wrong_strategy_file_is_told_by_table_and_key(
    tmp_path: Path, text: str, said: str
) -> None:
    refusal = _refused_strategy(tmp_path, text)

    assert "1 setting is wrong" in refusal
    assert said.format(path=tmp_path / "strategy.toml") in refusal


def test_thresholds_that_contradict_each_other_are_told_by_their_table(tmp_path: Path) -> None:
    refusal = _refused_strategy(
        tmp_path, "[confluence]\nhigh_threshold = 60.0\nmedium_threshold = 70.0"
    )

    assert "[confluence]" in refusal


def test_a_named_strategy_file_must_exist() -> None:
    missing = "/nowhere/missing.toml"  # short: a refusal cuts long values

    assert f"QUORUM_CONFIG = '{missing}'" in _refusal({"QUORUM_CONFIG": missing})


def test_fast_time_is_refused_on_the_real_exchange() -> None:
    assert "CLOCK_SPEED = 60.0" in _refusal({"CLOCK_SPEED": "60"})

    venue = {"EXCHANGE_REST_URL": "http://localhost:1", "EXCHANGE_WS_URL": "ws://localhost:1"}
    load_settings({"CLOCK_SPEED": "60", **venue}, env_file=None)


@pytest.mark.parametrize(
    ("given", "value", "missing"),
    [
        ("BINANCE_API_KEY", "x", "BINANCE_API_SECRET"),
        ("BINANCE_API_SECRET", "x", "BINANCE_API_KEY"),
        ("EXCHANGE_REST_URL", "http://localhost:1", "EXCHANGE_WS_URL"),
        ("EXCHANGE_WS_URL", "ws://localhost:1", "EXCHANGE_REST_URL"),
        ("TELEGRAM_BOT_TOKEN", TOKEN, "TELEGRAM_CHANNEL_ID"),
    ],
)
def test_what_needs_another_setting_is_refused_without_it(
    given: str, value: str, missing: str
) -> None:
    refusal = _refusal({given: value})

    assert "1 setting is wrong" in refusal
    assert f"{missing} (environment): missing, though {given} is set" in refusal


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("LIVE_TRADING=on", "LIVE_TRADING = 'on' ({env_file}): there is no account"),
        ("LIVE_OVERRIDE=small size", "LIVE_OVERRIDE = 'small size' ({env_file}): there is nothing"),
        ("CLOCK_SPEED=60", "CLOCK_SPEED = 60.0 ({env_file}): the exchange's own time"),
        ("BINANCE_API_KEY=x", "BINANCE_API_SECRET ({env_file}): missing, though BINANCE_API_KEY"),
        ("EXCHANGE_WS_URL=ws://h:1", "EXCHANGE_REST_URL ({env_file}): missing"),
        (f"TELEGRAM_BOT_TOKEN={TOKEN}", "TELEGRAM_CHANNEL_ID ({env_file}): missing"),
        (
            f"AUTO_EXECUTE=on\nTELEGRAM_BOT_TOKEN={TOKEN}\nTELEGRAM_CHANNEL_ID=@quorum",
            "AUTO_EXECUTE = 'on' ({env_file}): nobody",
        ),
        ("QUORUM_CONFIG=/none.toml", "QUORUM_CONFIG = '/none.toml' ({env_file}): there is no such"),
    ],
)
def test_what_the_env_file_says_is_looked_for_there(tmp_path: Path, text: str, said: str) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text(f"{text}\n", encoding="utf-8")

    refusal = _refusal({}, env_file)

    assert "1 setting is wrong" in refusal
    assert said.format(env_file=env_file) in refusal


def test_what_is_missing_is_looked_for_where_its_other_half_stands(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("LOG_LEVEL=info\n", encoding="utf-8")

    refusal = _refusal({"BINANCE_API_KEY": "x"}, env_file)

    assert "BINANCE_API_SECRET (environment): missing" in refusal


def test_an_override_of_nothing_is_refused() -> None:
    refusal = _refusal({"LIVE_OVERRIDE": "small size"})

    assert "LIVE_OVERRIDE = 'small size' (environment)" in refusal
    assert "set LIVE_TRADING=on" in refusal


def test_an_override_of_blanks_is_none() -> None:
    settings = load_settings({"LIVE_OVERRIDE": "   "}, env_file=None)
    assert settings.trading.override == ""


def test_a_channel_without_a_token_may_stand() -> None:
    load_settings({"TELEGRAM_CHANNEL_ID": "@quorum_signals"}, env_file=None)


def test_a_broken_rule_stands_next_to_an_unknown_setting() -> None:
    refusal = _refusal({"BINANCE_API_KEY": "x", "TELEGRAM_ADMIN": "1"})

    assert "2 settings are wrong" in refusal
    assert "BINANCE_API_SECRET (environment): missing" in refusal
    assert "TELEGRAM_ADMIN (environment): unknown setting" in refusal


def test_a_switch_is_not_a_number() -> None:
    switch = Threshold(
        table=(),
        name="is_on",
        kind=bool,
        default=True,
        doc="",
        unit="",
        source="",
        low=None,
        high=None,
    )

    assert switch.is_refused(1)
    assert switch.is_refused("yes")
    assert not switch.is_refused(False)


def test_a_token_in_the_wrong_place_is_cut_out() -> None:
    refusal = _refusal({"TELEGRAM_CHANNEL_ID": TOKEN, "TELEGRAM_ADMIN_IDS": f"11,{TOKEN}"})

    assert TOKEN not in refusal


def test_the_chain_of_the_error_holds_nothing() -> None:
    with pytest.raises(ConfigurationError) as refused:
        load_settings(
            {"TELEGRAM_BOT_TOKEN": f"bad {TOKEN}", "DATABASE_URL": "mysql://u:pa55word@h/n"},
            env_file=None,
        )

    assert refused.value.__context__ is None
    assert refused.value.__cause__ is None
    text = "".join(traceback.format_exception(refused.value))
    assert TOKEN not in text
    assert "pa55word" not in text


def test_wrong_overrides_are_a_mistake_of_ours_and_told_as_such() -> None:
    with pytest.raises(ConfigurationError, match=r"exchange\.nmae"):
        load_settings({}, env_file=None, overrides={"exchange": {"nmae": "okx"}})
