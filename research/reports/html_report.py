"""A report as one HTML file: everything that is in it, to read at leisure and to pass on."""

from domain.readiness import ReadinessVerdict
from engine.backtest.metrics.values import BacktestReport
from research.reports.charts import Svg, draw_strip
from research.reports.content.counts import denials_table, discards_table
from research.reports.content.data import data_table, heading, pairs_table
from research.reports.content.headline import figures_table, headline
from research.reports.content.money import costs_table, drawdown_table, exposure_table
from research.reports.content.readiness import readiness_table
from research.reports.content.trades import trades_table
from research.reports.page import Page, Part, mood_of, render_page
from research.reports.pictures import (
    breakdown_pictures,
    equity_picture,
    excursions_picture,
    funnel_picture,
    months_picture,
    results_picture,
)
from research.reports.verdict import verdict_of


def render_html(report: BacktestReport, readiness: ReadinessVerdict | None = None) -> str:
    """The page of one run; `readiness` adds what the gate said of it."""
    verdict = verdict_of(report)
    page = Page(
        title=heading(report),
        verdict=verdict.sentence,
        mood=mood_of(verdict.finding),
        warnings=report.warnings,
        parts=_parts(report, readiness),
    )
    return render_page(page)


def _parts(report: BacktestReport, readiness: ReadinessVerdict | None) -> tuple[Part, ...]:
    gate = (_gate(readiness),) if readiness else ()
    return (
        Part(
            anchor="figures",
            title="Figures",
            tables=(figures_table(report),),
            strips=_strips(report),
        ),
        *gate,
        _course(report),
        *_kinds(report),
        _funnel(report),
        Part(
            anchor="money",
            title="Costs and exposure",
            tables=(costs_table(report), exposure_table(report), drawdown_table(report)),
        ),
        _data(report),
        Part(anchor="trades", title="All trades", folded=(trades_table(report.trades),)),
    )


def _gate(readiness: ReadinessVerdict) -> Part:
    return Part(anchor="gate", title="Readiness gate", tables=(readiness_table(readiness),))


def _strips(report: BacktestReport) -> tuple[Svg | None, ...]:
    return tuple(
        draw_strip(
            f"strip-{number}",
            f"{figure.name}: {figure.value}, {figure.interval}",
            figure.bounds,
            figure.nothing,
        )
        for number, figure in enumerate(headline(report))
    )


def _course(report: BacktestReport) -> Part:
    anchor, title = "course", "Course and results"
    if not report.trades:
        return Part(anchor=anchor, title=title, sentences=("No trade ended: nothing to draw.",))
    return Part(
        anchor=anchor,
        title=title,
        pictures=(
            equity_picture(report),
            months_picture(report),
            results_picture(report),
            excursions_picture(report),
        ),
    )


def _kinds(report: BacktestReport) -> tuple[Part, ...]:
    pictures = breakdown_pictures(report)
    return (Part(anchor="kinds", title="By kind", pictures=pictures),) if pictures else ()


def _funnel(report: BacktestReport) -> Part:
    return Part(
        anchor="funnel",
        title="From decision to trade",
        pictures=(funnel_picture(report),),
        tables=(discards_table(report), denials_table(report)),
    )


def _data(report: BacktestReport) -> Part:
    return Part(
        anchor="data",
        title="Data and assumptions",
        sentences=report.assumptions,
        tables=(data_table(report),),
        folded=(pairs_table(report),),
    )
