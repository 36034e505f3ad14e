"""A trade in full, for its trader: what was asked for, and how it goes."""

from decimal import Decimal
from typing import Final

from domain.accounts import ExecutionMode
from domain.intents import Intent, IntentState
from domain.orders import OrderState
from domain.positions import PositionBooks, PositionState
from engine.execution.books.accounting import ledger_of
from engine.execution.values import TradeCard

_PAPER: Final = "paper:"


def mode_of(account: str) -> ExecutionMode:
    """Whether an account holds real money: its name says so."""
    return ExecutionMode.PAPER if account.startswith(_PAPER) else ExecutionMode.LIVE


def trade_card(
    intent: Intent, books: PositionBooks | None = None, *, equity: Decimal | None = None
) -> TradeCard:
    """The card of a trade; `equity` is what the plan was sized on where nobody knows better."""
    plan, costs = intent.plan, intent.plan.costs
    # At the price that the plan was sized at, which may be worse than the one decided on.
    notional = plan.notional * intent.quantity / plan.quantity
    return TradeCard(
        intent=intent,
        mode=mode_of(intent.account),
        equity=_equity_of(intent) if equity is None else equity,
        notional=notional,
        margin=notional / intent.leverage,
        worst_loss=plan.risk_amount * intent.quantity / plan.quantity,
        fees=notional * (costs.entry_fee + costs.exit_fee),
        books=books,
        numbers=None if books is None else ledger_of(books),
    )


def progress_of(books: PositionBooks) -> int:
    """A number that grows with everything a card shows: states only ever go forward."""
    orders = sum(_ORDER_STEPS.get(order.state, _FINAL_STEP) + 1 for order in books.orders)
    position, intent = books.position, books.intent
    entered = position.entered_at is not None
    return (
        orders
        + len(books.fills)
        + _POSITION_STEPS[position.state]
        + int(intent.state is not IntentState.CONFIRMED)
        + int(entered)
    )


_ORDER_STEPS: Final = {
    OrderState.SENDING: 0,
    OrderState.RESTING: 1,
    OrderState.CANCELLING: 2,
    OrderState.TRIGGERED: 3,
}
_FINAL_STEP: Final = 4
_POSITION_STEPS: Final = {
    PositionState.OPENING: 0,
    PositionState.OPEN: 1,
    PositionState.CLOSING: 2,
    PositionState.CLOSED: 3,
}


def _equity_of(intent: Intent) -> Decimal:
    plan = intent.plan
    return plan.risk_amount * 100 / plan.risk_percent if plan.risk_percent else Decimal(0)
