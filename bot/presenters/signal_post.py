"""The channel post of a signal: what to do first, why afterwards, always in its present state."""

from typing import Final

from bot.presenters.figures import duration, instant, percent, score
from bot.presenters.markup import bold, code, italic
from bot.presenters.page import Line, blank, fit
from bot.presenters.reasons import layer_lines, spoken_summary
from bot.presenters.setup import setup_lines, size_lines
from bot.presenters.status_header import status_line
from bot.presenters.wording import reference, stars, title
from domain.market_regime import Regime
from domain.signals import FollowedSignal, Signal

_HASH_DIGITS: Final = 8


def render_signal_post(followed: FollowedSignal) -> str:
    """The whole post as HTML, at most 4096 visible UTF-16 units."""
    signal = followed.signal
    return fit(
        [
            Line(_headline(signal)),
            Line(status_line(followed)),
            blank(),
            *setup_lines(followed),
            blank(),
            *size_lines(followed),
            *_time_limit(followed),
            blank(),
            Line(f"💬 {bold(spoken_summary(signal.decision))}"),
            *layer_lines(signal.decision, signal.plan.direction),
            Line(_circumstances(signal)),
            blank(),
            Line(footer(followed)),
        ]
    )


def footer(followed: FollowedSignal) -> str:
    """Id, the first digits of the record's hash, and when it was published."""
    published = instant(followed.signal.published_at)
    digits = code(followed.ledger_hash[:_HASH_DIGITS])
    return f"{reference(followed)} · {digits} · {published}"


def circumstances(coverage: float, regime: Regime) -> str:
    """Coverage and market regime as one line of text."""
    market = "regime unknown" if regime is Regime.UNKNOWN else f"regime {regime}"
    return f"Coverage {percent(coverage * 100)} of the layers switched on · {market}"


def _headline(signal: Signal) -> str:
    decision = signal.decision
    tier = f" · {decision.tier}" if decision.tier else ""
    return f"{bold(title(signal))}{tier} · {bold(score(decision.score))} {stars(decision.score)}"


def _time_limit(followed: FollowedSignal) -> list[Line]:
    if followed.course.state.is_final:
        return []
    longest = followed.signal.rules.maximum_hold.total_seconds()
    return [Line(f"⏰ Out after {duration(longest)} at the latest")]


def _circumstances(signal: Signal) -> str:
    return italic(circumstances(signal.decision.coverage, signal.decision.regime))
