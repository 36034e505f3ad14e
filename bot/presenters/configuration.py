"""The answer to /config: which parameters are in force, and where they come from."""

from typing import Final

from bot.presenters.figures import count
from bot.presenters.markup import bold, code, quote
from bot.presenters.page import Line, blank, fit
from engine.parameter_sets.configuration import (
    ConfigurationReport,
    LiveSet,
    OverlaidValue,
    RunningParameters,
)

_NAME_UNITS: Final = 96
_WORD_UNITS: Final = 200


def render_configuration(report: ConfigurationReport) -> str:
    """The set that is live with what it changes, what the strategy file changes, what is next."""
    running = report.running
    return fit(
        [
            Line(f"🎛 {bold('Parameters')}: {_source(running)}"),
            *([] if running.live is None else _origin(running.live)),
            *_overlaid(running),
            *_changed(running),
            blank(),
            Line("Everything else has its default: docs/configuration.md."),
            *_pending(report),
        ]
    )


def _source(running: RunningParameters) -> str:
    if running.version is None:
        return "the strategy file alone"
    return f"version {bold(count(running.version))}, laid over the strategy file"


def _origin(live: LiveSet) -> list[Line]:
    found, change = live.parameter_set, live.change
    note = [Line(f"   {quote(found.note, _WORD_UNITS)}", spare=1)] if found.note else []
    return [
        Line(f"   live since {change.at:%d %b %Y %H:%M} UTC, by {quote(change.by, _WORD_UNITS)}"),
        Line(f"   from {quote(found.origin, _WORD_UNITS)}"),
        *note,
    ]


def _overlaid(running: RunningParameters) -> list[Line]:
    if not running.overlaid:
        return []
    lines = [Line(_overlaid_value(value), spare=1) for value in running.overlaid]
    return [blank(), Line("◆ Overlaid:"), *lines]


def _overlaid_value(value: OverlaidValue) -> str:
    name = code(quote(value.name, _NAME_UNITS))
    return f"   ◆ {name} = {bold(f'{value.value:g}')} (file {value.in_file:g})"


def _changed(running: RunningParameters) -> list[Line]:
    if not running.changed:
        return []
    lines = [Line(f"   • {code(quote(text, _WORD_UNITS))}", spare=2) for text in running.changed]
    return [blank(), Line("Set in the strategy file:"), *lines]


def _pending(report: ConfigurationReport) -> list[Line]:
    if not report.is_pending:
        return []
    version = report.next_version
    what = "the strategy file alone" if version is None else f"version {count(version)}"
    return [Line(f"🔁 From the next start on: {what}.")]
