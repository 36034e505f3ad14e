"""Whatever a pair, a file or a warning is called: it is words on the page and nothing else."""

import unicodedata
from dataclasses import replace
from functools import cache

from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console, RenderableType

from engine.backtest.metrics.values import BacktestReport
from research.reports import (
    render_comparison_html,
    render_comparison_terminal,
    render_html,
    render_terminal,
)
from tests.builders.backtest_reports import make_report, make_trade
from tests.builders.research_reports import make_comparison
from tests.unit.research.reports.page_reading import ReadPage, drawings_of, read_page

WIDTH = 100
HOSTILE = st.one_of(
    st.text(min_size=1, max_size=30),
    st.text(alphabet="<>&\"'/={}[]%#;\\\x1b\x00\n\r\t\u202e\u2028\ud83d", min_size=1, max_size=20),
)


def report_of(name: str) -> BacktestReport:
    trades = tuple(make_trade(number, 0.4 - number % 2, pair="BTC/USDT") for number in range(4))
    made = make_report(trades, warnings=(name,))
    pair = made.breakdowns["pair"][0]
    best = made.figures.best
    assert best is not None
    return replace(
        made,
        trades=tuple(replace(trade, pair=name) for trade in trades),
        figures=replace(made.figures, best=replace(best, pair=name)),
        breakdowns={name: (replace(pair, label=name),), "pair": (replace(pair, label=name),)},
        pairs=tuple(replace(each, symbol=name) for each in made.pairs),
        counts=replace(made.counts, discards={name: 3}),
        assumptions=(name,),
    )


@cache
def harmless_page() -> ReadPage:
    return read_page(render_html(report_of("harmless")))


@cache
def harmless_comparison() -> ReadPage:
    return read_page(render_comparison_html(make_comparison(), ("harmless", "harmless")))


def terminal_text(content: RenderableType) -> str:
    console = Console(width=WIDTH, force_terminal=False)
    with console.capture() as capture:
        console.print(content)
    return capture.get()


def check_lines(text: str) -> None:
    for line in text.split("\n"):
        assert cell_len(line) <= WIDTH
        assert not any(unicodedata.category(letter) in {"Cc", "Cf", "Zl", "Zp"} for letter in line)


@settings(max_examples=40)
@given(HOSTILE)
@example("</td></tr></table><script>alert(1)</script>")
@example("</style><img src=x onerror=alert(1)>")
@example("</title></svg><a href='javascript:alert(1)'>")
@example("{{ page.title }}{% raw %}")
@example('" onload="alert(1)')
@example("<!-- ")
@example("<![CDATA[")
def test_no_name_changes_the_elements_of_a_page(name: str) -> None:
    text = render_html(report_of(name))
    read = read_page(text)
    assert read.structure == harmless_page().structure
    assert read.unclosed == []
    assert len(drawings_of(text)) > 0
    check_letters(text)


def check_letters(text: str) -> None:
    assert not any(
        unicodedata.category(letter) in {"Cc", "Cf", "Cs"} for letter in text if letter != "\n"
    )


@settings(max_examples=20)
@given(HOSTILE, HOSTILE)
def test_no_name_of_a_file_changes_the_elements_of_a_comparison(one: str, other: str) -> None:
    read = read_page(render_comparison_html(make_comparison(), (one, other)))
    assert read.structure == harmless_comparison().structure
    check_lines(terminal_text(render_comparison_terminal(make_comparison(), (one, other))))


@settings(max_examples=40)
@given(HOSTILE)
@example("[bold red]loud[/bold red]")
@example("[/]")
@example("[link=https://example.org]here[/link]")
@example("\x1b[2J\x1b]0;title\x07")
def test_no_name_steers_the_terminal_or_widens_it(name: str) -> None:
    check_lines(terminal_text(render_terminal(report_of(name))))


def test_markup_in_a_name_is_shown_as_it_is() -> None:
    text = terminal_text(render_terminal(report_of("[bold]loud[/bold]")))
    assert "- [bold]loud[/bold]" in text
