"""Lines of `.env` that cannot be read: each is told by its number, and none by what it holds."""

from pathlib import Path

import pytest

from app.settings import load_settings
from domain.errors import ConfigurationError

SECRET = "123456789:AAF-abcdefghijklmnopqrstuvwxyz01234"


def refusal(folder: Path, text: str, environ: dict[str, str] | None = None) -> str:
    env_file = folder / ".env"
    env_file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as refused:
        load_settings(environ or {}, env_file=env_file)
    return str(refused.value)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(f'TELEGRAM_BOT_TOKEN="{SECRET}', id="a quote that is not closed"),
        pytest.param(f"TELEGRAM_BOT_TOKEN='{SECRET}", id="the other quote"),
        pytest.param(f'TELEGRAM_BOT_TOKEN="{SECRET}"x', id="something behind a quote"),
        pytest.param(f"TELEGRAM_BOT_TOKEN {SECRET}", id="no equals sign"),
        pytest.param(f"TELEGRAM_BOT_TOKEN: {SECRET}", id="a colon"),
        pytest.param(f"TELEGRAM_BOT_TOKEN:{SECRET}", id="a colon and no space"),
        pytest.param(SECRET, id="no name"),
        pytest.param("LIVE_TRADING off", id="a switch without an equals sign"),
        pytest.param("TRADE_CONFIRM: off", id="a switch with a colon"),
        pytest.param("LIVE_TRADING", id="a name alone"),
        pytest.param("=off", id="a value alone"),
    ],
)
@pytest.mark.parametrize("before", ["", "# a comment\n\n\nLOG_LEVEL=info\n\n"])
def test_a_line_that_cannot_be_read_is_told_by_its_number(
    line: str, before: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    told = refusal(tmp_path, f"{before}{line}\nLOG_FORMAT=json\n")

    assert "1 setting is wrong" in told
    assert f"line {before.count(chr(10)) + 1} ({tmp_path / '.env'}): " in told
    assert "NAME=value" in told
    assert SECRET not in told
    assert SECRET.partition(":")[2] not in told
    assert "".join(capfd.readouterr()) == ""


def test_what_stands_in_such_a_line_is_not_called_missing(tmp_path: Path) -> None:
    told = refusal(tmp_path, 'BINANCE_API_KEY=a-key\nBINANCE_API_SECRET="a-secret\n')

    assert "1 setting is wrong" in told
    assert "line 2" in told


def test_other_wrong_settings_stand_beside_it_and_other_secrets_stay_hidden(tmp_path: Path) -> None:
    told = refusal(
        tmp_path,
        f"LIVE_TRADING off\nTELEGRAM_BOT_TOKEN={SECRET}\nTELEGRAM_CHANNEL_ID={SECRET}\n",
    )

    assert "2 settings are wrong" in told
    assert "TELEGRAM_CHANNEL_ID" in told
    assert SECRET not in told


def test_every_way_to_write_a_value_is_read(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text(
        "# a comment\n"
        "export EXCHANGE = okx # behind a value\n"
        "LOG_FORMAT='json'\r\n"
        'LIVE_OVERRIDE="a # is \\"no\\" comment ${EXCHANGE}"\n'
        "LIVE_TRADING=on\n"
        "ACCOUNT_MASTER_KEYS=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
        "REDIS_URL=\n",
        encoding="utf-8",
    )

    settings = load_settings({}, env_file=env_file)

    assert settings.exchange.name == "okx"
    assert settings.logging.format == "json"
    assert settings.trading.override == 'a # is "no" comment okx'
    assert settings.storage.redis_url is None


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"LOG_LEVEL=inf\xf6\n"])
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ".env").write_bytes(content)

    with pytest.raises(ConfigurationError, match="text in UTF-8"):
        load_settings({}, env_file=tmp_path / ".env")
