"""Puts the bot together: foundation, work, what watches over both, and the way to people."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.clock import ExchangeClock
from app.foundation import Foundation, Progress, lay_foundation
from app.ground import Hide
from app.health_reading import HealthSources
from app.last_run import LastRun
from app.life import Life
from app.live_parameters import strategy_file_alone
from app.loop_watch import LoopWatch, OnHang
from app.measures import Measures, new_measures
from app.outlet import OpenOutlet, Outlet, OutletParts
from app.pairing import PairingCode
from app.settings import Settings
from app.status_notes import StatusNotes
from app.supervisor import Supervisor
from app.telegram_probe import TelegramProbe
from app.use_cases import build_use_cases
from app.watching import Watching, build_watching
from app.work import Work, build_work
from bot.delivery import DeliveryWorker, WakeUp
from bot.use_cases import BotUseCases
from db.engine import folders_of
from engine.parameter_sets.configuration import RunningParameters
from monitoring.process import ProcessMeter

_DATA: Final = Path("var")
"""Where this process keeps what it writes, beside an SQLite file: their disks are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a bot is given: its time, who owns its tasks, and where its words and secrets go.

    `pairing` makes the first admin, None where nobody can pair; `parameters` are those the settings
    came from, None for the strategy file alone.
    """

    clock: ExchangeClock
    supervisor: Supervisor
    wake: WakeUp
    open_outlet: OpenOutlet
    on_progress: Progress
    hide: Hide
    pairing: PairingCode | None = None
    parameters: RunningParameters | None = None
    on_hang: OnHang | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """Every part of the bot, built and not yet begun."""

    life: Life
    foundation: Foundation
    measures: Measures
    work: Work
    watching: Watching
    last_run: LastRun
    outlet: Outlet
    worker: DeliveryWorker


def assemble(settings: Settings, around: Surroundings) -> Assembly:
    """Build the parts in the order in which they need each other."""
    life, measures = Life(), new_measures()
    foundation = lay_foundation(
        settings,
        around.clock,
        wake=around.wake.set,
        on_progress=around.on_progress,
        hide=around.hide,
    )
    work = build_work(foundation, measures)
    probe = TelegramProbe(around.clock)
    watching = build_watching(
        foundation.ground,
        _health_sources(foundation, work, measures, life, probe, around),
        presenter=foundation.presenter,
        tally=measures.tally,
        latency=measures.latency,
        is_ready=lambda: life.is_ready,
    )
    outlet = around.open_outlet(
        OutletParts(
            use_cases=_use_cases(foundation, work, measures, watching, around),
            presenter=foundation.presenter,
            clock=around.clock,
        )
    )
    if settings.telegram.bot_token is not None:
        probe.ask_by(outlet.messenger.check)
    return Assembly(
        life=life,
        foundation=foundation,
        measures=measures,
        work=work,
        watching=watching,
        last_run=LastRun(foundation.storage, around.clock, watching.operators),
        outlet=outlet,
        worker=DeliveryWorker(
            storage=foundation.storage,
            messenger=outlet.messenger,
            clock=around.clock,
            parameters=outlet.delivery,
            wake=around.wake,
            on_delivered=measures.note_delivered,
        ),
    )


def _health_sources(
    foundation: Foundation,
    work: Work,
    measures: Measures,
    life: Life,
    probe: TelegramProbe,
    around: Surroundings,
) -> HealthSources:
    monotonic = around.clock.monotonic
    return HealthSources(
        database=foundation.database_name,
        cache=foundation.cache.read,
        telegram=probe,
        jobs=foundation.jobs.history,
        supervisor=around.supervisor,
        loop=LoopWatch(monotonic=monotonic, on_hang=around.on_hang),
        meter=ProcessMeter(
            monotonic=monotonic, data_paths=(_DATA, *folders_of(foundation.database.url))
        ),
        activity=measures.activity,
        feeds=work.outside.rounds.health,
        halted_accounts=work.trading.desk.halted_accounts,
        book_age=work.trading.quotes.book_age_seconds,
        waited_until=lambda: life.waited_until,
        redact=foundation.redactor,
    )


def _use_cases(
    foundation: Foundation,
    work: Work,
    measures: Measures,
    watching: Watching,
    around: Surroundings,
) -> BotUseCases:
    ground = foundation.ground
    return build_use_cases(
        ground,
        reader=foundation.reader,
        activity=measures.activity,
        notes=StatusNotes(foundation, work.trading.desk),
        feeds=work.outside.rounds.health,
        read_health=watching.read,
        risk_facts=work.risk.facts,
        trading=work.trading.use_cases,
        live_override=work.gate.override,
        parameters=around.parameters or strategy_file_alone(ground.settings),
        pairing_code=None if around.pairing is None else around.pairing.code,
    )
