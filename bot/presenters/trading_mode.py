"""The answer to /mode: what a press leads to, whether live is allowed, and what stands still."""

from collections.abc import Mapping
from typing import Final

from bot.presenters.figures import count
from bot.presenters.markup import bold, code
from bot.presenters.page import Line, blank, fit
from bot.presenters.trade_wording import BADGES, explained
from domain.accounts import ExecutionMode
from engine.execution.requests import ModeStanding

MODE_USAGE: Final = (
    "Which one? /mode off, /mode paper or /mode live. /mode alone tells how it stands."
)

_MEANINGS: Final[Mapping[ExecutionMode, str]] = {
    ExecutionMode.OFF: "signals only, nobody's press is executed",
    ExecutionMode.PAPER: "presses are executed with paper money against the live market",
    ExecutionMode.LIVE: "presses are executed with real money",
}


def render_mode(standing: ModeStanding) -> str:
    """The mode, the switch in the settings, and why nothing new is executed if so."""
    return fit(
        [
            Line(f"⚙️ {bold(BADGES[standing.mode])}: {_MEANINGS[standing.mode]}"),
            Line(_switches(standing)),
            *_readiness(standing),
            *_halts(standing),
            blank(),
            Line(_what_goes_on(standing)),
        ]
    )


def render_mode_refused(reason: str) -> str:
    """A mode that is not allowed; `reason` says line by line what would allow it."""
    lines = [Line(explained(line)) for line in reason.splitlines()]
    return fit([Line(f"⛔ {bold('The mode stays as it is')}"), *lines])


_HOW: Final = (
    f"Live trading needs two switches: {code('LIVE_TRADING=on')} in the settings of the bot, which"
    " are read at its start, and then /mode live here."
)


def _switches(standing: ModeStanding) -> str:
    if standing.mode is ExecutionMode.LIVE and standing.is_live_allowed:
        return "Both switches are on: that in the settings and that in this chat."
    if standing.is_live_allowed and standing.readiness.is_allowed:
        return "The settings allow live trading; /mode live here turns it on."
    if standing.is_live_allowed:
        return "🔒 The readiness gate is not passed: /mode live tells why, and how to mend it."
    return f"🔒 {_HOW} The first is off."


def _readiness(standing: ModeStanding) -> list[Line]:
    readiness = standing.readiness
    if not standing.is_live_allowed:
        return []
    if readiness.override:
        return [Line(f"⚠️ Live without a passed gate: {explained(readiness.override)}")]
    return [Line("✅ The readiness gate is passed.")] if readiness.is_passed else []


def _what_goes_on(standing: ModeStanding) -> str:
    number = standing.live_positions
    if not number:
        return "No position is open. A change of mode never touches one that is."
    return (
        f"Open positions: {count(number)}. They go on to their end in any mode: stop, targets and"
        " time limit."
    )


def _halts(standing: ModeStanding) -> list[Line]:
    if not standing.halted:
        return []
    return [
        blank(),
        Line(f"⛔ {bold('Nothing new is executed now')}"),
        *(Line(f"   • {explained(words)}", spare=1) for words in standing.halted),
    ]
