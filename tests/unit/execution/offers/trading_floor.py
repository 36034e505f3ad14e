"""A signal that can be executed, traders, and everything around them that a press needs."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from domain.access import Role
from domain.accounts import (
    Account,
    AccountStanding,
    ExecutionMode,
    KeyPermissions,
    PositionMode,
)
from domain.directions import Direction
from domain.errors import QuorumError
from domain.instruments import Instrument
from domain.intents import Intent, IntentState
from domain.messages import OutgoingMessage
from domain.orders import Fill, OrderReport, OrderRequest, VenuePosition
from domain.plans import Denied
from domain.positions import PositionBooks
from domain.signals import FollowedSignal
from engine.execution.offers.checks import ExecutionChecks, Readiness
from engine.execution.offers.offers import AdjustOffer, ConfirmOffer, DeclineOffer, LapseOffers
from engine.execution.offers.press import RequestExecution
from engine.execution.parameters import ExecutionParameters
from engine.execution.requests import Pressed
from engine.execution.values import News, TradeCard
from engine.ports.broker import Broker, OnHint, Quote, Quotes
from engine.ports.storage import Storage
from engine.readiness.live_gate import LiveGate
from engine.risk_state import RiskFacts
from risk.gate import RiskParameters
from tests.builders.market import make_instrument
from tests.builders.research import make_live_gate
from tests.fakes.clock import AFTERNOON, HandClock
from tests.fakes.storage import InMemoryStorage
from tests.unit.engine.failing_storage import FailingStorage
from tests.unit.engine.kept import look_into
from tests.unit.engine.plain_presenter import PlainPresenter
from tests.unit.risk.trade_builders import make_live

ADMIN, ANN, BEN, STRANGER = 1, 11, 22, 99


class TradePresenter(PlainPresenter):
    def trade_card(self, card: TradeCard) -> str:
        intent = card.intent
        return f"{intent.state} {intent.quantity} on {card.mode} {intent.reason}".rstrip()

    def trade_news(self, card: TradeCard, news: News) -> str:
        return f"{news.kind} of {card.intent.id}"

    def trading_alert(self, text: str) -> str:
        return f"alert: {text}"


@dataclass
class HandDesk(Readiness):
    """Ready unless told otherwise; notes what it was woken for."""

    reasons: tuple[str, ...] = ()
    accounts: dict[str, str] = field(default_factory=dict)
    pairs: dict[tuple[str, str], str] = field(default_factory=dict)
    woken: list[int] = field(default_factory=list)

    def halted(self) -> tuple[str, ...]:
        return self.reasons

    def halted_account(self, account: str) -> str | None:
        return self.accounts.get(account)

    def refused_pair(self, account: str, symbol: str) -> str | None:
        return self.accounts.get(account) or self.pairs.get((account, symbol))


@dataclass
class HandQuotes(Quotes):
    known: dict[str, Quote] = field(default_factory=dict)

    def quote(self, symbol: str) -> Quote | None:
        return self.known.get(symbol)

    def set(self, symbol: str, bid: str, ask: str, *, age: float = 0.1) -> None:
        self.known[symbol] = Quote(bid=Decimal(bid), ask=Decimal(ask), age_seconds=age)


@dataclass
class AskedBroker(Broker):
    """Tells how an account stands; nobody has a reason to send it an order here."""

    equity: Decimal = Decimal(10_000)
    available: Decimal | None = None
    held: list[VenuePosition] = field(default_factory=list)
    resting: list[OrderReport] = field(default_factory=list)
    permissions: KeyPermissions = field(
        default_factory=lambda: KeyPermissions(can_trade=True, can_withdraw=False)
    )
    mode: PositionMode = PositionMode.ONE_WAY
    failure: QuorumError | None = None
    asked: int = 0
    closed: int = 0

    async def read_permissions(self) -> KeyPermissions:
        self._answer()
        return self.permissions

    async def read_standing(self) -> AccountStanding:
        self._answer()
        available = self.equity if self.available is None else self.available
        return AccountStanding(equity=self.equity, available=available, position_mode=self.mode)

    async def list_positions(self) -> list[VenuePosition]:
        self._answer()
        return self.held

    async def close(self) -> None:
        self.closed += 1

    async def prepare(self, symbol: str, leverage: int) -> None:
        raise AssertionError(f"nobody should prepare {symbol} at {leverage}x here")

    async def place(self, request: OrderRequest) -> OrderReport:
        raise AssertionError(f"nobody should send {request.client_id} here")

    async def cancel(self, request: OrderRequest) -> OrderReport:
        raise AssertionError(f"nobody should cancel {request.client_id} here")

    async def find_order(self, request: OrderRequest) -> OrderReport | None:
        raise AssertionError(f"nobody should ask about {request.client_id} here")

    async def list_open_orders(self, symbol: str | None = None) -> list[OrderReport]:
        self._answer()
        return [order for order in self.resting if symbol in (None, order.symbol)]

    async def list_fills(self, symbol: str, since: datetime) -> list[Fill]:
        raise AssertionError(f"nobody should ask about fills of {symbol} since {since} here")

    async def run(self, on_hint: OnHint) -> None:
        raise AssertionError(f"nobody should listen with {on_hint} here")

    def _answer(self) -> None:
        self.asked += 1
        if self.failure is not None:
            raise self.failure


@dataclass
class Floor:
    """Signals are longs or shorts at 100 with a stop 2 away; Ann and Ben trade, 1 is the admin."""

    storage: Storage = field(default_factory=InMemoryStorage)
    clock: HandClock = field(default_factory=HandClock)
    presenter: TradePresenter = field(default_factory=TradePresenter)
    desk: HandDesk = field(default_factory=HandDesk)
    quotes: HandQuotes = field(default_factory=HandQuotes)
    broker: AskedBroker = field(default_factory=AskedBroker)
    turnover: Decimal | None = Decimal(100_000_000)
    parameters: ExecutionParameters = field(default_factory=ExecutionParameters)
    risk: RiskParameters = field(default_factory=RiskParameters)
    is_live_allowed: bool = False
    override: str = "a test"
    opened: list[str] = field(default_factory=list)

    async def begin(self, *signals: FollowedSignal) -> "Floor":
        async with self.storage() as unit:
            for user_id, role in ((ADMIN, Role.ADMIN), (ANN, Role.TRADER), (BEN, Role.TRADER)):
                await unit.users.grant(user_id, role, at=AFTERNOON, how="settings")
            await unit.commit()
        self.clock.advance(60)
        await self.publish(*(signals or (make_signal_on("SOL"),)))
        return self

    def take_turns(self) -> None:
        """From now on others come in between the steps of a unit of work, as in a database."""
        self.storage = FailingStorage(self.storage).storage

    async def publish(self, *signals: FollowedSignal) -> None:
        async with self.storage() as unit:
            for followed in signals:
                await unit.signals.add(followed)
                self.quotes.set(followed.signal.plan.symbol, "99.99", "100.01")
            await unit.commit()

    async def open_broker(self, account: Account) -> Broker:
        self.opened.append(account.name)
        return self.broker

    def gate(self) -> LiveGate:
        return make_live_gate(self.clock, is_switched_on=self.is_live_allowed, stated=self.override)

    def checks(self) -> ExecutionChecks:
        return ExecutionChecks(
            desk=self.desk,
            quotes=self.quotes,
            turnover=lambda _instrument: self.turnover,
            macro=lambda: None,
            facts=RiskFacts(price=self._price),
            risk=self.risk,
            parameters=self.parameters,
        )

    def _price(self, symbol: str) -> Decimal | None:
        quote = self.quotes.quote(symbol)
        return None if quote is None else quote.bid

    async def press(
        self, signal_id: int = 1, user_id: int = ANN, *, confirm: bool = True
    ) -> Pressed | Denied:
        request = RequestExecution(
            storage=self.storage,
            presenter=self.presenter,
            clock=self.clock,
            checks=self.checks(),
            open_broker=self.open_broker,
            on_confirmed=self.desk.woken.append,
            parameters=self.parameters,
            live=self.gate(),
            confirm=confirm,
        )
        return await request(signal_id, user_id)

    async def offer(self, signal_id: int = 1, user_id: int = ANN) -> Intent:
        pressed = await self.press(signal_id, user_id)
        assert isinstance(pressed, Pressed), pressed
        return pressed.intent

    async def confirm(self, intent_id: int = 1, user_id: int = ANN) -> Intent | Denied:
        confirm = ConfirmOffer(
            storage=self.storage,
            presenter=self.presenter,
            clock=self.clock,
            checks=self.checks(),
            open_broker=self.open_broker,
            on_confirmed=self.desk.woken.append,
            live=self.gate(),
        )
        return await confirm(intent_id, user_id)

    async def adjust(self, share: str, intent_id: int = 1, user_id: int = ANN) -> Intent | Denied:
        adjust = AdjustOffer(storage=self.storage, presenter=self.presenter, clock=self.clock)
        return await adjust(intent_id, user_id, Decimal(share))

    async def decline(self, intent_id: int = 1, user_id: int = ANN) -> Intent | Denied:
        decline = DeclineOffer(storage=self.storage, presenter=self.presenter, clock=self.clock)
        return await decline(intent_id, user_id)

    async def lapse(self) -> int:
        lapse = LapseOffers(storage=self.storage, presenter=self.presenter, clock=self.clock)
        return await lapse()

    async def set_mode(self, mode: ExecutionMode) -> None:
        async with self.storage() as unit:
            await unit.state.set_mode(mode)
            await unit.commit()

    async def find(self, intent_id: int = 1) -> Intent | None:
        async with self.storage() as unit:
            return await unit.intents.find(intent_id)

    async def positions(self) -> list[PositionBooks]:
        async with self.storage() as unit:
            return await unit.positions.list_live()

    async def messages(self, user_id: int = ANN) -> list[OutgoingMessage]:
        messages = (await look_into(self.storage)).messages
        return [message for message in messages if message.recipient == str(user_id)]

    async def state_of(self, intent_id: int = 1) -> IntentState:
        intent = await self.find(intent_id)
        assert intent is not None
        return intent.state


def make_signal_on(
    base: str, signal_id: int = 1, *, direction: Direction = Direction.LONG, **changes: Any
) -> FollowedSignal:
    """A signal whose entry was met; its plan risks 1.5 % with 2.15 a unit."""
    live = make_live(direction)
    instrument: Instrument = make_instrument(base, tick="0.01", step="0.01")
    plan = replace(live.signal.plan, symbol=instrument.symbol)
    signal = replace(live.signal, id=signal_id, instrument=instrument, plan=plan, **changes)
    return replace(live, signal=signal)


def rules_of(found: object) -> list[str]:
    assert isinstance(found, Denied), found
    assert all(denial.text for denial in found.denials)
    return [denial.rule for denial in found.denials]


def words_of(found: object) -> str:
    assert isinstance(found, Denied), found
    return "; ".join(denial.text for denial in found.denials)
