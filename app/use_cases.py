"""The use cases that the bot's handlers may call, built on one storage and market."""

from collections.abc import Callable, Sequence

from app.clock import ExchangeClock
from app.market_data import MarketData
from app.settings.strategy import Strategy
from bot.use_cases import BotUseCases
from domain.feeds import FeedHealth
from engine.activity import Activity
from engine.commands import PairAdmin, PauseSignals, ResolveDelivery, ResumeSignals
from engine.health import ReadHealth
from engine.market_state import MarketState
from engine.periodic_reports import ReadReport
from engine.ports.storage import Storage
from engine.queries import (
    FindDecision,
    FindSignal,
    ListAdmins,
    ListOpenSignals,
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
    strategy: Strategy,
    *,
    storage: Storage,
    reader: LedgerReader,
    market: MarketState,
    data: MarketData,
    clock: ExchangeClock,
    activity: Activity,
    notes: Callable[[], Sequence[str]],
    feeds: Callable[[], Sequence[FeedHealth]],
    risk_facts: RiskFacts,
    pairing_code: str | None,
) -> BotUseCases:
    """`pairing_code` makes the first admin; None where nobody can pair."""
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
            storage=storage, reader=reader, clock=clock, parameters=strategy.statistics
        ),
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
        read_health=ReadHealth(read_status=read_status, feeds=feeds),
        chart_data=ReadChartData(find_signal=find_signal, facts=data.facts, clock=clock),
        pause=PauseSignals(storage, clock),
        resume=ResumeSignals(storage, clock),
        role_of=ReadRole(storage),
        list_admins=ListAdmins(storage),
        pair_admin=PairAdmin(storage, clock, pairing_code),
        resolve_delivery=ResolveDelivery(storage, clock),
    )
