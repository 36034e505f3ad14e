"""The record against the venue's candles as they are now: differences are shown, then corrected."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.candles import CandleSeries
from domain.errors import InvalidDataError, VenueRefusedError
from domain.ledger import EntryKind, LedgerEntry
from domain.signals import FollowedSignal, SignalState
from engine.correct_outcomes import RecheckOutcomes
from engine.ledger import (
    export_lines,
    parse_content,
    standing_outcomes,
    verify_chain,
)
from engine.lifecycle import start_course
from engine.record_reading import read_ledger
from tests.fakes.clock import HandClock
from tests.fakes.market import HandFacts
from tests.fakes.storage import InMemoryStorage
from tests.unit.engine.kept import look_into
from tests.unit.engine.plain_presenter import PlainPresenter
from tests.unit.verifier.made_record import (
    MISTAKEN,
    MISTAKEN_ENTRY,
    make_chain,
    make_record,
)
from verifier import verify

RECORD = make_record()
MISTAKEN_SYMBOL = RECORD.signals[MISTAKEN - 1].plan.symbol


class Bench:
    """A database with the made-up record before its correction, and a venue with its candles."""

    def __init__(self) -> None:
        self.storage = InMemoryStorage()
        self.clock = HandClock(RECORD.entries[-1].at)
        self.facts = HandFacts(self.clock)
        self.facts.candles = {
            symbol: CandleSeries.of(candles) for symbol, candles in RECORD.candles.items()
        }
        self.recheck = RecheckOutcomes(
            storage=self.storage, facts=self.facts, presenter=PlainPresenter(), clock=self.clock
        )

    async def fill(self) -> "Bench":
        async with self.storage() as unit:
            for signal in RECORD.signals:
                followed = FollowedSignal(
                    signal=signal, course=start_course(signal), ledger_hash="0" * 64
                )
                await unit.signals.add(followed)
            for entry in RECORD.entries[:-1]:
                await unit.ledger.append(entry)
            await unit.commit()
        return self

    async def entries(self) -> list[LedgerEntry]:
        async with self.storage() as unit:
            return await read_ledger(unit.ledger)

    async def course_state(self, signal_id: int) -> SignalState:
        async with self.storage() as unit:
            found = await unit.signals.find(signal_id)
        assert found is not None
        return found.course.state


async def test_outcomes_that_the_candles_confirm_are_left_alone() -> None:
    bench = await Bench().fill()
    ended = await bench.recheck.find_ended()
    assert sorted(ended) == list(range(1, 11))
    found = [await bench.recheck(each, apply=True) for each in ended if each != MISTAKEN]
    assert all(not one.differences and one.obstacle is None for one in found)
    assert len(await bench.entries()) == len(RECORD.entries) - 1


async def test_difference_is_shown_and_nothing_is_written_unless_told_to() -> None:
    bench = await Bench().fill()
    found = await bench.recheck(MISTAKEN, apply=False)
    differing = {each.field: (each.recorded, each.recomputed) for each in found.differences}
    assert differing["state"] == ("tp3", "stopped")
    assert differing["net_r"] == ("2.313333", "-1.1")
    assert found.restates == MISTAKEN_ENTRY
    assert found.correction is None
    assert len(await bench.entries()) == len(RECORD.entries) - 1


async def test_correction_is_appended_and_the_record_holds_with_it(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    bench = await Bench().fill()
    found = await bench.recheck(MISTAKEN, apply=True)
    entries = await bench.entries()
    assert found.correction == entries[-1]
    assert entries[:-1] == list(RECORD.entries[:-1])
    assert verify_chain(entries) is None
    assert await bench.course_state(MISTAKEN) is SignalState.STOPPED
    entry, outcome = standing_outcomes(entries)[MISTAKEN]
    assert (entry, outcome["state"]) == (entries[-1], "stopped")
    folder = RECORD.write_candles(tmp_path_factory.mktemp("corrected"))
    data = "".join(export_lines(entries)).encode()
    findings = verify.verify(data, verify.CandleFolder(folder))
    assert findings.first_problem is None
    assert not findings.unchecked


async def test_correction_is_told_under_the_post_and_in_it() -> None:
    bench = await Bench().fill()
    found = await bench.recheck(MISTAKEN, apply=True)
    assert found.correction is not None
    sent = {each.key: each for each in (await look_into(bench.storage)).messages}
    key = f"signal:{MISTAKEN}:correction:{found.correction.sequence}"
    assert sent[key].replies_to == sent[f"{key}:post"].edits == f"signal:{MISTAKEN}"
    assert "followed anew" in sent[key].text
    assert "stopped" in sent[f"{key}:post"].text


async def test_what_was_corrected_differs_no_more() -> None:
    bench = await Bench().fill()
    first = await bench.recheck(MISTAKEN, apply=True)
    again = await bench.recheck(MISTAKEN, apply=True)
    assert not again.differences
    assert first.correction is not None
    assert again.restates == first.correction.sequence


async def test_candles_that_change_again_are_corrected_again() -> None:
    bench = await Bench().fill()
    first = await bench.recheck(MISTAKEN, apply=True)
    candles = RECORD.candles[MISTAKEN_SYMBOL]
    calm = replace(candles[1], high=100.3, low=99.7, open=100.0, close=100.0)
    bench.facts.candles[MISTAKEN_SYMBOL] = CandleSeries.of(
        [candles[0], *(replace(calm, index=calm.index + n) for n in range(130))]
    )
    bench.clock.advance(timedelta(hours=3).total_seconds())
    second = await bench.recheck(MISTAKEN, apply=True)
    assert first.correction is not None
    assert second.restates == first.correction.sequence
    assert second.course.state is SignalState.MAX_HOLD
    kinds = [entry.kind for entry in await bench.entries()]
    assert kinds[-2:] == [EntryKind.CORRECTION, EntryKind.CORRECTION]


async def test_venue_without_candles_corrects_nothing() -> None:
    bench = await Bench().fill()
    bench.facts.failures[MISTAKEN_SYMBOL] = VenueRefusedError("no such pair")
    refused = await bench.recheck(MISTAKEN, apply=True)
    assert refused.obstacle == "no such pair"
    del bench.facts.failures[MISTAKEN_SYMBOL]
    bench.facts.candles[MISTAKEN_SYMBOL] = CandleSeries.of(RECORD.candles[MISTAKEN_SYMBOL][1:])
    headless = await bench.recheck(MISTAKEN, apply=True)
    assert headless.obstacle == "the venue has no candles from its publication on"
    bench.facts.candles[MISTAKEN_SYMBOL] = CandleSeries.of(RECORD.candles[MISTAKEN_SYMBOL][:1])
    short = await bench.recheck(MISTAKEN, apply=True)
    assert short.obstacle == "the venue's candles do not reach its end"
    assert len(await bench.entries()) == len(RECORD.entries) - 1


async def test_signal_stored_otherwise_than_published_is_refused() -> None:
    bench = Bench()
    honest = RECORD.signals[MISTAKEN - 1]
    bent = replace(honest, plan=replace(honest.plan, stop=honest.plan.stop + 1))
    async with bench.storage() as unit:
        await unit.signals.add(
            FollowedSignal(signal=bent, course=start_course(bent), ledger_hash="0" * 64)
        )
        for entry in RECORD.entries[:-1]:
            await unit.ledger.append(entry)
        await unit.commit()
    with pytest.raises(InvalidDataError, match="stored otherwise than it was published"):
        await bench.recheck(MISTAKEN, apply=True)


async def test_live_signal_has_nothing_to_recheck() -> None:
    bench = await Bench().fill()
    assert await bench.recheck.find_ended(11) == []
    with pytest.raises(InvalidDataError, match="#11 has no outcome"):
        await bench.recheck(11, apply=True)


async def test_signal_of_an_earlier_version_told_fewer_rules_and_is_rechecked() -> None:
    bench = Bench()
    published = RECORD.entries[:-1]
    told = [(entry.at, entry.kind, dict(parse_content(entry))) for entry in published]
    for _, kind, content in told:
        if kind is EntryKind.SIGNAL:
            del content["rules"]["give_up_hours"]
    async with bench.storage() as unit:
        for signal in RECORD.signals:
            course = start_course(signal)
            await unit.signals.add(
                FollowedSignal(signal=signal, course=course, ledger_hash="0" * 64)
            )
        for entry in make_chain(told):
            await unit.ledger.append(entry)
        await unit.commit()
    assert (await bench.recheck(MISTAKEN, apply=False)).differences
