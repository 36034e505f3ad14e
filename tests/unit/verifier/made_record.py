"""A record made by the engine itself on made-up candles: every way in which a signal can end."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from domain.candles import Candle
from domain.directions import Direction
from domain.instruments import Instrument
from domain.ledger import EntryKind, LedgerEntry
from domain.lifecycle import LifecycleParameters
from domain.plans import TradePlan, TradingCosts
from domain.signals import Signal
from domain.timeframes import Timeframe, to_ms
from engine.ledger import (
    correction_content,
    export_lines,
    next_entry,
    outcome_content,
    signal_content,
)
from engine.ledger.candles import dump_files
from risk.levels import LevelParameters, compute_levels
from tests.builders.market import make_instrument
from tests.builders.signals import CLOSED_AT, COSTS, VALIDITY
from tests.unit.engine.minutes import Gains, follow
from tests.unit.risk.trade_builders import make_candidate

Event = tuple[datetime, EntryKind, Mapping[str, object]]

LONG, SHORT = Direction.LONG, Direction.SHORT
ENTER: Gains = (0.3, 0.4, -0.2, 0.2)
CALM: Gains = (0.2, 0.4, -0.4, 0.2)
AWAY: Gains = (0.6, 0.9, 0.4, 0.6)
FIRST: Gains = (0.3, 2.6, 0.25, 2.4)
SECOND: Gains = (2.4, 4.3, 2.3, 4.1)
THIRD: Gains = (4.1, 6.6, 4.0, 6.2)
STOP: Gains = (0.2, 0.3, -2.1, -1.9)
GAP_DOWN: Gains = (-3.0, -2.8, -3.4, -3.1)
BACK: Gains = (2.4, 2.5, 0.1, 0.3)
RUNNING: Gains = (2.4, 2.9, 2.0, 2.4)
FALL: Gains = (4.0, 4.1, 2.0, 2.1)
HALT: Gains = (0.2, 0.2, 0.2, 0.2)
"""With a stop 1.5 away and targets 2.25, 3.75 and 6 away. A halt trades nothing."""

STORIES: tuple[tuple[Direction, list[Gains]], ...] = (
    (SHORT, [ENTER, FIRST, *[HALT] * 200]),
    (SHORT, [ENTER] + [CALM] * 120),
    (LONG, [ENTER, FIRST, SECOND, THIRD]),
    (SHORT, [AWAY, ENTER, STOP]),
    (LONG, [ENTER, FIRST, BACK]),
    (SHORT, [ENTER, FIRST, SECOND, FALL]),
    (LONG, [AWAY] * 16),
    (LONG, [ENTER, CALM, GAP_DOWN]),
    (LONG, [(0.3, 0.4, -2.0, 0.2)]),
    (SHORT, [ENTER, STOP]),
    (LONG, [ENTER] + [CALM] * 60),
    (SHORT, [ENTER, FIRST] + [RUNNING] * 60),
)
"""One signal each, a quarter of an hour apart, each with a pair of its own; two are still live."""

MISTAKEN = 10
"""Number of the signal whose outcome was first told by other candles than the venue's."""

MISTAKEN_ENTRY = 19
"""Where that outcome stands."""

RULES = LifecycleParameters(give_up_hours=1)


@dataclass(frozen=True)
class MadeRecord:
    """The entries, and the candles by symbol."""

    entries: tuple[LedgerEntry, ...]
    candles: dict[str, list[Candle]]
    signals: tuple[Signal, ...]

    @property
    def export(self) -> bytes:
        return "".join(export_lines(self.entries)).encode("ascii")

    def write_candles(self, folder: Path) -> Path:
        for symbol, candles in self.candles.items():
            for name, text in dump_files(symbol, candles):
                (folder / name).write_text(text)
        return folder


def make_candle_path(
    path: Sequence[Gains], published_at: datetime, direction: Direction, price: float = 100.0
) -> list[Candle]:
    """One-minute candles from the first after publication, as a trade's gains from a price."""
    first = Timeframe.M1.index_of(to_ms(published_at) - 1) + 1
    return [
        _candle(first + number, [price + direction.sign * gain for gain in gains], gains == HALT)
        for number, gains in enumerate(path)
    ]


