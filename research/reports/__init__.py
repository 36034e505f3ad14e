"""What people read of a backtest: in the terminal, as a page, as a file that can be compared."""

from research.reports.comparison_reports import render_comparison_html, render_comparison_terminal
from research.reports.html_report import render_html
from research.reports.saved import from_json, to_json
from research.reports.terminal_report import render_terminal
from research.reports.walk_forward_reports import (
    render_walk_forward_html,
    render_walk_forward_terminal,
)

__all__ = [
    "from_json",
    "render_comparison_html",
    "render_comparison_terminal",
    "render_html",
    "render_terminal",
    "render_walk_forward_html",
    "render_walk_forward_terminal",
    "to_json",
]
