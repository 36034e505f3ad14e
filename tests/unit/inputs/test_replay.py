"""A kept signal made again: identical while nothing was touched, and else named where it is not."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from bot.presenters.html_presenter import HtmlPresenter
from domain.accounts import ExecutionMode
from domain.candles import CLOSE, HIGH, CandleSeries
from domain.errors import NotFoundError
from domain.ledger import LedgerEntry
from domain.timeframes import Timeframe
from domain.trading_state import PauseState
from engine.inputs import Part, PartReplayed, Replayed, SignalInputs, StoredSignal, replay
from engine.issue import post_key
from engine.ledger import to_canonical_json
from tests.fakes.storage import InMemoryStorage
from tests.unit.inputs.keeping_desk import KeepingDesk, names

SECOND = 2
"""A signal with one before it, in the record and in the account."""

Touch = Callable[[SignalInputs], SignalInputs]


async def published(signal_id: int = SECOND) -> tuple[SignalInputs, StoredSignal]:
    """What is kept and stored of a signal of a close that brought several."""
    desk = KeepingDesk()
    await desk.close()
    async with desk.kept() as unit:
        followed = await unit.signals.find(signal_id)
        entries = await unit.ledger.list_from(1, limit=10)
        row = await unit.outbox.find_by_key(post_key(signal_id))
    assert followed is not None
    assert row is not None
    before = entries[signal_id - 2] if signal_id > 1 else None
    stored = StoredSignal(
        followed=followed, before=before, entry=entries[signal_id - 1], post=row.message
    )
    return await desk.inputs(signal_id), stored


def found(replayed: Replayed, part: Part) -> set[str]:
    return names(part_of(replayed, part).differences)


def part_of(replayed: Replayed, part: Part) -> PartReplayed:
    return next(each for each in replayed.parts if each.part is part)


def differing(replayed: Replayed) -> list[Part]:
    return [each.part for each in replayed.parts if not each.is_identical]


@pytest.mark.parametrize("signal_id", [1, SECOND])
async def test_untouched_inputs_lead_to_the_signal_that_was_published(signal_id: int) -> None:
    inputs, stored = await published(signal_id)
    replayed = replay(inputs, stored, HtmlPresenter())
    assert replayed.is_identical
    assert [each.part for each in replayed.parts] == list(Part)


async def test_first_signal_is_replayed_out_of_storage() -> None:
    desk = KeepingDesk()
    closed = await desk.close()
    for followed in closed.issued:
        answer = await desk.replay(followed.signal.id)
        assert answer.replayed.is_identical
        assert answer.bytes_kept == len(await desk.content(followed.signal.id))


def with_candle(inputs: SignalInputs) -> SignalInputs:
    candles = dict(inputs.snapshot.candles)
    series = candles[Timeframe.M15]
    columns = np.array(series.columns)
    columns[[HIGH, CLOSE], -1] *= 1.001
    view = memoryview(columns.tobytes()).cast("d", columns.shape)
    candles[Timeframe.M15] = CandleSeries(series.timeframe, series.first_index, view)
    return replace(inputs, snapshot=replace(inputs.snapshot, candles=candles))


def with_rule(**groups: Any) -> Touch:
    def touch(inputs: SignalInputs) -> SignalInputs:
        return replace(inputs, rules=replace(inputs.rules, **groups))

    return touch


async def test_touched_candle_shows_from_the_decision_to_the_post() -> None:
    inputs, stored = await published()
    replayed = replay(with_candle(inputs), stored, HtmlPresenter())
    assert differing(replayed) == [Part.DECISION, Part.PLAN, Part.LEDGER, Part.MESSAGE]
    assert "close" in found(replayed, Part.DECISION)
    assert "entry" in found(replayed, Part.PLAN)
    assert {"content.plan.entry", "hash"} <= found(replayed, Part.LEDGER)
    assert found(replayed, Part.MESSAGE) == {"text"}


async def test_touched_risk_parameter_shows_in_the_plan_and_not_in_the_decision() -> None:
    inputs, stored = await published()
    levels = replace(inputs.rules.risk.levels, target_multiples=(1.5, 2.6, 4.0))
    touched = with_rule(risk=replace(inputs.rules.risk, levels=levels))(inputs)
    replayed = replay(touched, stored, HtmlPresenter())
    assert part_of(replayed, Part.DECISION).is_identical
    assert {"targets[1].price", "targets[1].multiple"} <= found(replayed, Part.PLAN)


async def test_touched_entry_window_shows_in_the_terms_the_record_and_the_post() -> None:
    inputs, stored = await published()
    issuing = replace(inputs.rules.issuing, entry_window_seconds=1200.0)
    replayed = replay(with_rule(issuing=issuing)(inputs), stored, HtmlPresenter())
    assert differing(replayed) == [Part.TERMS, Part.LEDGER, Part.MESSAGE]
    assert found(replayed, Part.TERMS) == {"valid_until"}


async def test_mode_that_forbade_execution_shows_in_the_buttons_alone() -> None:
    inputs, stored = await published()
    replayed = replay(replace(inputs, mode=ExecutionMode.OFF), stored, HtmlPresenter())
    assert differing(replayed) == [Part.MESSAGE]
    assert "buttons[0].action" in found(replayed, Part.MESSAGE)


async def test_account_that_the_gate_denies_says_why_and_makes_nothing_further() -> None:
    inputs, stored = await published()
    paused = replace(inputs.state, pause=PauseState(is_paused=True, by="7", reason="night"))
    replayed = replay(replace(inputs, state=paused), stored, HtmlPresenter())
    assert differing(replayed) == [Part.PLAN, Part.TERMS, Part.LEDGER, Part.MESSAGE]
    (verdict,) = part_of(replayed, Part.PLAN).differences
    assert verdict.stored == "approved"
    assert "denied (paused: " in verdict.recomputed
    assert "night" in verdict.recomputed


async def test_market_without_a_direction_is_denied_for_that() -> None:
    inputs, stored = await published()
    touched = replace(inputs, snapshot=replace(inputs.snapshot, candles={}))
    replayed = replay(touched, stored, HtmlPresenter())
    (verdict,) = part_of(replayed, Part.PLAN).differences
    assert "denied (no_direction: " in verdict.recomputed


async def test_post_with_another_line_is_shown_line_by_line() -> None:
    inputs, stored = await published()
    assert stored.post is not None
    forged = replace(stored.post, text=stored.post.text.replace("Entry", "Entrance"))
    replayed = replay(inputs, replace(stored, post=forged), HtmlPresenter())
    assert differing(replayed) == [Part.MESSAGE]
    (text,) = part_of(replayed, Part.MESSAGE).differences
    removed = [line for line in text.lines if line.startswith("-") and "Entrance" in line]
    added = [line for line in text.lines if line.startswith("+") and "Entry" in line]
    assert len(removed) == len(added) == 1


async def test_other_signal_row_shows_in_the_part_that_it_belongs_to() -> None:
    inputs, stored = await published()
    signal = stored.followed.signal
    plan = replace(signal.plan, quantity=signal.plan.quantity + Decimal("0.001"))
    forged = replace(stored.followed, signal=replace(signal, plan=plan))
    replayed = replay(inputs, replace(stored, followed=forged), HtmlPresenter())
    assert differing(replayed) == [Part.PLAN]
    assert found(replayed, Part.PLAN) == {"quantity"}


def forged_entry(entry: LedgerEntry) -> LedgerEntry:
    return replace(entry, body=entry.body.replace('"symbol":"', '"symbol":"X'))


async def test_entry_of_the_record_is_compared_by_what_it_says() -> None:
    inputs, stored = await published()
    assert stored.entry is not None
    forged = replace(stored, entry=forged_entry(stored.entry))
    replayed = replay(inputs, forged, HtmlPresenter())
    assert differing(replayed) == [Part.LEDGER]
    assert found(replayed, Part.LEDGER) == {"content.symbol"}


@pytest.mark.parametrize("body", ["no JSON", "[]", to_canonical_json({"content": None})])
async def test_entry_that_says_nothing_readable_is_a_difference(body: str) -> None:
    inputs, stored = await published()
    assert stored.entry is not None
    forged = replace(stored, entry=replace(stored.entry, body=body))
    assert differing(replay(inputs, forged, HtmlPresenter())) == [Part.LEDGER]


async def test_entry_after_another_one_is_told_by_its_hashes() -> None:
    inputs, stored = await published()
    assert stored.before is not None
    moved = replace(stored, before=replace(stored.before, hash="0" * 64))
    replayed = replay(inputs, moved, HtmlPresenter())
    assert found(replayed, Part.LEDGER) == {
        "previous_hash",
        "hash",
        "hash kept with the signal",
    }


async def test_entry_and_post_that_are_gone_are_differences() -> None:
    inputs, stored = await published()
    replayed = replay(inputs, replace(stored, entry=None, post=None), HtmlPresenter())
    assert differing(replayed) == [Part.LEDGER, Part.MESSAGE]
    (entry,) = part_of(replayed, Part.LEDGER).differences
    assert entry.stored == "no such entry"
    (post,) = part_of(replayed, Part.MESSAGE).differences
    assert post.stored == "no such message"


async def test_signal_that_is_not_there_is_not_found() -> None:
    with pytest.raises(NotFoundError, match="no signal #7"):
        await KeepingDesk().replay(7)


async def test_signal_of_a_version_that_kept_no_inputs_cannot_be_replayed() -> None:
    desk = KeepingDesk()
    await desk.close()
    old = KeepingDesk(kept=InMemoryStorage())
    async with desk.kept() as unit, old.kept() as older:
        followed = await unit.signals.find(1)
        assert followed is not None
        await older.signals.add(followed)
        await older.commit()
    with pytest.raises(NotFoundError, match="nothing is kept of what signal #1 was decided on"):
        await old.replay(1)
