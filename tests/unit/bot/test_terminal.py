"""Where there is no token: the same words on a terminal, buttons as numbers."""

import asyncio
import os
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bot.presenters.conversation import FAILED, PICTURE_FAILED, STALE_BUTTON
from bot.presenters.html_presenter import HtmlPresenter
from bot.presenters.markup import render_plain
from bot.terminal import TerminalMessenger
from bot.terminal_buttons import TerminalButtons, TerminalPresses, TerminalReader
from bot.terminal_pictures import TerminalPictures
from bot.use_cases import BotUseCases
from domain.errors import NotFoundError
from domain.messages import CHANNEL, Action, Button, OutgoingMessage
from domain.signals import FollowedSignal, SignalState
from engine.reports import ChartData, HeatReport, LedgerHead, Period, PeriodReport, TrackRecord
from tests.builders.market import make_candles
from tests.builders.reports import make_statistics
from tests.builders.risk_reports import make_heat, make_open_risk
from tests.builders.signals import CLOSED_AT, make_followed, make_step
from tests.builders.track_records import make_track_record
from tests.unit.bot.delivery_doubles import eventually

PRESENTER = HtmlPresenter()
BUTTONS = (
    Button(label="Why", action=Action.WHY, subject=12),
    Button(label="Chart", action=Action.CHART, subject=12),
)


class Screen:
    """A console that remembers."""

    def __init__(self, *, is_terminal: bool = False) -> None:
        self._file = StringIO()
        self.console = Console(
            file=self._file, force_terminal=is_terminal, width=120, color_system=None
        )
        self.buttons = TerminalButtons()
        self.messenger = TerminalMessenger(self.console, self.buttons)

    @property
    def text(self) -> str:
        return self._file.getvalue()


def post(state: SignalState = SignalState.PUBLISHED, **fields: Any) -> OutgoingMessage:
    text = PRESENTER.signal_post(make_followed(state))
    return OutgoingMessage(key="k", recipient=CHANNEL, text=text, buttons=BUTTONS, **fields)


async def test_plain_output_holds_the_very_words_of_the_post() -> None:
    screen = Screen()
    assert await screen.messenger.send(post(), reply_to=None) == 1
    assert render_plain(post().text) in screen.text
    assert "[1] Why  [2] Chart" in screen.text


async def test_terminal_output_frames_the_post() -> None:
    screen = Screen(is_terminal=True)
    await screen.messenger.send(post(), reply_to=None)
    assert "╭─ channel" in screen.text
    assert "[1] Why  [2] Chart" in screen.text
    assert "Entry  64210.5" in screen.text


async def test_edit_is_one_line_with_the_new_status() -> None:
    screen = Screen()
    await screen.messenger.edit(post(SignalState.TP1), 1)
    assert screen.text.count("\n") == 1
    assert "LONG BTC/USDT" in screen.text
    assert "TP1 ✓ +0.48R so far" in screen.text


async def test_reply_is_indented_below_its_post() -> None:
    screen = Screen()
    followed = make_followed(SignalState.STOPPED)
    text = PRESENTER.step_reply(followed, make_step(followed))
    message = OutgoingMessage(key="r", recipient=CHANNEL, text=text)
    await screen.messenger.send(message, reply_to=1)
    assert screen.text.startswith("  ↳ 🟢 LONG BTC/USDT #12\n    ❌ CLOSED −1.29R")


async def test_private_message_says_whom_it_is_for() -> None:
    screen = Screen()
    message = OutgoingMessage(key="a", recipient="4711", text="alert")
    await screen.messenger.send(message, reply_to=None)
    assert "private chat 4711" in screen.text


def test_old_choices_are_forgotten() -> None:
    buttons = TerminalButtons()
    for _ in range(300):
        buttons.offer(BUTTONS)
    assert buttons.find(1) is None
    assert buttons.find(600) == BUTTONS[1]


class Engine:
    """The use cases a press may need."""

    def __init__(self) -> None:
        self.resolved: list[tuple[int, bool]] = []

    async def find_signal(self, signal_id: int) -> FollowedSignal:
        if signal_id != 12:
            raise NotFoundError(f"there is no signal #{signal_id}")
        return make_followed()

    async def chart_data(self, signal_id: int) -> ChartData:
        return ChartData(followed=make_followed(), candles=make_candles(CLOSED_AT))

    async def track_record(self, days: int | None) -> TrackRecord:
        return make_track_record(make_statistics(), days)

    async def read_heat(self) -> HeatReport:
        return make_heat(make_open_risk())

    async def read_report(self, period: Period) -> PeriodReport:
        raise NotFoundError(f"there is no report of a {period}")

    async def read_head(self) -> LedgerHead:
        raise LookupError("a fault of our own")

    async def resolve_delivery(self, row_id: int, *, arrived: bool) -> None:
        self.resolved.append((row_id, arrived))


async def unused(*_: object, **__: object) -> Any:
    raise AssertionError("a terminal needs no such use case")


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def screen() -> Screen:
    return Screen()


