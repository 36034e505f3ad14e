"""The message of an offer: shown with its buttons, edited, and left without them."""

from datetime import datetime

from domain.intents import Intent, IntentEvent, IntentState
from domain.messages import Action, Button, OutgoingMessage
from engine.execution.telling.cards import trade_card
from engine.ports.presenting import Presenter
from engine.ports.storage import UnitOfWork


def card_key(intent_id: int) -> str:
    """The key of the message that a trade is shown in from its offer to its end."""
    return f"intent:{intent_id}"


async def show_offer(unit: UnitOfWork, presenter: Presenter, intent: Intent, now: datetime) -> None:
    """Queue the card of a new intent."""
    card = OutgoingMessage(
        key=card_key(intent.id),
        recipient=str(intent.user_id),
        text=presenter.trade_card(trade_card(intent)),
        buttons=_buttons(intent),
    )
    await unit.outbox.put([card], at=now)


async def edit_offer(unit: UnitOfWork, presenter: Presenter, intent: Intent, now: datetime) -> None:
    """Queue the card as the intent stands now; it has buttons only while there is a choice.

    Edits before the confirmation are numbered on their own, apart from those of the trade.
    """
    prefix = f"{card_key(intent.id)}:card:offer-"
    earlier = await unit.outbox.list_put_since(intent.created_at, prefix=prefix)
    edit = OutgoingMessage(
        key=f"{prefix}{len(earlier) + 1}",
        recipient=str(intent.user_id),
        text=presenter.trade_card(trade_card(intent)),
        buttons=_buttons(intent),
        edits=card_key(intent.id),
        silent=True,
    )
    await unit.outbox.put([edit], at=now)


async def end_offer(
    unit: UnitOfWork,
    presenter: Presenter,
    offer: Intent,
    event: IntentEvent,
    now: datetime,
    reason: str = "",
) -> Intent:
    """Move an offer on for good; its card loses the buttons."""
    ended = offer.after(event, reason)
    await unit.intents.save(ended, was=IntentState.OFFERED)
    await edit_offer(unit, presenter, ended, now)
    return ended


def _buttons(intent: Intent) -> tuple[Button, ...]:
    if intent.state is not IntentState.OFFERED:
        return ()
    labels = {
        Action.CONFIRM: "✅ Confirm",
        Action.HALF: "Half",
        Action.FULL: "Full",
        Action.CUSTOM: "Custom %",
        Action.DECLINE: "✖️ Decline",
    }
    return tuple(
        Button(label=label, action=action, subject=intent.id) for action, label in labels.items()
    )
