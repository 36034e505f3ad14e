"""One example of every report of research, by the name of its golden file."""

from collections.abc import Mapping

from rich.console import Console, RenderableType

from research.reports import (
    render_comparison_html,
    render_comparison_terminal,
    render_html,
    render_terminal,
    render_walk_forward_html,
    render_walk_forward_terminal,
)
from tests.builders.backtest_reports import (
    make_report,
    make_report_of_few,
    make_report_of_none,
    make_trades,
)
from tests.builders.research_reports import make_comparison, make_readiness, make_walk_forward

WIDTH = 100


def shown(content: RenderableType) -> str:
    """As a file or a pipe gets it: no colour, no trailing blanks."""
    console = Console(width=WIDTH, force_terminal=False, color_system=None)
    with console.capture() as capture:
        console.print(content)
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"


REPORTS: Mapping[str, str] = {
    "backtest.txt": shown(render_terminal(make_report(), make_readiness())),
    "backtest_of_few.txt": shown(render_terminal(make_report_of_few())),
    "backtest_of_none.txt": shown(render_terminal(make_report_of_none())),
    "backtest.html": render_html(make_report(make_trades(60)), make_readiness()),
    "comparison.txt": shown(render_comparison_terminal(make_comparison())),
    "comparison.html": render_comparison_html(make_comparison(), ("old.json", "new.json")),
    "walk_forward.txt": shown(render_walk_forward_terminal(make_walk_forward())),
    "walk_forward.html": render_walk_forward_html(make_walk_forward()),
}
