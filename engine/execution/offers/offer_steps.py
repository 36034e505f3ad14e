"""Steps that every answer to an offer takes."""

from typing import Final

from domain.intents import Intent, IntentState
from domain.plans import Denied
from engine.execution.accounts.traders import check_trader, deny
from engine.ports.storage import UnitOfWork

_SETTLED: Final = {
    IntentState.CONFIRMED: "you have confirmed this already: its entry is on the way",
    IntentState.ENTERED: "you have confirmed this already: it was executed",
    IntentState.DECLINED: "you have declined this; press execute again if you want it after all",
    IntentState.LAPSED: "this offer has lapsed: the signal could be entered only until then",
    IntentState.REFUSED: "this was refused already; press execute again to ask anew",
    IntentState.MISSED: "the entry of this was not filled in time; nothing is open",
}


async def find_offer(unit: UnitOfWork, intent_id: int, user_id: int) -> Intent | Denied:
    """An offer that waits for this trader's answer; or why there is none."""
    denied = await check_trader(unit, user_id)
    if denied is not None:
        return denied
    intent = await unit.intents.find(intent_id)
    if intent is None:
        return deny("unknown_offer", "there is no such offer")
    if intent.user_id != user_id:
        return deny("not_yours", "this offer is somebody else's")
    if intent.state is IntentState.OFFERED:
        return intent
    return deny("settled", _SETTLED[intent.state])


def deny_late(offer: Intent) -> Denied:
    """That the entry window is over."""
    text = f"too late: signal #{offer.signal_id} could be entered until"
    return deny("too_late", f"{text} {offer.expires_at:%H:%M} UTC")
