"""The use cases of execution as the bot sees them: they remember what was asked of them."""

import asyncio
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from domain.accounts import Account, ExecutionMode
from domain.errors import ConfigurationError, ConflictError, NotFoundError
from domain.intents import Intent, IntentEvent, IntentState
from domain.plans import Denial, Denied
from engine.execution.requests import Closing, Connected, ModeStanding, Pressed
from engine.execution.values import OpenPosition
from tests.builders.trade_cards import TRADER, make_intent, make_open_position

NOT_YOURS = Denied(denials=(Denial(rule="not_yours", text="this trade is somebody else's"),))
SETTLED = Denied(denials=(Denial(rule="settled", text="this trade was settled already"),))


@dataclass
class FakeTrading:
    """One offer at a time, owned by whoever pressed; `refusal` denies every press."""

    offer: Intent | None = None
    refusal: Denied | None = None
    failure: Exception | None = None
    connection: Connected | Denied = field(
        default_factory=lambda: Connected(
            account=f"trader:{TRADER}", equity=Decimal("1234.5"), is_new=True
        )
    )
    closing: Closing = field(default_factory=lambda: Closing(closing=("BTCUSDT",)))
    mode: ExecutionMode = ExecutionMode.PAPER
    holds_positions: bool = False
    calls: list[tuple[Any, ...]] = field(default_factory=list)

    @property
    def use_cases(self) -> dict[str, Any]:
        names = (
            "request_execution",
            "newest_offer",
            "adjust_offer",
            "confirm_offer",
            "decline_offer",
            "close_positions",
            "cancel_entries",
            "list_positions",
            "read_mode",
            "set_mode",
            "connect",
            "disconnect",
            "set_limits",
        )
        return {name: getattr(self, name) for name in names}

    def asked(self, name: str) -> list[tuple[Any, ...]]:
        """The arguments of every call of one use case."""
        return [call[1:] for call in self.calls if call[0] == name]

    async def wait_for(self, name: str, seconds: float = 5.0) -> None:
        """Until a use case was asked."""
        async with asyncio.timeout(seconds):
            while not self.asked(name):  # noqa: ASYNC110
                await asyncio.sleep(0.005)

    def make_offer(self, user_id: int = TRADER, *, intent_id: int = 3) -> Intent:
        """An offer that waits for its confirmation."""
        self.offer = replace(make_intent(intent_id=intent_id), user_id=user_id)
        return self.offer

    async def request_execution(self, signal_id: int, user_id: int) -> Pressed | Denied:
        self._note("request_execution", signal_id, user_id)
        if self.refusal is not None:
            return self.refusal
        if self.offer is not None:
            return Pressed(intent=self.offer, is_repeat=True)
        return Pressed(intent=self.make_offer(user_id), is_repeat=False)

    async def newest_offer(self, user_id: int) -> Intent | None:
        offer = self.offer
        return offer if offer is not None and offer.user_id == user_id else None

    async def adjust_offer(self, intent_id: int, user_id: int, share: Decimal) -> Intent | Denied:
        self._note("adjust_offer", intent_id, user_id, share)
        offer = self._open_offer(intent_id, user_id)
        if isinstance(offer, Denied):
            return offer
        quantity = offer.instrument.quantity(offer.plan.quantity * share)
        self.offer = replace(offer, share=share, quantity=quantity)
        return self.offer

    async def confirm_offer(self, intent_id: int, user_id: int) -> Intent | Denied:
        self._note("confirm_offer", intent_id, user_id)
        return self._settle(intent_id, user_id, IntentEvent.CONFIRM)

    async def decline_offer(self, intent_id: int, user_id: int) -> Intent | Denied:
        self._note("decline_offer", intent_id, user_id)
        return self._settle(intent_id, user_id, IntentEvent.DECLINE)

    async def close_positions(
        self, user_id: int, symbol: str | None, *, everybody: bool = False
    ) -> Closing:
        self._note("close_positions", user_id, symbol, everybody)
        return self.closing

    async def cancel_entries(self, user_id: int) -> Closing:
        self._note("cancel_entries", user_id)
        return Closing(cancelled=("ETHUSDT",))

    async def list_positions(self, user_id: int | None) -> list[OpenPosition]:
        self._note("list_positions", user_id)
        return [make_open_position()]

    async def read_mode(self) -> ModeStanding:
        return ModeStanding(mode=self.mode, is_live_allowed=False)

    async def set_mode(self, mode: ExecutionMode, by: str) -> ModeStanding:
        self._note("set_mode", mode, by)
        if mode is ExecutionMode.LIVE:
            raise ConfigurationError("LIVE_TRADING is off in the settings")
        self.mode = mode
        return await self.read_mode()

    async def connect(self, user_id: int, api_key: str, api_secret: str) -> Connected | Denied:
        self._note("connect", user_id, api_key, api_secret)
        return self.connection

    async def disconnect(self, user_id: int) -> bool:
        self._note("disconnect", user_id)
        if self.holds_positions:
            raise ConflictError("your account has live positions (BTC/USDT): close them first")
        return len(self.asked("disconnect")) == 1

    async def set_limits(
        self, user_id: int, risk_share: Decimal, maximum_positions: int | None
    ) -> Account:
        self._note("set_limits", user_id, risk_share, maximum_positions)
        if not isinstance(self.connection, Connected):
            raise NotFoundError(f"user {user_id} has no connected account")
        if maximum_positions is not None and maximum_positions > 5:
            raise ConfigurationError("positions at once are too many; allowed is 1 to 5")
        return Account(
            name=f"trader:{user_id}",
            mode=ExecutionMode.LIVE,
            user_id=user_id,
            risk_share=risk_share,
            maximum_positions=maximum_positions,
        )

    def _note(self, *call: Any) -> None:
        self.calls.append(call)
        if self.failure is not None:
            raise self.failure

    def _open_offer(self, intent_id: int, user_id: int) -> Intent | Denied:
        offer = self.offer
        if offer is None or offer.id != intent_id or offer.user_id != user_id:
            return NOT_YOURS
        return offer if offer.state is IntentState.OFFERED else SETTLED

    def _settle(self, intent_id: int, user_id: int, event: IntentEvent) -> Intent | Denied:
        offer = self._open_offer(intent_id, user_id)
        if isinstance(offer, Denied):
            return offer
        self.offer = offer.after(event)
        return self.offer
