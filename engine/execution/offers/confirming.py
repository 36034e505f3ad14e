"""Use case: a trader confirms an offer."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from domain.accounts import Account
from domain.errors import NotFoundError
from domain.intents import Intent, IntentEvent, IntentState
from domain.plans import Denial, Denied, TradePlan
from domain.signals import FollowedSignal
from engine.execution.accounts.sight import VENUE_SILENT, AccountSight, look_at_account
from engine.execution.accounts.traders import choose_account, deny
from engine.execution.offers.checks import UNDECIDED, ExecutionChecks, check_fresh
from engine.execution.offers.offer_steps import deny_late, find_offer
from engine.execution.offers.opening import open_position
from engine.execution.telling.offer_cards import edit_offer, end_offer
from engine.only_writer import become_only_writer
from engine.ports.broker import OpenBroker
from engine.ports.clock import Clock
from engine.ports.presenting import Presenter
from engine.ports.storage import Storage, UnitOfWork
from engine.readiness.live_gate import LiveGate
from engine.redo import redo_on_conflict

_ALL: Final = Decimal(1)
_PRECISION: Final = Decimal("0.00000001")
"""Grid of derived figures that no venue filter rounds."""
_NOT_ASKED: Final = Denial(rule=VENUE_SILENT, text="the exchange was not asked; press again")
"""In place of an answer that could have changed nothing when the press came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Confirmed:
    intent: Intent
    position_id: int


class ConfirmOffer:
    """Checks everything once more, with the numbers of now, and stores a position to be opened.

    What has become impossible refuses the offer for good; what only cannot be judged at the moment
    leaves it as it is. `on_confirmed` is told of the new position once it is stored.
    """

    def __init__(
        self,
        *,
        storage: Storage,
        presenter: Presenter,
        clock: Clock,
        checks: ExecutionChecks,
        open_broker: OpenBroker,
        on_confirmed: Callable[[int], None],
        live: LiveGate,
    ) -> None:
        self._storage = storage
        self._presenter = presenter
        self._clock = clock
        self._checks = checks
        self._open_broker = open_broker
        self._on_confirmed = on_confirmed
        self._live = live

    async def __call__(self, intent_id: int, user_id: int) -> Intent | Denied:
        """The confirmed intent; its size is what was offered, or less where less is allowed now."""
        async with self._storage() as unit:
            offer = await find_offer(unit, intent_id, user_id)
            if isinstance(offer, Denied):
                return offer
            account = await self._account_of(unit, offer)
        sight: AccountSight | Denial = _NOT_ASKED
        if isinstance(account, Account) and self._clock.now() < offer.expires_at:
            sight = await look_at_account(self._open_broker, account)
        result = await redo_on_conflict(lambda: self._settle(intent_id, user_id, sight))
        if isinstance(result, Denied):
            return result
        self._on_confirmed(result.position_id)
        return result.intent

    async def _settle(
        self, intent_id: int, user_id: int, sight: AccountSight | Denial
    ) -> _Confirmed | Denied:
        async with self._storage() as unit:
            # Two trades at once must not both be promised what is left of heat and margin.
            await become_only_writer(unit)
            offer = await find_offer(unit, intent_id, user_id)
            if isinstance(offer, Denied):
                return offer
            followed = await self._signal_of(unit, offer)
            plan = await self._judge(unit, offer, followed, sight)
            if isinstance(plan, Denied):
                await self._end(unit, offer, plan)
                await unit.commit()
                return plan
            confirmed = await self._store(unit, _within(offer, plan), followed)
            await unit.commit()
        return confirmed

    async def _judge(
        self,
        unit: UnitOfWork,
        offer: Intent,
        followed: FollowedSignal,
        sight: AccountSight | Denial,
    ) -> TradePlan | Denied:
        now = self._clock.now()
        if now >= offer.expires_at:
            return deny_late(offer)
        account = await self._account_of(unit, offer)
        if isinstance(account, Denied):
            return account
        stale = check_fresh(followed, now)
        if stale:
            return Denied(denials=stale)
        return await self._checks(unit, account, followed.signal, sight, now)

    async def _account_of(self, unit: UnitOfWork, offer: Intent) -> Account | Denied:
        """The account that the offer was made for, if it is still the one that would be used."""
        account = await choose_account(unit, offer.user_id, live=self._live)
        if isinstance(account, Denied) or account.name == offer.account:
            return account
        text = "mode or account were changed after this offer; press execute again"
        return deny("account_changed", text)

    async def _signal_of(self, unit: UnitOfWork, offer: Intent) -> FollowedSignal:
        followed = await unit.signals.find(offer.signal_id)
        if followed is None:
            raise NotFoundError(f"signal #{offer.signal_id} of intent {offer.id} is not stored")
        return followed

    async def _end(self, unit: UnitOfWork, offer: Intent, denied: Denied) -> None:
        now = self._clock.now()
        if now >= offer.expires_at:
            await end_offer(unit, self._presenter, offer, IntentEvent.LAPSE, now)
        elif any(denial.rule not in UNDECIDED for denial in denied.denials):
            reason = "; ".join(denial.text for denial in denied.denials)
            await end_offer(unit, self._presenter, offer, IntentEvent.REFUSE, now, reason)

    async def _store(self, unit: UnitOfWork, offer: Intent, followed: FollowedSignal) -> _Confirmed:
        now = self._clock.now()
        intent = offer.after(IntentEvent.CONFIRM)
        await unit.intents.save(intent, was=IntentState.OFFERED)
        position_id = await open_position(unit, intent, followed.signal, now)
        await edit_offer(unit, self._presenter, intent, now)
        return _Confirmed(intent=intent, position_id=position_id)


def _within(offer: Intent, allowed: TradePlan) -> Intent:
    """The offer at its size, or cut to what is allowed now; geared as highly as that needs.

    Either way it carries the money of now: equity and price may have moved since the offer.
    """
    if offer.quantity > allowed.quantity:
        cut = (
            f"{allowed.quantity.normalize():f} instead of {offer.quantity.normalize():f} "
            f"{offer.instrument.base}: less is allowed now than when it was offered"
        )
        return replace(
            offer,
            plan=replace(allowed, shrinks=(*allowed.shrinks, cut)),
            share=_ALL,
            quantity=allowed.quantity,
            leverage=int(allowed.leverage),
        )
    return replace(
        offer,
        plan=_at_prices_of_now(offer.plan, allowed),
        leverage=max(offer.leverage, int(allowed.leverage)),
    )


def _at_prices_of_now(offered: TradePlan, allowed: TradePlan) -> TradePlan:
    """The offered size with what it is worth, and what it risks, by the plan of now."""
    part = offered.quantity / allowed.quantity
    return replace(
        offered,
        notional=(allowed.notional * part).quantize(_PRECISION),
        risk_amount=(allowed.risk_amount * part).quantize(_PRECISION),
        risk_percent=(allowed.risk_percent * part).quantize(_PRECISION),
    )
