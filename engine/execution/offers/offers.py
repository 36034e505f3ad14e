"""Use cases about an offer: change its size, decline it, let it lapse."""

from dataclasses import replace
from decimal import Decimal

from domain.intents import Intent, IntentEvent, IntentState
from domain.plans import Denial, Denied
from engine.execution.accounts.traders import deny
from engine.execution.offers.confirming import ConfirmOffer
from engine.execution.offers.offer_steps import deny_late, find_offer
from engine.execution.telling.offer_cards import edit_offer, end_offer
from engine.ports.clock import Clock
from engine.ports.presenting import Presenter
from engine.ports.storage import Storage
from engine.redo import redo_on_conflict
from risk.accounts.sizing import take_share

__all__ = ["AdjustOffer", "ConfirmOffer", "DeclineOffer", "LapseOffers", "NewestOffer"]


class AdjustOffer:
    """Takes a share of the full trade instead of all of it."""

    def __init__(self, *, storage: Storage, presenter: Presenter, clock: Clock) -> None:
        self._storage = storage
        self._presenter = presenter
        self._clock = clock

    async def __call__(self, intent_id: int, user_id: int, share: Decimal) -> Intent | Denied:
        """The offer with its new size; `share` in (0, 1]. A refusal leaves it as it was."""
        if not (share.is_finite() and 0 < share <= 1):
            return deny("share", "choose a part of the trade above 0 and up to 100 %")
        return await redo_on_conflict(lambda: self._adjust(intent_id, user_id, share))

    async def _adjust(self, intent_id: int, user_id: int, share: Decimal) -> Intent | Denied:
        now = self._clock.now()
        async with self._storage() as unit:
            offer = await find_offer(unit, intent_id, user_id)
            if isinstance(offer, Denied):
                return offer
            if now >= offer.expires_at:
                return deny_late(offer)
            quantity = take_share(offer.plan, offer.instrument, share)
            if isinstance(quantity, Denial):
                return Denied(denials=(quantity,))
            adjusted = replace(offer, share=share, quantity=quantity)
            if adjusted == offer:
                return offer
            await unit.intents.save(adjusted, was=IntentState.OFFERED)
            await edit_offer(unit, self._presenter, adjusted, now)
            await unit.commit()
        return adjusted


class NewestOffer:
    """What a trader means who sends a share without saying of what."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def __call__(self, user_id: int) -> Intent | None:
        """His newest offer that waits for an answer."""
        async with self._storage() as unit:
            offers = await unit.intents.list_offered(user_id)
        return offers[-1] if offers else None


class DeclineOffer:
    """Drops an offer: nothing is sent, and the signal can be executed anew."""

    def __init__(self, *, storage: Storage, presenter: Presenter, clock: Clock) -> None:
        self._storage = storage
        self._presenter = presenter
        self._clock = clock

    async def __call__(self, intent_id: int, user_id: int) -> Intent | Denied:
        """The declined intent."""
        return await redo_on_conflict(lambda: self._decline(intent_id, user_id))

    async def _decline(self, intent_id: int, user_id: int) -> Intent | Denied:
        async with self._storage() as unit:
            offer = await find_offer(unit, intent_id, user_id)
            if isinstance(offer, Denied):
                return offer
            now = self._clock.now()
            declined = await end_offer(unit, self._presenter, offer, IntentEvent.DECLINE, now)
            await unit.commit()
        return declined


class LapseOffers:
    """Ends offers whose entry window is over; run it every few seconds."""

    def __init__(self, *, storage: Storage, presenter: Presenter, clock: Clock) -> None:
        self._storage = storage
        self._presenter = presenter
        self._clock = clock

    async def __call__(self) -> int:
        """How many have lapsed."""
        return await redo_on_conflict(self._lapse)

    async def _lapse(self) -> int:
        now = self._clock.now()
        async with self._storage() as unit:
            over = [each for each in await unit.intents.list_offered() if now >= each.expires_at]
            for offer in over:
                await end_offer(unit, self._presenter, offer, IntentEvent.LAPSE, now)
            if over:
                await unit.commit()
        return len(over)
