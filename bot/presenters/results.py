"""Results of many trades as lines: the same figures, in the same order, in every report."""

from collections.abc import Sequence
from typing import Final

from bot.presenters.figures import count, duration, signed_percent, signed_r
from bot.presenters.markup import bold, quote
from bot.presenters.page import Line, blank
from bot.presenters.rates import rate_words
from bot.presenters.status_header import ending, outcome_sign
from bot.presenters.wording import side
from domain.counting import many
from engine.statistics.values import FEW, Performance, Statistics, TradeResult

_PAIR_UNITS: Final = 32
_UNKNOWN: Final = "not known"


def tally_lines(statistics: Statistics) -> list[Line]:
    """How many signals there were, and what became of those without a result."""
    corrected = f" · {count(statistics.corrections)} corrected" if statistics.corrections else ""
    return [
        Line(
            f"📨 {bold(many(statistics.published, 'signal'))} · {count(statistics.live)} still live"
        ),
        Line(
            f"⌛ {count(statistics.expired)} expired · {count(statistics.cancelled)} cancelled"
            f" · {count(statistics.invalidated)} without data{corrected}"
        ),
    ]


def result_lines(performance: Performance) -> list[Line]:
    """Wins, losses, rate with its interval, R, best, worst, drawdown. Empty without trades."""
    if not performance.wins.of:
        return []
    return [
        *total_lines(performance),
        *_extremes(performance),
        Line(
            f"📉 Deepest fall {performance.drawdown_r:.2f}R"
            f" ({performance.drawdown_percent:.2f}% of equity)"
        ),
    ]


def total_lines(performance: Performance) -> list[Line]:
    """Wins, losses, rate with its interval, R."""
    won = performance.wins.count
    lost = performance.wins.of - won
    return [
        Line(f"✅ {count(won)} won · ❌ {count(lost)} lost"),
        Line(f"🎯 Win rate {rate_words(performance.wins)}"),
        Line(_total(performance)),
    ]


def ratio_lines(performance: Performance) -> list[Line]:
    """Profit factor, Sharpe, Sortino, streaks and hold, for those who know what they are."""
    if not performance.wins.of:
        return []
    return [
        Line(f"⚖️ Profit factor {_profit_factor(performance)}"),
        Line(
            f"📊 Per year, by days: Sharpe {_ratio(performance.sharpe)}"
            f" · Sortino {_ratio(performance.sortino)}"
        ),
        *streak_lines(performance),
        *_hold(performance),
    ]


def streak_lines(performance: Performance) -> list[Line]:
    """The longest runs, and the one that lasts."""
    streaks = performance.streaks
    longest = (
        f"🔁 Longest runs {count(streaks.longest_win)} won, {count(streaks.longest_loss)} lost"
    )
    return [Line(f"{longest} · now {count(abs(streaks.current))} {_won(streaks.current)}")]


def caution_lines(performance: Performance) -> list[Line]:
    """A warning where there is too little to judge by; empty where there is enough."""
    if not 0 < performance.wins.of < FEW:
        return []
    return [Line(f"⚠️ Fewer than {FEW} trades: luck weighs more than skill in all of this.")]


def trade_line(result: TradeResult) -> str:
    """One finished trade: "✅ +1.82R (+0.93%) #12 BTC/USDT LONG, stop hit"."""
    return (
        f"{outcome_sign(result.net_r)} {signed_r(result.net_r)}"
        f" ({signed_percent(result.net_percent)}) #{result.signal_id}"
        f" {quote(result.pair, _PAIR_UNITS)} {side(result.direction)}, {ending(result.state)}"
    )


def newest_lines(results: Sequence[TradeResult], most: int) -> list[Line]:
    """The newest trades, newest first; empty without any."""
    newest = results[: -most - 1 : -1]
    if not newest:
        return []
    return [blank(), Line("Newest:"), *(Line(trade_line(one), spare=1) for one in newest)]


def _total(performance: Performance) -> str:
    mean = performance.expectancy_r
    each = f" · {signed_r(mean)} per trade" if mean is not None else ""
    return (
        f"💰 Total {bold(signed_r(performance.total_r))}"
        f" ({signed_percent(performance.total_percent)} of equity){each}"
    )


def _extremes(performance: Performance) -> list[Line]:
    named = (("Best", performance.best), ("Worst", performance.worst))
    return [Line(f"{name}: {trade_line(result)}") for name, result in named if result is not None]


def _profit_factor(performance: Performance) -> str:
    factor = performance.profit_factor
    if factor is None:
        return "has no limit: nothing was lost"
    return f"{factor:.2f}: so many R won for each R lost"


def _ratio(value: float | None) -> str:
    return _UNKNOWN if value is None else f"{value:.2f}".replace("-", "−")


def _won(streak: int) -> str:
    return "won" if streak > 0 else "lost"


def _hold(performance: Performance) -> list[Line]:
    if performance.mean_hold is None:
        return []
    return [Line(f"⏱ Held {duration(performance.mean_hold.total_seconds())} on average")]
