"""Results of many trades as lines: the same figures, in the same order, in every report."""

from typing import Final

from bot.presenters.figures import count, percent, signed_percent, signed_r
from bot.presenters.markup import bold, italic, quote
from bot.presenters.page import Line
from bot.presenters.status_header import ending, outcome_sign
from bot.presenters.wording import side
from engine.reports import Statistics, TradeResult

_FEW_TRADES: Final = 20
"""Below this many trades a win rate says little (design 4.3: memory is neutral below it)."""

_PAIR_UNITS: Final = 32


def result_lines(statistics: Statistics) -> list[Line]:
    """Wins, losses, rate with its sample size, R, best, worst, drawdown. Empty without trades."""
    if not statistics.results:
        return []
    return [
        Line(f"✅ {count(statistics.wins)} won · ❌ {count(statistics.losses)} lost"),
        Line(_rate(statistics)),
        Line(_total(statistics)),
        *_extremes(statistics),
        Line(f"📉 Deepest fall {statistics.max_drawdown_r:.2f}R"),
    ]


def tally_line(statistics: Statistics) -> Line:
    """How many signals there were, and what became of those without a result."""
    rest = (
        f"{count(statistics.live)} still live · {count(statistics.expired)} expired"
        f" · {count(statistics.cancelled)} cancelled"
    )
    return Line(f"📨 {bold(f'{count(statistics.published)} signals')} · {rest}")


def trade_line(result: TradeResult) -> str:
    """One finished trade: "✅ +1.82R (+0.93%) #12 BTC/USDT LONG, stop hit"."""
    return (
        f"{outcome_sign(result.net_r)} {signed_r(result.net_r)}"
        f" ({signed_percent(result.net_percent)}) #{result.signal_id}"
        f" {quote(result.pair, _PAIR_UNITS)} {side(result.direction)}, {ending(result.state)}"
    )


def _rate(statistics: Statistics) -> str:
    trades = len(statistics.results)
    caution = italic(" too few to judge") if trades < _FEW_TRADES else ""
    rate = percent(statistics.win_rate_percent or 0.0)
    return f"🎯 Win rate {bold(rate)} (n = {count(trades)}){caution}"


def _total(statistics: Statistics) -> str:
    mean = f" · {signed_r(statistics.mean_r)} per trade" if statistics.mean_r is not None else ""
    return f"💰 Total {bold(signed_r(statistics.total_r))} after costs{mean}"


def _extremes(statistics: Statistics) -> list[Line]:
    named = (("Best", statistics.best), ("Worst", statistics.worst))
    return [Line(f"{name}: {trade_line(result)}") for name, result in named if result is not None]
