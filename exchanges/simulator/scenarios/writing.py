"""Turns a story into a script: every trade of every minute, and what the book looks like."""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from exchanges.simulator.market.bars import CLOSE, MINUTE_MS, Real, Whole
from exchanges.simulator.market.book import usual_level
from exchanges.simulator.market.minute_trades import heavy_tailed, in_runs, split, spread_at
from exchanges.simulator.market.pairs import Pair
from exchanges.simulator.market.randomness import noise_array
from exchanges.simulator.market.script import RestingOrder, Script
from exchanges.simulator.market.trades import Flags, MinuteTrades
from exchanges.simulator.scenarios.registry import Plot
from exchanges.simulator.scenarios.story import BigOrder, Phase, Setting, Story

_TRADES_A_SECOND: Final = 5.0
_WAVES_A_MINUTE: Final = 3.0
_DRAWS_A_MINUTE: Final = 65_536


class _Trades(NamedTuple):
    """Trades of a stretch: milliseconds since the story began, ticks, steps, and who they are."""

    times: Whole
    prices: Whole
    quantities: Whole
    pushing: Flags
    forced: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stage:
    """A pair at the minute at which a story begins, and which way it goes."""

    pair: Pair
    minute: int
    way: int
    begin_price: int
    spread: int

    def price(self, gaps: int) -> int:
        """A place of the story in ticks, on the pair's level grid."""
        gap = self.pair.level_gap
        return (round(self.begin_price / gap) + self.way * gaps) * gap

    def at_ms(self, seconds: int) -> int:
        """An instant of the story in exchange time."""
        return self.minute * MINUTE_MS + seconds * 1000


def script_of(plot: Plot, pair: Pair, minute: int) -> Script:
    """The plot played on a pair from a minute on."""
    close = int(pair.bars.columns[CLOSE, pair.bars.position(minute - 1)])
    usual_spread = spread_at(pair, minute)
    story = plot.tell(Setting(price=close, gap=pair.level_gap, spread=usual_spread))
    spread = max(1, round(usual_spread * story.spread))
    stage = _Stage(pair=pair, minute=minute, way=plot.way, begin_price=close, spread=spread)
    trades = _trades(stage, story)
    return Script(
        minutes=_minutes(stage, trades),
        orders=tuple(_order(stage, order, trades) for order in story.orders),
        depth=_depth(stage, story),
        open_interest=_open_interest(stage, story),
    )


def _trades(stage: _Stage, story: Story) -> _Trades:
    """All trades of the story; each of its phases, thus each minute, begins with one."""
    parts, begin, price = [], 0, stage.begin_price
    for phase in story.phases:
        end_price = stage.price(phase.to)
        parts.append(_played(stage, phase, begin, (price, end_price)))
        begin, price = begin + phase.seconds, end_price
    return _Trades(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _played(stage: _Stage, phase: Phase, begin: int, ends: tuple[int, int]) -> _Trades:
    """The trades of one phase, from one price of pushing takers to another."""
    volume = round(stage.pair.usual_volume * phase.activity * phase.seconds / 60.0)
    wanted = round(phase.seconds * _TRADES_A_SECOND * phase.activity**0.5)
    count = max(8, min(wanted, volume // 4))
    counters = stage.minute * _DRAWS_A_MINUTE + begin * 100 + np.arange(count)
    moments, moods, sizes = (noise_array(stage.pair.key + salt, counters) for salt in (7, 8, 9))
    progress = np.sort(moments)
    progress[0] = 0.0
    times = ((begin + progress * phase.seconds) * 1000.0).astype(np.int64)
    pushing = _pushing(moods, phase.pushing)
    quantities = np.empty(count, dtype=np.int64)
    pushed = round(max(volume, 2 * count) * phase.pushing)
    quantities[pushing] = split(pushed, heavy_tailed(sizes[pushing]))
    quantities[~pushing] = split(max(volume, 2 * count) - pushed, heavy_tailed(sizes[~pushing]))
    prices = _path(stage, phase, ends, progress) - stage.way * stage.spread * ~pushing
    return _Trades(times, prices, quantities, pushing, _forced(phase, times, pushing))


def _pushing(moods: Real, share: float) -> Flags:
    """Which takers push: a share of them, in runs, the first for sure."""
    appetite = in_runs(moods)
    appetite[0] = 2.0
    pushing = np.zeros(len(moods), dtype=np.bool_)
    pushing[np.argsort(-appetite)[: max(1, round(share * len(moods)))]] = True
    return pushing


def _path(stage: _Stage, phase: Phase, ends: tuple[int, int], progress: Real) -> Whole:
    """Price in ticks of pushing takers: a straight line with waves on it that end at 0."""
    waves = np.sin(progress * (2.0 * np.pi * _WAVES_A_MINUTE * phase.seconds / 60.0))
    line = ends[0] + (ends[1] - ends[0]) * progress
    path = line + stage.way * phase.waver * stage.pair.level_gap * waves
    return np.rint(path).astype(np.int64)


def _forced(phase: Phase, times: Whole, pushing: Flags) -> Flags:
    """Which trades are liquidations: the first pushing one of each so many seconds."""
    forced = np.zeros(len(times), dtype=np.bool_)
    if phase.forced_every:
        places = np.flatnonzero(pushing)
        turns = (times[places] / (phase.forced_every * 1000.0)).astype(np.int64)
        forced[places[np.unique(turns, return_index=True)[1]]] = True
    return forced


def _minutes(stage: _Stage, trades: _Trades) -> dict[int, MinuteTrades]:
    buys = trades.pushing if stage.way > 0 else ~trades.pushing
    minutes = trades.times // MINUTE_MS
    return {
        stage.minute + number: MinuteTrades(
            trades.times[inside] - number * MINUTE_MS,
            trades.prices[inside],
            trades.quantities[inside],
            buys[inside],
            trades.forced[inside],
            stage.spread,
        )
        for number in range(int(minutes[-1]) + 1)
        for inside in [minutes == number]
    }


def _order(stage: _Stage, order: BigOrder, trades: _Trades) -> RestingOrder:
    """The order with the trades that eat it."""
    price = stage.price(order.at)
    begin, end = order.from_second * 1000, order.until_second * 1000
    eating = (trades.prices == price) & (trades.pushing == order.opposing)
    eating &= (trades.times >= begin) & (trades.times < end)
    times = (trades.times[eating] + stage.at_ms(0)).tolist()
    fills = tuple(zip(times, trades.quantities[eating].tolist(), strict=True))
    eaten = sum(quantity for _, quantity in fills)
    size = eaten if order.size is None else round(order.size * usual_level(stage.pair))
    return RestingOrder(
        side=-stage.way if order.opposing else stage.way,
        price=price,
        quantity=size,
        from_ms=stage.at_ms(order.from_second),
        until_ms=stage.at_ms(order.until_second),
        fills=fills,
    )


def _depth(stage: _Stage, story: Story) -> tuple[tuple[int, float], ...]:
    ends = np.cumsum([phase.seconds for phase in story.phases]).tolist()
    shares = [phase.depth for phase in story.phases]
    rows = zip(map(stage.at_ms, ends), shares, strict=True)
    return ((stage.at_ms(0), 1.0), *rows)


def _open_interest(stage: _Stage, story: Story) -> dict[int, float]:
    """What each minute adds: its seconds' shares of what their phases add in a minute."""
    a_second = np.repeat(
        [phase.open_interest / 60.0 for phase in story.phases],
        [phase.seconds for phase in story.phases],
    )
    minutes = a_second.reshape(-1, 60).sum(axis=1).tolist()
    return {stage.minute + number: change for number, change in enumerate(minutes)}
