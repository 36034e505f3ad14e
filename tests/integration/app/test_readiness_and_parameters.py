"""The whole bot, built but not started: what the gate and a live set do to its answers."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from rich.console import Console

from app.application import Application
from app.assembly import Surroundings
from app.clock import ExchangeClock
from app.live_parameters import lay_over_live_set
from app.outlet import Outlet, OutletParts
from app.outlets import open_terminal_outlet
from app.readiness import strategy_fingerprint
from app.settings import Settings, load_settings
from app.supervisor import Supervisor
from bot.terminal_commands import TerminalCommands
from bot.terminal_pictures import TerminalPictures
from db.engine import create_database_engine
from db.migrate import upgrade
from db.unit_of_work import SqlStorage
from domain.accounts import ExecutionMode
from domain.messages import CHANNEL
from domain.readiness import CONFLUENCE, ReadinessVerdict
from engine.ports.storage import DecisionRecord, Storage
from tests.builders.research import NO_SHARPE, make_change, make_parameter_set, make_verdict
from tests.builders.signals import make_decision

REASON = "small <size>, to try"


@dataclass
class Quorum:
    """The bot's parts, and whoever sits at its terminal."""

    application: Application
    terminal: TerminalCommands
    settings: Settings

    @property
    def storage(self) -> Storage:
        return self.application.storage

    async def says(self, typed: str) -> str:
        return "\n".join(await self.terminal.answer(typed))

    async def judge(self, verdict: ReadinessVerdict) -> None:
        """Keep a verdict of now on the parameters in force."""
        now = ExchangeClock().now()
        today = replace(
            verdict,
            at=now,
            end=now,
            strategy=strategy_fingerprint(self.settings.strategy),
        )
        async with self.storage() as unit:
            await unit.readiness.add(today)
            await unit.commit()

    async def mode(self) -> ExecutionMode | None:
        async with self.storage() as unit:
            return await unit.state.get_mode()

    async def channel_posts(self) -> Sequence[str]:
        async with self.storage() as unit:
            long_ago = ExchangeClock().now() - timedelta(days=1)
            rows = await unit.outbox.list_put_since(long_ago, prefix="report:")
        return [row.message.text for row in rows if row.message.recipient == CHANNEL]


@asynccontextmanager
async def quorum(folder: Path, **variables: str) -> AsyncIterator[Quorum]:
    """Built as `run` builds it, with live trading switched on; it is not started."""
    written = load_settings(
        {
            "DATABASE_URL": database_of(folder),
            "BINANCE_API_KEY": "k" * 20,
            "BINANCE_API_SECRET": "s" * 20,
            "LIVE_TRADING": "on",
            **variables,
        },
        env_file=None,
    )
    settings, parameters = await lay_over_live_set(written)
    clock, opened = ExchangeClock(), list[OutletParts]()

    def open_outlet(parts: OutletParts) -> Outlet:
        opened.append(parts)
        return open_terminal_outlet(parts, Console(quiet=True))

    application = Application(
        settings,
        Surroundings(
            parameters=parameters,
            clock=clock,
            supervisor=Supervisor(clock),
            wake=asyncio.Event(),
            open_outlet=open_outlet,
            on_progress=lambda _done, _total: None,
            hide=lambda _secrets: None,
        ),
    )
    await prepare(folder)
    try:
        terminal = TerminalCommands(opened[0].use_cases, TerminalPictures(folder))
        yield Quorum(application=application, terminal=terminal, settings=settings)
    finally:
        await application.stop()


def database_of(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder}/quorum.sqlite"


async def prepare(folder: Path, version: int | None = None) -> None:
    """The tables, and a set that is live."""
    engine = create_database_engine(database_of(folder))
    await upgrade(engine)
    if version is not None:
        async with SqlStorage(engine)() as unit:
            await unit.parameter_sets.add(make_parameter_set(version))
            await unit.parameter_sets.add_change(CONFLUENCE, make_change(version))
            await unit.commit()
    await engine.dispose()


