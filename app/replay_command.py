"""`python -m app replay`: makes a published signal again and compares it with what was sent."""

import json
from typing import Any

from rich.console import Console
from rich.markup import escape

from app.deciding import decision_rules
from app.ledger_export import opened_storage
from app.live_parameters import lay_over_live_set
from app.settings import load_settings
from app.version import VERSION
from bot.presenters.html_presenter import HtmlPresenter
from db.input_codec import decode_inputs
from engine.inputs import (
    DecisionRules,
    Difference,
    PartReplayed,
    ReplayedSignal,
    ReplaySignal,
    differences,
)


async def replay_signal(signal_id: int, *, as_json: bool) -> int:
    """Replay a signal of the configured database and print; 1 where anything differs."""
    settings, _ = await lay_over_live_set(load_settings())
    async with opened_storage(settings) as storage:
        replay = ReplaySignal(storage=storage, decode=decode_inputs, presenter=HtmlPresenter())
        found = await replay(signal_id)
    here = decision_rules(settings.strategy)
    console = Console(soft_wrap=True, highlight=False)
    if as_json:
        console.print(json.dumps(to_json(found, here)), markup=False)
    else:
        print_replayed(found, here, console)
    return 0 if found.replayed.is_identical else 1


def print_replayed(found: ReplayedSignal, here: DecisionRules, console: Console) -> None:
    """What was replayed, with which parameters, and each part with its differences."""
    for line in (*_headings(found, here), *_parts(found), _verdict(found)):
        console.print(escape(line))


def to_json(found: ReplayedSignal, here: DecisionRules) -> dict[str, Any]:
    """The same for programs."""
    inputs, replayed = found.kept.inputs, found.replayed
    return {
        "signal": inputs.signal_id,
        "symbol": inputs.snapshot.instrument.symbol,
        "decided_at": inputs.snapshot.as_of.isoformat(),
        "published_at": inputs.published_at.isoformat(),
        "identical": replayed.is_identical,
        "version": {"then": inputs.version, "here": VERSION},
        "parameters": {
            "then": inputs.rules.fingerprint,
            "here": here.fingerprint,
            "differ_from_here": [_named(each) for each in differences(inputs.rules, here)],
            "gone": list(found.kept.gone),
            "added": list(found.kept.added),
        },
        "bytes_kept": found.bytes_kept,
        "parts": {
            part.part.value: {
                "identical": part.is_identical,
                "differences": [_named(each) for each in part.differences],
            }
            for part in replayed.parts
        },
    }


def _named(difference: Difference) -> dict[str, Any]:
    return {
        "name": difference.name,
        "stored": difference.stored,
        "recomputed": difference.recomputed,
        **({"diff": list(difference.lines)} if difference.lines else {}),
    }


def _headings(found: ReplayedSignal, here: DecisionRules) -> list[str]:
    kept, inputs = found.kept, found.kept.inputs
    changed = differences(inputs.rules, here)
    settings = "not those of the settings here:" if changed else "as the settings here"
    pair, closed_at = inputs.snapshot.instrument.pair, inputs.snapshot.as_of
    lines = [
        f"signal #{inputs.signal_id} {pair}, close of {closed_at:%Y-%m-%d %H:%M} UTC",
        f"published at {inputs.published_at:%H:%M:%S.%f} UTC",
        f"version {inputs.version} then, {VERSION} here; {found.bytes_kept:,} bytes kept",
        f"parameters {inputs.rules.fingerprint}, {settings}",
    ]
    lines += [f"  {each.name}: {each.stored} then, {each.recomputed} here" for each in changed]
    lines += [f"  {name}: kept, but unknown to this version" for name in kept.gone]
    lines += [f"  {name}: not kept then, taken at its default" for name in kept.added]
    return lines


def _parts(found: ReplayedSignal) -> list[str]:
    lines = []
    for part in found.replayed.parts:
        lines.append(f"{part.part}: {'identical' if part.is_identical else 'differs'}")
        lines += _differences(part)
    return lines


def _differences(part: PartReplayed) -> list[str]:
    lines = []
    for each in part.differences:
        name = f"{each.name}: " if each.name else ""
        told = each.lines or (f"{name}stored {each.stored}, made anew {each.recomputed}",)
        lines += [f"  {line}" for line in told]
    return lines


def _verdict(found: ReplayedSignal) -> str:
    if found.replayed.is_identical:
        return "identical: the stored inputs lead to this signal, to the last byte of its post"
    parts = ", ".join(part.part for part in found.replayed.parts if not part.is_identical)
    return f"not identical: {parts}"
