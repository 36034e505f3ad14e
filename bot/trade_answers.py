"""Answers to presses about trades, as HTML: the same for Telegram and for a terminal.

Who may trade at all is for the caller to check; whose an intent is, is for the use cases.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bot.presenters.denials import render_denied
from bot.presenters.trade_conversation import (
    BAD_PERCENTAGE,
    NO_OFFER,
    declined,
    not_newest,
    repeated,
    resized,
    share_question,
)
from bot.trade_arguments import parse_share
from bot.use_cases import BotUseCases
from domain.messages import Action
from domain.plans import Denied

SHARES: Final = {Action.HALF: Decimal("0.5"), Action.FULL: Decimal(1)}
"""What the buttons for a size stand for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is said about a press, as HTML."""

    text: str
    is_refusal: bool = False


class TradeAnswers:
    """About offers. None where the trade's card says everything, which arrives by the outbox."""

    def __init__(self, use_cases: BotUseCases) -> None:
        self._use_cases = use_cases

    async def execute(self, signal_id: int, user_id: int) -> str | None:
        """A press on *execute*: what stands against it, or that it was pressed before."""
        outcome = await self._use_cases.request_execution(signal_id, user_id)
        if isinstance(outcome, Denied):
            return render_denied(outcome)
        return repeated(outcome.intent) if outcome.is_repeat else None

    async def confirm(self, intent_id: int, user_id: int) -> str | None:
        """A press on *confirm*: what stands against it."""
        outcome = await self._use_cases.confirm_offer(intent_id, user_id)
        return render_denied(outcome) if isinstance(outcome, Denied) else None

    async def decline(self, intent_id: int, user_id: int) -> Reply:
        """A press on *decline*."""
        outcome = await self._use_cases.decline_offer(intent_id, user_id)
        return _refusal(outcome) if isinstance(outcome, Denied) else Reply(text=declined(outcome))

    async def resize(self, intent_id: int, user_id: int, share: Decimal) -> Reply:
        """A choice of size: `share` in (0, 1] of the full one."""
        outcome = await self._use_cases.adjust_offer(intent_id, user_id, share)
        return _refusal(outcome) if isinstance(outcome, Denied) else Reply(text=resized(outcome))

    async def ask_share(self, intent_id: int, user_id: int) -> str:
        """A press on *custom*: asks for a percentage, which will count for the newest offer."""
        newest = await self._use_cases.newest_offer(user_id)
        if newest is None:
            return NO_OFFER
        return share_question(newest) if newest.id == intent_id else not_newest(newest)

    async def take_share(self, typed: str, user_id: int) -> str:
        """A percentage that somebody typed."""
        share = parse_share(typed)
        if share is None:
            return BAD_PERCENTAGE
        newest = await self._use_cases.newest_offer(user_id)
        if newest is None:
            return NO_OFFER
        return (await self.resize(newest.id, user_id, share)).text


def _refusal(denied: Denied) -> Reply:
    return Reply(text=render_denied(denied), is_refusal=True)