async def decide_yesterday(storage: Storage) -> None:
    yesterday = ExchangeClock().now() - timedelta(days=1)
    decision = replace(make_decision(), as_of=yesterday)
    async with storage() as unit:
        await unit.decisions.add([DecisionRecord(decision=decision)])
        await unit.commit()


async def test_live_is_refused_with_the_figures_of_a_failed_gate(tmp_path: Path) -> None:
    async with quorum(tmp_path) as bot:
        await bot.judge(make_verdict(NO_SHARPE))
        answer = await bot.says("/mode live")
        assert "The mode stays as it is" in answer
        assert "failed: Sharpe ratio cannot be computed, has to be above 1.2 (312 trades)" in answer
        assert "python -m app backtest" in answer
        assert "LIVE_OVERRIDE" in answer
        assert await bot.mode() is None
        assert "readiness gate is not passed" in await bot.says("/mode")


async def test_an_override_allows_live_and_every_daily_report_shows_it(tmp_path: Path) -> None:
    told = "⚠️ Live without a passed gate: small &lt;size&gt;, to try"
    async with quorum(tmp_path, LIVE_OVERRIDE=REASON) as bot:
        assert told in await bot.says("/mode live")
        assert await bot.mode() is ExecutionMode.LIVE
        await decide_yesterday(bot.storage)
        await bot.application.work.rounds.report()
        posts = await bot.channel_posts()
        assert posts
        assert all(told in post for post in posts)
        assert told in await bot.says("/report day")


async def test_a_passed_gate_allows_live_and_takes_an_override_out_of_force(tmp_path: Path) -> None:
    async with quorum(tmp_path, LIVE_OVERRIDE=REASON) as bot:
        await bot.judge(make_verdict())
        answer = await bot.says("/mode live")
        assert "The readiness gate is passed" in answer
        assert "without a passed gate" not in answer
        assert "without a passed gate" not in await bot.says("/report day")


async def test_a_mode_that_was_live_stays_and_executes_nothing_and_says_why(tmp_path: Path) -> None:
    async with quorum(tmp_path, LIVE_OVERRIDE=REASON) as bot:
        await bot.says("/mode live")
    async with quorum(tmp_path) as bot:
        await bot.application.trading.rounds.readiness()
        answer = await bot.says("/mode")
        assert "LIVE" in answer
        assert "Nothing new is executed now" in answer
        assert "no backtest was judged" in answer
        assert await bot.mode() is ExecutionMode.LIVE


async def test_a_live_set_is_laid_over_before_anything_is_built_and_shown(tmp_path: Path) -> None:
    await prepare(tmp_path, version=1)
    async with quorum(tmp_path) as bot:
        answer = await bot.says("/config")
        assert "version <b>1</b>" in answer
        assert "◆ <code>confluence.medium_threshold</code> = <b>66.5</b> (file 65)" in answer
        assert "by terminal: jo" in answer
        assert bot.application._settings.strategy.confluence.medium_threshold == 66.5


async def test_a_verdict_on_the_file_alone_does_not_count_for_a_set(tmp_path: Path) -> None:
    async with quorum(tmp_path) as bot:
        await bot.judge(make_verdict())
        assert "The readiness gate is passed" in await bot.says("/mode live")
    await prepare(tmp_path, version=1)
    async with quorum(tmp_path) as bot:
        assert "made with other parameters" in await bot.says("/mode live")


async def test_what_is_switched_while_it_runs_is_told_as_next(tmp_path: Path) -> None:
    await prepare(tmp_path, version=1)
    async with quorum(tmp_path) as bot:
        async with bot.storage() as unit:
            await unit.parameter_sets.add_change(CONFLUENCE, make_change(None))
            await unit.commit()
        answer = await bot.says("/config")
        assert "version <b>1</b>" in answer
        assert "From the next start on: the strategy file alone." in answer
