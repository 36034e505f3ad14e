"""The arguments of the demo, and its last words."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from app.command_line import commands
from app.demo_summary import DemoSummary, print_summary
from app.demo_trades import PaperTrades, add_up
from domain.intents import IntentState
from domain.orders import OrderRole, OrderState
from domain.positions import PositionBooks, PositionState
from tests.builders.trade_cards import (
    make_fill,
    make_intent,
    make_open_position,
    make_order,
    make_position,
)

SUMMARY = DemoSummary(
    candles=12_345,
    decisions=1_480,
    denied=7,
    signals=4,
    outcomes={"stopped": 1, "tp3": 2},
    paper=PaperTrades(closed=2, open=1, net=Decimal("-12.345"), unrealised=Decimal("3.2")),
    posts=31,
    p50_ms=41.6,
    p99_ms=87.2,
    closes=37,
    late_closes=0,
    interpolated_below=None,
    seconds=58.3,
)


def run(*arguments: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """Exit code and everything printed, in a folder of its own, as wide as a usual terminal."""
    monkeypatch.chdir(folder)
    result = CliRunner().invoke(commands, ["demo", *arguments], env={"COLUMNS": "160"})
    return result.exit_code, " ".join((result.output + result.stderr).split())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--days", "0.01"), "greater than or equal to 0.05"),
        (("--days", "soon"), "days"),
        (("--pairs", "0"), "greater than or equal to 1"),
        (("--start", "yesterday"), "%Y-%m-%d"),
        (("--candles", "nowhere"), "does not exist"),
        (("--wings",), "--wings"),
    ],
)
def test_wrong_argument_is_told_before_anything_starts(
    arguments: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, output = run(*arguments, folder=tmp_path, monkeypatch=monkeypatch)
    assert code == 2
    assert said in output
    assert list(tmp_path.iterdir()) == []


def test_recorded_candles_need_a_day_to_start_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    candles = tmp_path / "candles"
    candles.mkdir()
    code, output = run("--candles", str(candles), folder=tmp_path, monkeypatch=monkeypatch)
    assert code == 2
    assert "--candles needs --start" in output
    assert "--start 2025-10-06" in output
    assert not (tmp_path / "var").exists()


def printed(summary: DemoSummary) -> str:
    console = Console(width=120)
    with console.capture() as capture:
        print_summary(summary, console)
    return capture.get()


def test_summary_tells_what_was_seen_and_done() -> None:
    text = printed(SUMMARY)
    for words in (
        "12,345",
        "1,480 at 37 closes",
        "4 (7 more denied by the risk gate)",
        "1 stopped, 2 tp3",
        "p50 42 ms, p99 87 ms",
        "3 trades, 2 closed: -12.34 USDT after all fees; 1 open, worth +3.20 USDT",
        "58 s",
    ):
        assert words in text, text
    assert "interpolated" not in text


def test_summary_of_a_market_without_a_signal_says_so() -> None:
    text = printed(
        replace(SUMMARY, signals=0, outcomes={}, paper=PaperTrades(), p50_ms=None, p99_ms=None)
    )
    assert "no signal" in text
    assert "none yet" in text
    assert "nothing" in text


def test_summary_says_which_candles_were_made_up() -> None:
    assert "finer than 5m were interpolated" in printed(replace(SUMMARY, interpolated_below="5m"))


def test_summary_as_json_holds_every_figure() -> None:
    told = json.loads(SUMMARY.to_json())
    assert told["decisions"] == 1_480
    assert told["outcomes"] == {"stopped": 1, "tp3": 2}
    assert told["paper"]["net"] == "-12.345"
    assert set(told) == {
        "candles",
        "decisions",
        "denied",
        "signals",
        "outcomes",
        "paper",
        "posts",
        "p50_ms",
        "p99_ms",
        "closes",
        "late_closes",
        "interpolated_below",
        "seconds",
    }


def books_of(fills: bool) -> PositionBooks:
    """A trade that lost 10 points on 0.1, with 0.5 paid for each of two fills; or was missed."""
    intent = make_intent(IntentState.ENTERED if fills else IntentState.MISSED)
    entry = make_order(intent, OrderRole.ENTRY, OrderState.FILLED, "0.1")
    stop = make_order(intent, OrderRole.STOP, OrderState.FILLED, "0.1", price=intent.plan.stop)
    return PositionBooks(
        intent=intent,
        position=make_position(intent, PositionState.CLOSED),
        orders=(entry, stop),
        fills=(make_fill(entry, "64000", "0.1"), make_fill(stop, "63990", "0.1")) if fills else (),
    )


def test_trades_are_added_up_from_their_fills() -> None:
    held = make_open_position(unrealised="9.92")
    unpriced = make_open_position(mark=None, unrealised=None)
    trades = add_up([books_of(fills=True), books_of(fills=False)], [held, unpriced])
    assert (trades.executed, trades.closed, trades.open, trades.unpriced) == (3, 1, 2, 1)
    assert trades.net == Decimal("-2.0")
    assert trades.unrealised == Decimal("9.92")
