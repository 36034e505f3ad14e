"""Trades at a terminal: the same buttons as numbers, the same commands, one operator."""

from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bot.presenters.conversation import STALE_BUTTON
from bot.presenters.html_presenter import HtmlPresenter
from bot.presenters.trade_conversation import BAD_PERCENTAGE, NO_OFFER
from bot.terminal import TerminalMessenger
from bot.terminal_buttons import TerminalButtons, TerminalPresses
from bot.terminal_operator import TERMINAL_OPERATOR_ID
from bot.use_cases import BotUseCases
from domain.accounts import ExecutionMode
from domain.intents import IntentState
from domain.messages import Action, Button, OutgoingMessage
from domain.plans import Denial, Denied
from tests.builders.trade_cards import make_card, make_intent
from tests.fakes.trading import FakeTrading

OFFER = (
    Button(label="✅ Confirm", action=Action.CONFIRM, subject=3),
    Button(label="Half", action=Action.HALF, subject=3),
    Button(label="Custom %", action=Action.CUSTOM, subject=3),
    Button(label="✖️ Decline", action=Action.DECLINE, subject=3),
)
EXECUTE = Button(label="⚡ Execute", action=Action.EXECUTE, subject=12)


class Terminal:
    """A screen that remembers, a keyboard, and the trades behind them."""

    def __init__(self, charts: Path) -> None:
        self._file = StringIO()
        self.trading = FakeTrading()
        self.buttons = TerminalButtons()
        console = Console(file=self._file, width=120, color_system=None)
        self.messenger = TerminalMessenger(console, self.buttons)
        self._presses = TerminalPresses(
            console=console, buttons=self.buttons, use_cases=self._use_cases(), charts=charts
        )

    def _use_cases(self) -> BotUseCases:
        cases: dict[str, Any] = dict.fromkeys(BotUseCases.__dataclass_fields__, unused)
        return BotUseCases(**(cases | self.trading.use_cases))

    @property
    def text(self) -> str:
        return self._file.getvalue()

    async def type(self, line: str) -> None:
        await self._presses.press(f"{line}\n")


async def unused(*_: object, **__: object) -> Any:
    raise AssertionError("a trade at a terminal needs no such use case")


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


async def test_execute_is_pressed_as_the_operator_and_the_card_says_the_rest(
    terminal: Terminal,
) -> None:
    terminal.buttons.offer([EXECUTE])
    await terminal.type("1")
    assert terminal.trading.asked("request_execution") == [(12, TERMINAL_OPERATOR_ID)]
    assert terminal.text == ""


async def test_refusal_is_printed(terminal: Terminal) -> None:
    terminal.buttons.offer([EXECUTE])
    terminal.trading.refusal = Denied(denials=(Denial(rule="x", text="heat <is> full"),))
    await terminal.type("1")
    assert "heat <is> full" in terminal.text


async def test_offer_is_sized_and_confirmed_by_its_numbers(terminal: Terminal) -> None:
    terminal.buttons.offer(OFFER)
    terminal.trading.make_offer(TERMINAL_OPERATOR_ID)
    for number in ("2", "3"):
        await terminal.type(number)
    await terminal.type("12.5 %")
    await terminal.type("1")
    assert "50% of the full size" in terminal.text
    assert "Write a percentage" in terminal.text
    assert "12.50% of the full size" in terminal.text
    assert terminal.trading.asked("adjust_offer")[-1] == (
        3,
        TERMINAL_OPERATOR_ID,
        Decimal("0.125"),
    )
    assert terminal.trading.offer is not None
    assert terminal.trading.offer.state is IntentState.CONFIRMED


async def test_offer_is_declined_by_its_number(terminal: Terminal) -> None:
    terminal.buttons.offer(OFFER)
    terminal.trading.make_offer(TERMINAL_OPERATOR_ID)
    await terminal.type("4")
    assert "declined, nothing was sent" in terminal.text


async def test_percentage_without_an_offer_or_out_of_range_is_told(terminal: Terminal) -> None:
    await terminal.type("35%")
    await terminal.type("0%")
    assert NO_OFFER in terminal.text
    assert BAD_PERCENTAGE in terminal.text


async def test_bare_number_is_a_button_and_never_a_percentage(terminal: Terminal) -> None:
    terminal.trading.make_offer(TERMINAL_OPERATOR_ID)
    await terminal.type("35")
    assert STALE_BUTTON in terminal.text
    assert terminal.trading.calls == []


async def test_commands_are_those_of_an_operator(terminal: Terminal) -> None:
    for line in ("/positions", "/close btc", "/close_all", "/cancel", "/mode off", "/limits 50 2"):
        await terminal.type(line)
    assert terminal.trading.asked("list_positions") == [(None,)]
    assert terminal.trading.asked("close_positions") == [
        (TERMINAL_OPERATOR_ID, "BTCUSDT", False),
        (TERMINAL_OPERATOR_ID, None, True),
    ]
    assert terminal.trading.asked("set_mode") == [(ExecutionMode.OFF, "terminal")]
    assert "Everything, on all accounts" in terminal.text


async def test_connect_is_not_offered_at_a_terminal(terminal: Terminal) -> None:
    await terminal.type("/connect key-key-key secret-secret")
    assert "Here I know:" in terminal.text
    assert "/connect" not in terminal.text
    assert terminal.trading.calls == []


async def test_card_of_the_operator_is_printed_with_its_choices_and_its_edits(
    terminal: Terminal,
) -> None:
    recipient = str(TERMINAL_OPERATOR_ID)
    text = HtmlPresenter().trade_card(make_card())
    card = OutgoingMessage(key="intent:3", recipient=recipient, text=text, buttons=OFFER)
    await terminal.messenger.send(card, reply_to=None)
    declined = HtmlPresenter().trade_card(make_card(make_intent(IntentState.DECLINED)))
    edit = OutgoingMessage(key="e", recipient=recipient, text=declined, edits="intent:3")
    await terminal.messenger.edit(edit, 1)
    assert "private chat with you" in terminal.text
    assert "[1] ✅ Confirm  [2] Half" in terminal.text
    assert "↻ #12 🟢 LONG BTC/USDT · 🧪 PAPER │ 🚫 DECLINED · nothing was sent" in terminal.text


def test_id_of_the_terminal_can_be_no_telegram_id() -> None:
    assert TERMINAL_OPERATOR_ID >= 2**52
    assert TERMINAL_OPERATOR_ID < 2**63
