"""A bot in every trouble at once, at its most talkative: none of its secrets leaves the process.

Everything it writes anywhere is searched, in every spelling that a library may give a secret.
"""

import asyncio
import html
import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import URL, make_url

from app.settings.strategy import Strategy
from app.strategy_file import render
from db.tables import metadata
from db.unit_of_work import SqlStorage
from engine.decide import AVAILABLE_LAYERS
from exchanges.simulator import Fault, FaultKind, SimulatedAccount
from tests.e2e.bot_process import BotProcess, forked, telegram_variables, variables_for
from tests.e2e.door import Door
from tests.e2e.line import EAGER, Line, open_line
from tests.e2e.waiting import until, until_seen
from tests.servers.databases import POSTGRESQL, MigratedDatabases
from tests.telegram_server import TOKEN, AnswerPlain, Chat, DropConnection, refuse

pytestmark = [pytest.mark.timeout(240), pytest.mark.soak]

SPEED = 120.0
"""Slow enough for a bot that logs every row and every request."""

TRADER_ID = 71
OPERATORS = SimulatedAccount(
    name="operator", api_key="operators-KEY-vmPUZE6mv9SD", secret="operators-SECRET-NhqPtmdSJYd"
)
TRADERS = SimulatedAccount(
    name="trader", api_key="traders-KEY-5VNHk4HlWFsO", secret="traders-SECRET-KjVHjA7PZj4M"
)
WRONG_KEY, WRONG_SECRET = "mistyped-KEY-r6aKE2zvGe3R", "mistyped-SECRET-5YNiP7PZj4Mg"
DATABASE_PASSWORD = "database/PASS+w0rd&\"quoted\\'"
NOTICE_PASSWORD, NOTICE_TOKEN = "notice/PASS+w0rd@é", "notice-TOKEN-6x4"
REDIS_PASSWORD = "redis PASS%word=é"
MASTER_KEY = Fernet.generate_key().decode()
OLD_MASTER_KEY = Fernet.generate_key().decode()
WRONG_TOKEN = "987654321:AAF-not-the-token-of-any-bot-at-all"
PROVIDER_KEYS = {
    "WHALE_ALERT_API_KEY": "whale-alert-KEY-1x9",
    "ETHERSCAN_API_KEY": "etherscan-KEY-2x8",
    "LUNARCRUSH_API_KEY": "lunarcrush-KEY-3x7",
    "X_BEARER_TOKEN": "x-bearer-TOKEN-4x6%3D",
}
SECRETS = (
    TOKEN,
    TOKEN.partition(":")[2],
    WRONG_TOKEN.partition(":")[2],
    OPERATORS.api_key,
    OPERATORS.secret,
    TRADERS.api_key,
    TRADERS.secret,
    WRONG_KEY,
    WRONG_SECRET,
    DATABASE_PASSWORD,
    NOTICE_PASSWORD,
    NOTICE_TOKEN,
    REDIS_PASSWORD,
    MASTER_KEY,
    OLD_MASTER_KEY,
    *PROVIDER_KEYS.values(),
)
TALKATIVE_LIBRARIES = (
    "aiogram",
    "alembic",
    "apscheduler",
    "ccxt",
    "httpcore",
    "httpx",
    "sqlalchemy",
)
OTHER_LIBRARIES = ("aiohttp", "apprise", "asyncio", "asyncpg", "redis", "urllib3")
"""These say nothing here, as a rule."""

TALKATIVE = {
    "LOG_LEVEL": ",".join(
        ["debug", *(f"{library}=debug" for library in (*TALKATIVE_LIBRARIES, *OTHER_LIBRARIES))]
    ),
    "LOG_FORMAT": "json",
    "LOG_FILE": "log/quorum.log",
}

