"""Single trades, how far they moved before they ended, and how often which result came."""

from collections.abc import Iterable, Sequence
from typing import Final

from engine.backtest.metrics.values import BacktestReport, Quartiles, TradeRow
from research.reports.tables import Row, Table, row
from research.reports.wording import (
    UNKNOWN,
    Wording,
    count,
    in_r,
    instant,
    minutes,
    or_unknown,
    ratio,
    signed_r,
)

MOST_TRADES: Final = 1000
"""So many trades, the newest ones, are listed on a page."""


def trades_table(trades: Sequence[TradeRow], title: str = "Trades") -> Table:
    """The newest trades in the order of their end."""
    shown = trades[-MOST_TRADES:]
    left_out = len(trades) - len(shown)
    return Table(
        title=title,
        columns=("signal", "pair", "side", "ended as", "entered", "ended", "score", "costs", "net"),
        rows=tuple(_trade(trade) for trade in shown),
        notes=(f"The {count(left_out)} earlier ones are in the JSON file.",) if left_out else (),
        words=(0, 1, 2, 3, 4, 5),
    )


def excursions_table(report: BacktestReport) -> Table:
    """Five numbers and the mean of each distribution."""
    moves = report.excursions
    note = (
        f"Edge ratio {or_unknown(moves.edge_ratio, ratio)}: mean move for the holder over mean "
        "move against; above 1, entries are followed by more gain than loss."
    )
    return Table(
        title="Moves before the end, and time held",
        columns=("what", "trades", "lowest", "25%", "median", "75%", "highest", "mean"),
        rows=(
            _quartiles("against, winners (MAE)", moves.adverse_of_wins, in_r),
            _quartiles("against, losers (MAE)", moves.adverse_of_losses, in_r),
            _quartiles("for, winners (MFE)", moves.favourable_of_wins, in_r),
            _quartiles("for, losers (MFE)", moves.favourable_of_losses, in_r),
            _quartiles("held, winners", moves.hold_minutes_of_wins, minutes),
            _quartiles("held, losers", moves.hold_minutes_of_losses, minutes),
        ),
        notes=(note,),
    )


def results_table(bins: Iterable[tuple[str, int]]) -> Table:
    """How often each result came."""
    return Table(
        title="Net results",
        columns=("net R of a trade", "trades"),
        rows=tuple(row(label, count(number)) for label, number in bins),
    )


def _trade(trade: TradeRow) -> Row:
    return row(
        f"#{trade.signal_id}",
        trade.pair,
        trade.direction.name,
        trade.state.replace("_", " "),
        instant(trade.entered_at),
        instant(trade.ended_at),
        ratio(trade.score),
        in_r(trade.costs_r),
        signed_r(trade.net_r),
    )


def _quartiles(label: str, held: Quartiles | None, wording: Wording) -> Row:
    if held is None:
        return row(label, "0", *[UNKNOWN] * 6)
    values = (held.lowest, held.lower, held.median, held.upper, held.highest, held.mean)
    return row(label, count(held.count), *map(wording, values))
