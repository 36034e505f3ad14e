"""Trades at a terminal: the buttons under offers as numbers, and a percentage as it is typed."""

from bot.presenters.conversation import STALE_BUTTON
from bot.terminal_operator import TERMINAL_OPERATOR_ID
from bot.trade_answers import SHARES, TradeAnswers
from bot.trade_arguments import looks_like_share
from bot.use_cases import BotUseCases
from domain.messages import Action, Button


class TerminalTrades:
    """Presses of the operator at the terminal. None where a card says everything."""

    def __init__(self, use_cases: BotUseCases) -> None:
        self._answers = TradeAnswers(use_cases)

    async def press(self, button: Button) -> str | None:
        """What a button about a trade asks for."""
        subject, user_id = button.subject, TERMINAL_OPERATOR_ID
        if button.action is Action.EXECUTE:
            return await self._answers.execute(subject, user_id)
        if button.action is Action.CONFIRM:
            return await self._answers.confirm(subject, user_id)
        if button.action is Action.DECLINE:
            return (await self._answers.decline(subject, user_id)).text
        if button.action is Action.CUSTOM:
            return await self._answers.ask_share(subject, user_id)
        if button.action in SHARES:
            return (await self._answers.resize(subject, user_id, SHARES[button.action])).text
        return STALE_BUTTON

    async def take_share(self, typed: str) -> str:
        """A percentage for the newest offer."""
        return await self._answers.take_share(typed, TERMINAL_OPERATOR_ID)


def is_typed_share(typed: str) -> bool:
    """Whether a line is a percentage: with its sign, for a bare number is a button here."""
    line = typed.strip()
    return line.endswith("%") and looks_like_share(line)
