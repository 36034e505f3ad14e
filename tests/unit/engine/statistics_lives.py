"""Random lives of signals, and the ledger that tells them in some order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from domain.decisions import Tier
from domain.directions import Direction
from domain.evidence import LayerName
from domain.ledger import EntryKind
from domain.market_regime import Regime
from domain.signals import Course, Signal, SignalState
from engine.ledger import correction_content, outcome_content, signal_content
from tests.builders.signals import make_decision, make_layer
from tests.unit.engine.statistics_story import MIDNIGHT, Story, make_end
from tests.unit.risk.trade_builders import make_round_signal

SPAN_DAYS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """A signal, and how it ended: as first stated, then as corrected; live where nothing is."""

    signal: Signal
    supports: dict[LayerName, float]
    ends: tuple[Course, ...]


_FINAL = [state for state in SignalState if state.is_final]
_NET_R = st.one_of(
    st.sampled_from(["0", "-1", "1.5"]).map(Decimal),
    st.decimals(-3, 3, places=6),
)
_MINUTES = st.integers(0, SPAN_DAYS * 24 * 60 - 1)


def _moment(minutes: int) -> datetime:
    return MIDNIGHT + timedelta(minutes=minutes)


@st.composite
def _ends(draw: st.DrawFn, signal: Signal) -> Course:
    state = draw(st.sampled_from(_FINAL))
    ended_at = signal.published_at + timedelta(minutes=draw(st.integers(1, 26 * 60)))
    reached = [SignalState.TP1] * draw(st.integers(0, 1))
    is_trade = state not in (SignalState.EXPIRED, SignalState.CANCELLED)
    course = make_end(signal, state, ended_at, str(draw(_NET_R) if is_trade else 0), reached)
    held = timedelta(minutes=draw(st.integers(0, 180)))
    return replace(course, triggered_at=ended_at - held if is_trade else None)


@st.composite
def _life(draw: st.DrawFn, signal_id: int) -> Life:
    direction = draw(st.sampled_from(Direction))
    supports = {
        layer: draw(st.sampled_from([30.0, 54.9, 55.0, 55.1, 90.0]))
        for layer in draw(st.lists(st.sampled_from(LayerName), unique=True))
    }
    decision = make_decision(
        direction,
        score=draw(st.one_of(st.sampled_from([60.0, 65.0, 70.0, 100.0]), st.floats(60, 100))),
        regime=draw(st.sampled_from(Regime)),
        layers=[make_layer(name, direction=direction, support=s) for name, s in supports.items()],
    )
    signal = make_round_signal(direction, signal_id=signal_id)
    signal = replace(
        signal,
        decision=replace(decision, tier=draw(st.sampled_from(Tier))),
        instrument=replace(signal.instrument, base=draw(st.sampled_from(["SOL", "BTC", "ADA"]))),
        published_at=_moment(draw(_MINUTES)),
        plan=replace(
            signal.plan,
            notional=draw(st.decimals(100, 50_000, places=4)),
            risk_amount=draw(st.decimals(1, 500, places=8)),
            risk_percent=draw(st.decimals("0.25", "1.5", places=8)),
        ),
    )
    ends = draw(st.lists(_ends(signal), max_size=3))
    return Life(signal=signal, supports=supports, ends=tuple(ends))


@st.composite
def lives(draw: st.DrawFn) -> list[Life]:
    """Up to 8 signals; a third of them is live, some are corrected once or twice."""
    return [draw(_life(number)) for number in range(1, draw(st.integers(0, 8)) + 1)]


@st.composite
def orders(draw: st.DrawFn, told: Sequence[Life]) -> list[int]:
    """An order in which the ledger may tell lives: a signal's id for each of its entries."""
    ids = [life.signal.id for life in told for _ in range(1 + len(life.ends))]
    return draw(st.permutations(ids))


def write(told: Sequence[Life], order: Sequence[int]) -> Story:
    """The ledger: of each signal first its publication, then its outcome, then corrections."""
    story, by_id = Story(), {life.signal.id: life for life in told}
    places: dict[int, list[int]] = {signal_id: [] for signal_id in by_id}
    for signal_id in order:
        _tell(story, by_id[signal_id], places[signal_id])
        places[signal_id].append(len(story.entries))
    return story


def _tell(story: Story, life: Life, told_in: list[int]) -> None:
    signal, ends = life.signal, life.ends
    if not told_in:
        story.append(EntryKind.SIGNAL, signal_content(signal))
    elif len(told_in) == 1:
        story.append(EntryKind.OUTCOME, outcome_content(signal, ends[0]))
    else:
        end = ends[len(told_in) - 1]
        content = correction_content(signal, end, restates=told_in[-1], reason="other candles")
        story.append(EntryKind.CORRECTION, content)