def make_published(number: int, direction: Direction, costs: TradingCosts = COSTS) -> Signal:
    """Signal `number` (from 1) on levels of the real risk rules: entry 100, ATR 1."""
    as_of = CLOSED_AT + (number - 1) * timedelta(minutes=15)
    instrument = make_instrument(f"C{number}", tick="0.01", step="0.01")
    decision = make_candidate(direction, symbol=instrument.symbol)
    return Signal(
        id=number,
        instrument=instrument,
        decision=replace(decision, as_of=as_of),
        plan=_plan(instrument, direction, costs),
        published_at=as_of + timedelta(seconds=2, milliseconds=345),
        valid_until=as_of + VALIDITY,
        rules=RULES,
    )


def _plan(instrument: Instrument, direction: Direction, costs: TradingCosts) -> TradePlan:
    levels = compute_levels(
        direction, instrument, Decimal(100), Decimal(1), costs, LevelParameters()
    )
    quantity = Decimal("61.37")
    return TradePlan(
        symbol=instrument.symbol,
        direction=direction,
        entry=levels.entry,
        stop=levels.stop,
        stop_distance=levels.stop_distance,
        targets=levels.targets,
        break_even=levels.break_even,
        atr=levels.trail,
        costs=costs,
        gross_reward_to_risk=levels.gross_reward_to_risk,
        net_reward_to_risk=levels.net_reward_to_risk,
        quantity=quantity,
        notional=quantity * levels.entry,
        margin=(quantity * levels.entry / 7).quantize(Decimal("1e-8")),
        leverage=Decimal(7),
        risk_amount=quantity * levels.loss_per_unit,
        risk_percent=Decimal("0.99"),
        shrinks=(),
    )


@cache
def make_record() -> MadeRecord:
    """All stories, entry by entry in order of time, and a correction at the end."""
    events: list[Event] = []
    candles: dict[str, list[Candle]] = {}
    signals: list[Signal] = []
    for number, (direction, path) in enumerate(STORIES, start=1):
        signal = make_published(number, direction)
        signals.append(signal)
        minutes = make_candle_path(path, signal.published_at, direction)
        candles[signal.plan.symbol] = minutes
        events += _events_of(signal, minutes)
    return MadeRecord(
        entries=make_chain(sorted(events, key=lambda event: event[0])),
        candles=candles,
        signals=tuple(signals),
    )


def make_chain(events: Iterable[Event]) -> tuple[LedgerEntry, ...]:
    """Entries in their order."""
    entries: list[LedgerEntry] = []
    for at, kind, content in events:
        entries.append(next_entry(entries[-1] if entries else None, kind, at, content))
    return tuple(entries)


def _events_of(signal: Signal, minutes: list[Candle]) -> list[Event]:
    published: Event = (signal.published_at, EntryKind.SIGNAL, signal_content(signal))
    course, _ = follow(signal, minutes)
    if course.ended_at is None:
        return [published]
    at = course.ended_at + timedelta(seconds=2)
    if signal.id != MISTAKEN:
        return [published, (at, EntryKind.OUTCOME, outcome_content(signal, course))]
    direction = signal.plan.direction
    wrong = make_candle_path([ENTER, FIRST, SECOND, THIRD], signal.published_at, direction)
    mistaken, _ = follow(signal, wrong)
    restated = correction_content(signal, course, restates=MISTAKEN_ENTRY, reason="other candles")
    return [
        published,
        (at + timedelta(minutes=2), EntryKind.OUTCOME, outcome_content(signal, mistaken)),
        (at + timedelta(minutes=50), EntryKind.CORRECTION, restated),
    ]


def _candle(index: int, prices: list[float], is_halted: bool) -> Candle:
    return Candle(
        timeframe=Timeframe.M1,
        index=index,
        open=round(prices[0], 2),
        high=round(max(prices), 2),
        low=round(min(prices), 2),
        close=round(prices[3], 2),
        volume=0.0 if is_halted else 12.5,
        taker_buy_volume=0.0 if is_halted else 6.25,
    )
