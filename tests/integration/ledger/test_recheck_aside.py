"""What a correction touches besides the record: its messages, and what memory has learnt."""

from dataclasses import replace
from datetime import timedelta

from domain.candles import CandleSeries
from domain.signals import FollowedSignal
from domain.timeframes import to_ms
from engine.correct_outcomes import RecheckOutcomes
from engine.lifecycle import start_course
from tests.builders.outside import make_outcome
from tests.fakes.clock import HandClock
from tests.fakes.market import HandFacts
from tests.fakes.storage import InMemoryStorage
from tests.unit.engine.kept import look_into
from tests.unit.engine.plain_presenter import PlainPresenter
from tests.unit.verifier.made_record import MISTAKEN, make_record

RECORD = make_record()
SIGNAL = RECORD.signals[MISTAKEN - 1]
SYMBOL = SIGNAL.plan.symbol
LEARNT = make_outcome(SYMBOL, realised_r=2.31, decided_ms=to_ms(SIGNAL.decision.as_of))


class Bench:
    """A record with one outcome to be corrected, and a venue with the right candles."""

    def __init__(self) -> None:
        self.storage = InMemoryStorage()
        self.clock = HandClock(RECORD.entries[-1].at)
        self.facts = HandFacts(self.clock)
        self.facts.candles[SYMBOL] = CandleSeries.of(RECORD.candles[SYMBOL])
        self.recheck = RecheckOutcomes(
            storage=self.storage, facts=self.facts, presenter=PlainPresenter(), clock=self.clock
        )

    async def fill(self) -> None:
        async with self.storage() as unit:
            await unit.signals.add(
                FollowedSignal(signal=SIGNAL, course=start_course(SIGNAL), ledger_hash="0" * 64)
            )
            for entry in RECORD.entries[:-1]:
                await unit.ledger.append(entry)
            await unit.outcomes.add([LEARNT])
            await unit.commit()

    def restate(self) -> None:
        """The venue tells other candles: nothing happens to the signal any more."""
        _, second, *_ = candles = RECORD.candles[SYMBOL]
        calm = replace(second, high=100.3, low=99.7, open=100.0, close=100.0)
        later = [replace(calm, index=calm.index + number) for number in range(130)]
        self.facts.candles[SYMBOL] = CandleSeries.of([candles[0], *later])
        self.clock.advance(timedelta(hours=3).total_seconds())


async def test_each_correction_of_a_signal_has_messages_of_its_own() -> None:
    bench = Bench()
    await bench.fill()
    first = await bench.recheck(MISTAKEN, apply=True)
    bench.restate()
    second = await bench.recheck(MISTAKEN, apply=True)
    assert first.correction is not None
    assert second.correction is not None
    keys = (await look_into(bench.storage)).keys
    assert keys == [
        f"signal:{MISTAKEN}:correction:{entry.sequence}{part}"
        for entry in (first.correction, second.correction)
        for part in (":post", "")
    ]


async def test_memory_keeps_what_it_learnt_first() -> None:
    bench = Bench()
    await bench.fill()
    assert (await bench.recheck(MISTAKEN, apply=True)).correction is not None
    async with bench.storage() as unit:
        assert await unit.outcomes.list_all() == [LEARNT]
