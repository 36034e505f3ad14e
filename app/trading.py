"""Wires execution: quotes, brokers, the desk, what traders may ask, and the jobs around it."""

import secrets  # noqa: TID251 - app owns randomness
import tempfile
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self

from app.account_locks import AccountLocks
from app.brokers import Brokers, open_sealer
from app.ground import Ground
from app.trading_rounds import TradingRounds
from app.trading_use_cases import TradingUseCases
from domain.plans import Denial, Denied
from engine.execution.accounts.connecting import ConnectAccount, DisconnectAccount, SetLimits
from engine.execution.accounts.drawdown import WatchAccounts
from engine.execution.accounts.modes import ReadMode, SetMode
from engine.execution.desk.closing import CallOffOffers, CancelEntries, ClosePositions
from engine.execution.desk.desk import Desk
from engine.execution.desk.direct_closing import DirectClosing
from engine.execution.desk.positions import ListPositions
from engine.execution.live_quotes import LiveQuotes
from engine.execution.offers.checks import ExecutionChecks
from engine.execution.offers.confirming import ConfirmOffer
from engine.execution.offers.offers import AdjustOffer, DeclineOffer, LapseOffers, NewestOffer
from engine.execution.offers.press import RequestExecution
from engine.execution.offers.turnover import ReadTurnover
from engine.ports.keys import KeySealer
from engine.readiness.live_gate import LiveGate
from engine.readiness.watch import WatchReadiness
from engine.risk_state import RiskFacts
from exchanges.paper.venue import PaperVenue