@pytest.fixture
def presses(screen: Screen, engine: Engine, tmp_path: Path) -> TerminalPresses:
    names = BotUseCases.__dataclass_fields__
    cases: dict[str, Callable[..., Any]] = {name: getattr(engine, name, unused) for name in names}
    return TerminalPresses(
        console=screen.console,
        buttons=screen.buttons,
        use_cases=BotUseCases(**cases),
        charts=tmp_path / "charts",
    )


async def test_number_of_why_explains_the_signal(screen: Screen, presses: TerminalPresses) -> None:
    screen.buttons.offer(BUTTONS)
    await presses.press("1\n")
    assert "Why 🟢 LONG BTC/USDT #12" in screen.text


async def test_number_of_chart_saves_the_picture_and_says_where(
    screen: Screen, presses: TerminalPresses, tmp_path: Path
) -> None:
    screen.buttons.offer(BUTTONS)
    await presses.press("2")
    file = tmp_path / "charts" / "12.png"
    assert file.read_bytes().startswith(b"\x89PNG")
    assert str(file) in screen.text.replace("\n", "")


async def test_command_is_answered_with_the_same_words_and_the_picture_as_a_file(
    screen: Screen, presses: TerminalPresses, tmp_path: Path
) -> None:
    await presses.press("/pnl week\n")
    file = tmp_path / "charts" / "equity.png"
    assert "Results · last 7 days" in screen.text
    assert file.read_bytes().startswith(b"\x89PNG")
    assert str(file) in screen.text.replace("\n", "")


async def test_whoever_sits_at_the_terminal_is_an_operator(
    screen: Screen, presses: TerminalPresses
) -> None:
    await presses.press("/heat")
    assert "#12 🟢 LONG BTC/USDT" in screen.text


async def test_command_that_a_terminal_does_not_know_is_answered_with_those_it_knows(
    screen: Screen, presses: TerminalPresses
) -> None:
    await presses.press("/pause now")
    assert "Here I know: /stats /pnl /winrate" in screen.text


async def test_command_that_fails_is_told_and_nothing_breaks(
    screen: Screen, presses: TerminalPresses
) -> None:
    await presses.press("/report week")
    assert "there is no report of a week" in screen.text


@pytest.mark.parametrize(("action", "arrived"), [(Action.ARRIVED, True), (Action.RESEND, False)])
async def test_message_in_doubt_is_settled(
    screen: Screen, presses: TerminalPresses, engine: Engine, action: Action, arrived: bool
) -> None:
    screen.buttons.offer([Button(label="x", action=action, subject=5)])
    await presses.press("1")
    assert engine.resolved == [(5, arrived)]


@pytest.mark.parametrize("typed", ["99", "help", "-1", "1.5", "0", "9" * 5000])
async def test_what_was_never_offered_is_stale(
    screen: Screen, presses: TerminalPresses, typed: str
) -> None:
    await presses.press(typed)
    assert STALE_BUTTON in screen.text


async def test_failing_use_case_is_told_and_nothing_breaks(
    screen: Screen, presses: TerminalPresses
) -> None:
    screen.buttons.offer([Button(label="Why", action=Action.WHY, subject=99)])
    await presses.press("1")
    assert "there is no signal #99" in screen.text


@pytest.mark.parametrize("typed", ["1", "/stats"])
async def test_picture_that_can_not_be_saved_is_told_and_nothing_breaks(
    screen: Screen, presses: TerminalPresses, tmp_path: Path, typed: str
) -> None:
    (tmp_path / "charts").write_text("a file where the folder of pictures should be")
    screen.buttons.offer(BUTTONS[1:])
    await presses.press(typed)
    assert "could not be saved: File exists" in screen.text


async def test_picture_that_can_not_be_drawn_is_told(tmp_path: Path) -> None:
    def draw() -> bytes:
        raise ValueError("nothing to draw")

    assert await TerminalPictures(tmp_path).keep("12", draw) == PICTURE_FAILED


async def test_fault_of_our_own_is_told_and_the_next_line_is_answered(
    screen: Screen, presses: TerminalPresses
) -> None:
    await presses.press("/verify")
    assert FAILED in screen.text
    await presses.press("/heat")
    assert "#12 🟢 LONG BTC/USDT" in screen.text


async def test_reader_does_nothing_where_the_input_is_no_terminal(
    presses: TerminalPresses,
) -> None:
    await TerminalReader(StringIO("1\n"), presses).run()


async def test_reader_presses_what_is_typed_on_a_terminal(
    screen: Screen, presses: TerminalPresses
) -> None:
    screen.buttons.offer(BUTTONS)
    keyboard, terminal = os.openpty()
    with os.fdopen(terminal, "r", encoding="utf-8") as stdin:
        reading = asyncio.get_running_loop().create_task(TerminalReader(stdin, presses).run())
        os.write(keyboard, b"\n1\n")
        await eventually(lambda: "Why 🟢 LONG BTC/USDT #12" in screen.text)
        reading.cancel()
        await asyncio.wait([reading])
    os.close(keyboard)
    assert STALE_BUTTON not in screen.text
