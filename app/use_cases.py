"""The use cases that the bot's handlers may call, built on one storage and market."""

from collections.abc import Awaitable, Callable, Sequence

from app.ground import Ground
from app.trading_use_cases import TradingUseCases
from app.waking import waking
from bot.use_cases import BotUseCases
from domain.access import Role
from domain.feeds import FeedHealth
from engine.activity import Activity
from engine.commands import PairAdmin, PauseSignals, ResolveDelivery, ResumeSignals
from engine.health import HealthReader, ReadHealth
from engine.monitoring.values import HealthReading
from engine.parameter_sets.configuration import ReadConfiguration, RunningParameters
from engine.periodic_reports import ReadOverride, ReadReport
from engine.queries import (
    FindDecision,
    FindSignal,
    ListOpenSignals,
    ListUsers,
    ReadChartData,
    ReadHead,
    ReadRole,
    ReadStatus,
    ReadTrackRecord,
)
from engine.risk_queries import ReadBreakers, ReadHeat
from engine.risk_state import RiskFacts
from engine.shadow_verdicts import ReadRuleVerdicts
from engine.statistics import LedgerReader
from risk.breakers import LowQualityHours


def build_use_cases(
    ground: Ground,
    *,
    reader: LedgerReader,
    activity: Activity,
    notes: Callable[[], Sequence[str]],
    feeds: Callable[[], Sequence[FeedHealth]],
    read_health: Callable[[], Awaitable[HealthReading]],
    risk_facts: RiskFacts,
    trading: TradingUseCases,
    live_override: ReadOverride,
    parameters: RunningParameters,
    pairing_code: str | None,
) -> BotUseCases:
    """`pairing_code` makes the first admin; None where nobody can pair."""
    strategy, market, data = ground.settings.strategy, ground.market, ground.data
    storage, clock, wake = ground.storage, ground.clock, ground.wake
    find_signal = FindSignal(storage)
    read_status = ReadStatus(
        storage=storage,
        market=market,
        feed=data.feed,
        clock=clock,
        activity=activity,
        notes=notes,
    )
    return BotUseCases(
        find_signal=find_signal,
        find_decision=FindDecision(storage),
        list_open=ListOpenSignals(storage),
        track_record=ReadTrackRecord(
            storage=storage, reader=reader, clock=clock, parameters=strategy.statistics
        ),
        read_report=ReadReport(
            storage=storage,
            reader=reader,
            clock=clock,
            parameters=strategy.statistics,
            live_override=live_override,
        ),
        read_configuration=ReadConfiguration(storage=storage, running=parameters),
        read_head=ReadHead(storage, reader),
        read_heat=ReadHeat(storage=storage, clock=clock, risk=strategy.risk, facts=risk_facts),
        read_breakers=ReadBreakers(
            storage=storage,
            clock=clock,
            risk=strategy.risk,
            hours=LowQualityHours(
                hours=strategy.confluence.low_quality_hours,
                surcharge=strategy.confluence.low_quality_surcharge,
            ),
            macro=lambda: market.outside.macro(clock.now()),
            facts=risk_facts,
        ),
        judge_rules=ReadRuleVerdicts(storage, clock),
        read_status=read_status,
        read_health=ReadHealth(
            read_status=read_status,
            feeds=feeds,
            reader=HealthReader(read=read_health, parameters=strategy.health),
        ),
        chart_data=ReadChartData(find_signal=find_signal, facts=data.facts, clock=clock),
        pause=PauseSignals(storage, clock),
        resume=ResumeSignals(storage, clock),
        role_of=ReadRole(storage),
        list_admins=ListUsers(storage, Role.ADMIN),
        list_traders=ListUsers(storage, Role.TRADER),
        pair_admin=PairAdmin(storage, clock, pairing_code),
        resolve_delivery=ResolveDelivery(storage, clock),
        request_execution=waking(trading.request, wake),
        newest_offer=trading.newest_offer,
        adjust_offer=waking(trading.adjust, wake),
        confirm_offer=waking(trading.confirm, wake),
        decline_offer=waking(trading.decline, wake),
        close_positions=waking(trading.close, wake),
        cancel_entries=waking(trading.cancel, wake),
        list_positions=trading.list_positions,
        read_mode=trading.read_mode,
        set_mode=waking(trading.set_mode, wake),
        connect=waking(trading.connect, wake),
        disconnect=waking(trading.disconnect, wake),
        set_limits=trading.set_limits,
    )