@dataclass(frozen=True, slots=True, kw_only=True)
class TradingGround(Ground):
    """What execution stands on."""

    risk_facts: RiskFacts
    gate: LiveGate

    @classmethod
    def on(cls, ground: Ground, *, risk_facts: RiskFacts, gate: LiveGate) -> Self:
        """The ground of all, and what the risk gate and the readiness gate know."""
        shared = {field.name: getattr(ground, field.name) for field in fields(Ground)}
        return cls(**shared, risk_facts=risk_facts, gate=gate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trading:
    """Everything between a press and the end of a position."""

    desk: Desk
    quotes: LiveQuotes
    paper: PaperVenue
    rounds: TradingRounds
    use_cases: TradingUseCases


class NothingToConnect:
    """Answers those who would connect an account where no key could be kept."""

    async def __call__(self, _user_id: int, _api_key: str, _api_secret: str) -> Denied:
        """Nothing is looked at, nothing is kept."""
        text = (
            "this bot takes no keys: its operator has not set ACCOUNT_MASTER_KEYS, which would "
            "encrypt them. Your key was not used; delete it on the exchange if it was made for this"
        )
        return Denied(denials=(Denial(rule="connecting_off", text=text),))


def build_trading(ground: TradingGround) -> Trading:
    """Connects nowhere yet."""
    settings, clock = ground.settings, ground.clock
    quotes = LiveQuotes(clock, speed=clock.speed)
    paper = PaperVenue(
        storage=ground.storage,
        clock=clock,
        instrument=ground.market.instrument,
        funding=ground.market.funding,
        parameters=settings.strategy.paper,
        stop_trigger=settings.strategy.execution.stop_trigger,
        patience=max(1.0, clock.speed),
    )
    sealer = open_sealer(settings.trading.master_keys)
    brokers = Brokers(
        settings.exchange,
        storage=ground.storage,
        clock=clock,
        budget=ground.data.budget,
        paper=paper,
        sealer=sealer,
        locks=AccountLocks(Path(tempfile.gettempdir())),
        rejected=ground.data.rejected,
        stop_trigger=settings.strategy.execution.stop_trigger,
        hide=ground.hide,
    )
    desk = _build_desk(ground, brokers, quotes)
    return Trading(
        desk=desk,
        quotes=quotes,
        paper=paper,
        rounds=_build_rounds(ground, desk, quotes),
        use_cases=_build_use_cases(ground, desk, quotes, brokers, sealer),
    )


def _build_desk(ground: TradingGround, brokers: Brokers, quotes: LiveQuotes) -> Desk:
    clock, settings = ground.clock, ground.settings
    return Desk(
        storage=ground.storage,
        open_broker=brokers.open,
        quotes=quotes,
        presenter=ground.presenter,
        clock=clock,
        parameters=settings.strategy.execution,
        wake=ground.wake,
        new_tag=lambda: secrets.token_hex(3),
        data_age=quotes.heard_seconds,
        is_live_allowed=ground.gate.is_switched_on,
        live_refusal=ground.gate.refusal,
        patience=max(1.0, clock.speed),
    )


def _build_rounds(ground: TradingGround, desk: Desk, quotes: LiveQuotes) -> TradingRounds:
    storage, presenter, clock = ground.storage, ground.presenter, ground.clock
    return TradingRounds(
        desk=desk,
        lapse_offers=LapseOffers(storage=storage, presenter=presenter, clock=clock),
        watch_accounts=WatchAccounts(
            storage=storage,
            presenter=presenter,
            clock=clock,
            quotes=quotes,
            open_broker=desk.broker_of,
            parameters=ground.settings.strategy.risk.breakers.drawdown,
        ),
        watch_readiness=WatchReadiness(
            storage=storage, presenter=presenter, clock=clock, gate=ground.gate
        ),
        wake=ground.wake,
    )


def _build_use_cases(
    ground: TradingGround,
    desk: Desk,
    quotes: LiveQuotes,
    brokers: Brokers,
    sealer: KeySealer | None,
) -> TradingUseCases:
    storage, presenter, clock = ground.storage, ground.presenter, ground.clock
    settings = ground.settings
    offers = CallOffOffers(storage=storage, presenter=presenter, clock=clock)
    checks = _build_checks(ground, desk, quotes)
    read_mode = ReadMode(storage=storage, live=ground.gate, halted=desk.halted)
    return TradingUseCases(
        request=_build_request(ground, desk, checks, confirm=settings.trading.confirm),
        request_at_once=_build_request(ground, desk, checks, confirm=False),
        newest_offer=NewestOffer(storage),
        adjust=AdjustOffer(storage=storage, presenter=presenter, clock=clock),
        confirm=ConfirmOffer(
            storage=storage,
            presenter=presenter,
            clock=clock,
            checks=checks,
            open_broker=desk.broker_of,
            on_confirmed=desk.wake,
            live=ground.gate,
        ),
        decline=DeclineOffer(storage=storage, presenter=presenter, clock=clock),
        close=ClosePositions(
            storage=storage,
            desk=desk,
            offers=offers,
            direct=DirectClosing(tag=desk.tag, new_number=lambda: secrets.randbelow(10**9)),
        ),
        cancel=CancelEntries(storage=storage, desk=desk, offers=offers),
        list_positions=ListPositions(storage=storage, quotes=quotes, desk=desk),
        read_mode=read_mode,
        set_mode=SetMode(
            storage=storage,
            presenter=presenter,
            clock=clock,
            live=ground.gate,
            read=read_mode,
        ),
        connect=_build_connect(ground, desk, brokers, sealer),
        disconnect=DisconnectAccount(
            storage=storage, presenter=presenter, clock=clock, on_disconnected=desk.dismiss
        ),
        set_limits=SetLimits(
            storage=storage,
            maximum_positions=settings.strategy.risk.breakers.max_positions.maximum_positions,
        ),
    )


def _build_checks(ground: TradingGround, desk: Desk, quotes: LiveQuotes) -> ExecutionChecks:
    strategy, clock = ground.settings.strategy, ground.clock
    return ExecutionChecks(
        desk=desk,
        quotes=quotes,
        turnover=ReadTurnover(ground.data.feed, clock),
        macro=lambda: ground.market.outside.macro(clock.now()),
        facts=ground.risk_facts,
        risk=strategy.risk,
        parameters=strategy.execution,
    )


def _build_request(
    ground: TradingGround, desk: Desk, checks: ExecutionChecks, *, confirm: bool
) -> RequestExecution:
    return RequestExecution(
        storage=ground.storage,
        presenter=ground.presenter,
        clock=ground.clock,
        checks=checks,
        open_broker=desk.broker_of,
        on_confirmed=desk.wake,
        parameters=ground.settings.strategy.execution,
        live=ground.gate,
        confirm=confirm,
    )


def _build_connect(
    ground: TradingGround, desk: Desk, brokers: Brokers, sealer: KeySealer | None
) -> ConnectAccount | NothingToConnect:
    if sealer is None:
        return NothingToConnect()
    operator_key = ground.settings.exchange.api_key
    return ConnectAccount(
        storage=ground.storage,
        clock=ground.clock,
        sealer=sealer,
        open_candidate=brokers.open_with,
        on_connected=desk.admit,
        operator_key=None if operator_key is None else operator_key.get_secret_value(),
    )
