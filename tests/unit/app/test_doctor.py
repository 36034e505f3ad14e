"""The doctor as a command: which checks run, what is printed, what the exit code is."""

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from rich.console import Console

from app.doctor import run_doctor
from app.doctor.check import (
    Check,
    CheckResult,
    Examination,
    failure,
    ok,
    run_checks,
    warning,
)
from app.doctor.command import select_checks
from app.doctor.report import exit_code, print_report
from app.redaction import Redactor
from app.settings import Settings, load_settings
from tests.telegram_server import CHANNEL_ID, TOKEN, TelegramServer

VENUE_MS = 1_767_614_400_000
BOT_TOKEN = "123456789:AAF-abcdefghijklmnopqrstuvwxyz01234"


async def _ok() -> Examination:
    yield ok("first", "fine")


async def _breaks_halfway() -> Examination:
    yield ok("second", "so far so good")
    raise RuntimeError("boom")


async def _hangs(seconds: float = 3600.0) -> Examination:
    yield ok("third", "asked")
    await asyncio.sleep(seconds)


async def test_a_check_that_breaks_or_hangs_stops_no_other() -> None:
    results = await run_checks(
        [
            Check(name="hanging", examine=_hangs, mend="wake it", seconds=0.02),
            Check(name="breaking", examine=_breaks_halfway, mend="glue it"),
            Check(name="first", examine=_ok, mend=""),
        ]
    )

    assert results == [
        ok("third", "asked"),
        failure("hanging", "no answer within 0.02 s", "wake it"),
        ok("second", "so far so good"),
        failure("breaking", "boom", "glue it"),
        ok("first", "fine"),
    ]


def _printed(results: list[CheckResult], *, secrets: list[str] | None = None) -> str:
    output = io.StringIO()
    print_report(results, Console(file=output, width=100), Redactor(secrets or []))
    return output.getvalue()


def test_each_line_shows_its_status_and_how_to_mend_it() -> None:
    printed = _printed([ok("disk", "500 MB free"), warning("clock", "3 s ahead", "set it [right]")])

    assert "ok       disk" in printed
    assert "warning  clock" in printed
    assert "→ set it [right]" in printed
    assert "Ready, with 1 warning." in printed


def test_no_secret_is_printed() -> None:
    printed = _printed(
        [failure("x", f"bad hush-hush at http://h/bot{BOT_TOKEN}/getMe", "hush-hush")],
        secrets=["hush-hush"],
    )

    assert "hush-hush" not in printed
    assert BOT_TOKEN not in printed
    assert "1 failure" in printed


@pytest.mark.parametrize(
    ("results", "code"),
    [
        ([ok("a", "")], 0),
        ([ok("a", ""), warning("b", "", "")], 0),
        ([failure("a", "", ""), ok("b", "")], 1),
    ],
)
def test_only_a_failure_fails_the_command(results: list[CheckResult], code: int) -> None:
    assert exit_code(results) == code


def _names(settings: Settings, *, quick: bool = False) -> list[str]:
    hidden: list[str] = []
    return [check.name for check in select_checks(settings, quick=quick, hide=hidden.extend)]


def test_checks_are_those_the_settings_call_for() -> None:
    bare = load_settings({}, env_file=None)
    full = load_settings(
        {
            "TELEGRAM_BOT_TOKEN": BOT_TOKEN,
            "TELEGRAM_CHANNEL_ID": "@quorum_signals",
            "REDIS_URL": "redis://cache",
            "BINANCE_API_KEY": "a-key",
            "BINANCE_API_SECRET": "a-secret",
        },
        env_file=None,
    )

    assert _names(bare) == [
        "versions",
        "settings",
        "disk",
        "database",
        "exchange",
        "Telegram",
        "providers",
        "execution",
    ]
    assert _names(full) == [
        *_names(bare)[:-1],
        "administrators",
        "Redis",
        "execution",
        "accounts",
    ]
    assert _names(full, quick=True) == ["settings", "disk", "database"]


async def test_wrong_settings_are_reported_before_anything_else() -> None:
    output = io.StringIO()

    code = await run_doctor(
        load=lambda: load_settings({"CLOCK_SPEED": "fast"}, env_file=None),
        console=Console(file=output, width=200),
    )

    assert code == 1
    assert "CLOCK_SPEED = 'fast'" in output.getvalue()


@pytest.fixture
async def venue_url() -> AsyncIterator[str]:
    """A venue that knows nothing but its time."""

    async def tell_time(request: web.Request) -> web.Response:
        headers = {"X-MBX-USED-WEIGHT-1M": "7"}
        return web.json_response({"serverTime": VENUE_MS}, headers=headers)

    application = web.Application()
    application.router.add_get("/fapi/v1/time", tell_time)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    yield f"http://{host}:{port}"
    await runner.cleanup()


async def test_everything_in_place_ends_with_zero(venue_url: str, tmp_path: Path) -> None:
    strategy = tmp_path / "strategy.toml"
    strategy.write_text("[confluence]\nhigh_threshold = 82.0\n", encoding="utf-8")
    output = io.StringIO()

    async with TelegramServer() as telegram:
        telegram.channel()
        await telegram.user(11, "Ann").send("/start")
        environ = {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_CHANNEL_ID": str(CHANNEL_ID),
            "TELEGRAM_ADMIN_IDS": "11",
            "TELEGRAM_API_URL": telegram.base_url,
            "EXCHANGE_REST_URL": venue_url,
            "EXCHANGE_WS_URL": venue_url.replace("http", "ws"),
            "FEEDS_URL": f"{venue_url}/feeds",
            "CLOCK_SPEED": "60",
            "DATABASE_URL": f"sqlite:///{tmp_path}/quorum.sqlite",
            "QUORUM_CONFIG": str(strategy),
        }
        code = await run_doctor(
            load=lambda: load_settings(environ, env_file=None),
            console=Console(file=output, width=200),
        )

    printed = output.getvalue()
    assert code == 0, printed
    assert "changed: confluence.high_threshold = 82.0" in printed
    assert "of 2400 used in this minute" in printed
    assert "the venue's time is 2026-01-05 12:00:00 UTC" in printed
    assert "@quorum_test_bot may post to Quorum signals" in printed
    assert "1 from TELEGRAM_ADMIN_IDS" in printed
    assert "the first run makes it" in printed
    assert "fear_greed: HTTP 404" in printed
    assert "off: no key; set WHALE_ALERT_API_KEY" in printed
    assert "on paper; presses are confirmed; the chat says paper" in printed
    assert "nobody can connect an account of his own" in printed
    assert TOKEN not in printed
