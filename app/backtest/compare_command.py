"""`python -m app compare`: two saved reports side by side."""

from pathlib import Path

from rich.console import Console

from app.backtest.randomness import drawing
from app.output_files import refuse_unwritable, write_file
from app.settings import load_settings
from domain.errors import ConfigurationError
from engine.backtest.metrics import compare
from engine.backtest.metrics.values import BacktestReport
from research.reports import (
    from_json,
    render_comparison_html,
    render_comparison_terminal,
)


async def compare_reports(one: Path, other: Path, html: Path | None) -> None:
    """Print the comparison; write it as HTML where asked."""
    refuse_unwritable(html, option="--html")
    comparison = compare(
        _read(one),
        _read(other),
        parameters=load_settings().strategy.report,
        generator=drawing(),
    )
    names = (one.name, other.name)
    Console(width=100, highlight=False).print(render_comparison_terminal(comparison, names))
    if html is not None:
        write_file(html, render_comparison_html(comparison, names).encode(), option="--html")


def _read(path: Path) -> BacktestReport:
    try:
        return from_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{path} cannot be read ({error}); name a file written by `backtest --json`"
        ) from None