_ALL_LAYERS = {**EAGER, "confluence": {**EAGER["confluence"], "layers": tuple(AVAILABLE_LAYERS)}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A line whose bots work on a database behind a door."""

    line: Line
    door: Door
    database: URL
    folder: Path

    def variables(self, **others: str) -> dict[str, str]:
        """All there is to set, secrets wherever there can be one."""
        line, password = self.line, quote(DATABASE_PASSWORD, safe="")
        place = f"{self.door.address}/{self.database.database}"
        strategy = self.folder / "all layers.toml"
        strategy.write_text(render(Strategy, _ALL_LAYERS))
        return {
            **variables_for(line, self.folder),
            **telegram_variables(line),
            **TALKATIVE,
            **PROVIDER_KEYS,
            "QUORUM_CONFIG": str(strategy),
            "TELEGRAM_TRADER_IDS": str(TRADER_ID),
            "BINANCE_API_KEY": OPERATORS.api_key,
            "BINANCE_API_SECRET": OPERATORS.secret,
            "LIVE_TRADING": "on",
            "LIVE_OVERRIDE": "the money is simulated",
            "ACCOUNT_MASTER_KEYS": f"{MASTER_KEY},{OLD_MASTER_KEY}",
            "DATABASE_URL": f"postgresql://postgres:{password}@{place}",
            "FEEDS_URL": f"{line.venue.rest_url}/feeds",
            # One is refused with its key in the address, the other reaches nobody.
            "FEED_URLS": f"etherscan={line.venue.rest_url}/nobody,x=http://127.0.0.1:9/nobody",
            "NOTIFY_URLS": _notice_addresses(),
            "CLOCK_SPEED": f"{SPEED:g}",
            **others,
        }

    async def open_door(self) -> None:
        """Let the bot reach its database."""
        await self.door.open(f"{self.database.query['host']}/.s.PGSQL.5432")


@pytest.fixture
async def ground(databases: MigratedDatabases, tmp_path: Path) -> AsyncIterator[Ground]:
    url = await databases.blank(POSTGRESQL)
    async with (
        Door() as door,
        open_line(url, pairs=2, speed=SPEED, accounts=(OPERATORS, TRADERS)) as line,
    ):
        ground = Ground(line=line, door=door, database=make_url(url), folder=tmp_path)
        await ground.open_door()
        yield ground


async def test_no_secret_leaves_a_bot_in_every_trouble_at_once(
    ground: Ground, redis_url: str
) -> None:
    async with forked(ground.folder / "in trouble", ["run"], ground.variables()) as bot:
        await _go_through_everything(ground, bot)
        assert await bot.terminate() == 0
    async with _refusing_database() as refusing:
        await _refused(
            ground,
            {"DATABASE_URL": refusing},
            {"DATABASE_URL": "", "TELEGRAM_BOT_TOKEN": WRONG_TOKEN},
            {"ACCOUNT_MASTER_KEYS": f"{MASTER_KEY},too-short-{OLD_MASTER_KEY}"},
        )
    await _complains(ground, {"DATABASE_URL": "", "REDIS_URL": _with_password(redis_url)}, "Redis")
    written = dict(_written(ground.folder))
    everything = [*written.items(), *_told(ground.line), *await _stored(ground.line.storage)]
    leaks = {
        f"{secret} as {spelling} in {place}"
        for place, text in everything
        for secret in SECRETS
        for spelling in _spellings(secret)
        if spelling in text
    }
    assert not leaks
    _assert_really_told_of_secrets(written)


async def _go_through_everything(ground: Ground, bot: BotProcess) -> None:
    line = ground.line
    trader = line.telegram.user(TRADER_ID, "Tess")
    # What was sent before the bot began to listen is dropped.
    await until_seen(lambda: line.telegram.journal.of("getUpdates"), "it does not listen")
    await trader.send("/start")
    await trader.send(f"/connect {TRADERS.api_key} {TRADERS.secret}")
    await _hears(trader.chat, "Your account is connected")
    _order_faults(line)
    await trader.send(f"/connect {WRONG_KEY} {WRONG_SECRET}")
    await _hears(trader.chat, "Not done")
    await line.ask("/mode live", "LIVE")
    await _hears(line.operator.chat, "Not delivered to channel")
    await ground.door.shut()
    await _says(bot, "job failed")
    await _says(bot, "no channel of NOTIFY_URLS took a notice")
    await ground.open_door()
    await line.ask("/health", "Health")


async def _hears(chat: Chat, words: str) -> None:
    await chat.wait(lambda posts: next((post for post in posts if words in post.text), None))


async def _says(bot: BotProcess, words: str) -> None:
    async def look() -> bool:
        # It has no folder yet when it was started a moment ago.
        return (bot.folder / "errors").exists() and words in bot.logged

    await until(look, f"no word about {words}", pause=0.2)


def _order_faults(line: Line) -> None:
    """Faults whose words quote secrets, as a proxy that shows the whole request would."""
    quoted = f"Bad Request: /bot{TOKEN}/sendMessage refused"
    line.telegram.fail("getUpdates", DropConnection())
    line.telegram.fail("getUpdates", refuse(500, quoted))
    line.telegram.fail("sendMessage", refuse(400, quoted), chat=line.channel)
    line.telegram.fail("sendMessage", DropConnection(delivers=True), chat=line.channel, skip=1)
    line.telegram.fail("editMessageText", AnswerPlain(body=f"<p>{quoted}</p>"))
    shown = f"key {OPERATORS.api_key} of {{'secret': '{OPERATORS.secret}'}} is not welcome"
    for fault in (
        Fault(kind=FaultKind.REST_STATUS, match="/fapi/v3/account", count=1, text=shown),
        Fault(kind=FaultKind.REST_STATUS, match="/fapi/v1/openOrders", count=2, text=shown),
        Fault(kind=FaultKind.REST_HTML, match="timestamp=", count=2),
        Fault(kind=FaultKind.REST_MALFORMED, match="/feeds/", count=3),
        Fault(kind=FaultKind.REST_REQUEST_LOST, match="/feeds/", count=3),
        Fault(kind=FaultKind.FRAME_UNPARSABLE, count=3),
    ):
        line.venue.faults.inject(fault)


async def _refused(ground: Ground, *wrong: Mapping[str, str]) -> None:
    """Starts that come to nothing, each for another reason."""

    async def start(number: int, others: Mapping[str, str]) -> None:
        folder = ground.folder / f"refused {number}"
        async with forked(folder, ["run"], ground.variables(**others)) as bot:
            assert await bot.wait() == 2, bot.logged[-2000:]

    async with asyncio.TaskGroup() as starts:
        for number, others in enumerate(wrong):
            starts.create_task(start(number, others))


async def _complains(ground: Ground, others: Mapping[str, str], about: str) -> None:
    """A start that says something, whether it goes on or not."""
    variables = ground.variables(**others)
    async with forked(ground.folder / f"without {about}", ["run"], variables) as bot:
        await _says(bot, about)


def _notice_addresses() -> str:
    """Nobody listens at either."""
    password = quote(NOTICE_PASSWORD, safe="")
    return (
        f"json://operator:{password}@127.0.0.1:9/hooks/{NOTICE_TOKEN} "
        f"mailto://operator:{password}@127.0.0.1:9?from=bot@localhost&to=operator@localhost"
    )


def _with_password(redis_url: str) -> str:
    """The address of a server that wants no password, with one."""
    scheme, _, place = redis_url.partition("://")
    return f"{scheme}://:{quote(REDIS_PASSWORD, safe='')}@{place}"


@asynccontextmanager
async def _refusing_database() -> AsyncIterator[str]:
    """The address of a PostgreSQL that repeats the password it refuses."""
    server = await asyncio.start_server(_refuse_password, "127.0.0.1")
    async with server:
        host, port = server.sockets[0].getsockname()
        yield f"postgresql://quorum:{quote(DATABASE_PASSWORD, safe='')}@{host}:{port}/quorum"


async def _refuse_password(client: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
    size = int.from_bytes(await client.readexactly(4))
    if size == 8:  # a wish for TLS
        await client.readexactly(4)
        answer.write(b"N")
        size = int.from_bytes(await client.readexactly(4))
    await client.readexactly(size - 4)
    answer.write(b"R" + _framed(b"\0\0\0\x03"))
    await client.readexactly(1)
    password = await client.readexactly(int.from_bytes(await client.readexactly(4)) - 4)
    words = b"password authentication failed: " + password.rstrip(b"\0")
    answer.write(b"E" + _framed(b"SFATAL\0VFATAL\0C28P01\0M" + words + b"\0\0"))
    answer.close()


def _framed(content: bytes) -> bytes:
    return (len(content) + 4).to_bytes(4) + content


def _written(folder: Path) -> Iterator[tuple[str, str]]:
    """Standard output and error of every process, the log files, and whatever else was written."""
    for path in folder.rglob("*"):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_text(errors="replace")


def _told(line: Line) -> Iterator[tuple[str, str]]:
    """Everything asked of Telegram."""
    for entry in line.telegram.journal:
        yield f"Telegram {entry.method}", json.dumps(dict(entry.call.parameters))


async def _stored(storage: SqlStorage) -> list[tuple[str, str]]:
    """Every row of every table, the outbox with its errors among them."""
    async with storage._engine.connect() as connection:
        return [
            (f"table {table.name}", str(tuple(row)))
            for table in metadata.tables.values()
            for row in await connection.execute(table.select())
        ]


def _assert_really_told_of_secrets(written: Mapping[str, str]) -> None:
    """The libraries did tell of them; otherwise this test would show nothing."""
    log = "".join(text for place, text in written.items() if "quorum.log" in place)
    for library in TALKATIVE_LIBRARIES:
        assert f'"logger": "{library}' in log, library
    for words in ("apikey=***", "api_key=***", "/bot***", "postgres:***@"):
        assert words in log, words
    assert "password authentication failed: ***" in written["refused 0/errors"]


def _spellings(secret: str) -> Iterable[str]:
    octets = secret.encode()
    quoted: tuple[Callable[[str], str], ...] = (quote, lambda text: quote(text, ""), quote_plus)
    plain = {
        secret,
        repr(secret)[1:-1],
        repr(octets)[2:-1],
        html.escape(secret),
        octets.hex(),
        b64encode(octets).decode(),
        urlsafe_b64encode(octets).decode(),
        *(way(secret) for way in quoted),
    }
    plain |= {text.replace("%2F", "%2f").replace("%2B", "%2b") for text in plain}
    return {*plain, *(json.dumps(text)[1:-1] for text in plain)}
