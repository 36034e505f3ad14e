"""A running line whose venue is made to fail, and how its decisions compare with REST's candles."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from app.application import Application
from domain.candles import CandleSeries
from domain.decisions import Decision
from domain.evidence import LayerName, LayerScore
from domain.market import MarketSnapshot
from domain.timeframes import Timeframe, to_ms
from engine.confluence import combine
from engine.decide import DecisionParameters, decide
from engine.ports.storage import DecisionRecord
from exchanges.simulator import Fault, FaultKind, Faults
from tests.e2e.line import Line
from tests.e2e.waiting import until

FLOW_STREAMS = ("@depth20", "@aggTrade")
"""Parts of the names of the streams that order flow lives on."""

FLOW_SOCKETS = ("@depth20", "!forceOrder@arr")
"""What their sockets go by: the first name of all on it; trades share one with liquidations."""

_QUARTER = Timeframe.M15.length
_AHEAD = timedelta(minutes=5)
_WHOLE_COVERAGE = 0.8
"""Of the order flow's data: more than is left without a book, or without trades."""


class CloseMissedError(AssertionError):
    """The machine was too busy for a close: not one pair was decided on at it, but at a later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The line and the one bot on it."""

    line: Line
    bot: Application

    @property
    def faults(self) -> Faults:
        return self.line.venue.faults

    @property
    def symbols(self) -> list[str]:
        """The watched pairs."""
        return sorted(pair.symbol for pair in self.bot.market.watchlist)

    def coming_boundary(self) -> datetime:
        """The next 15-minute close that leaves time to prepare a trouble."""
        return Timeframe.M15.next_boundary(self.line.now() + _AHEAD)

    async def shortly_before(self, boundary: datetime) -> None:
        """Wait until the last minutes before a close."""
        await self.line.pass_time(boundary - _AHEAD / 2)

    def spoil(self, kind: FaultKind, symbol: str, boundary: datetime) -> None:
        """Spoil the frames of one pair around a close, the final ones among them."""
        self.faults.inject(
            Fault(
                kind=kind,
                match=f"{symbol.lower()}@",
                from_ms=to_ms(boundary - timedelta(minutes=2)),
                to_ms=to_ms(boundary + timedelta(minutes=1)),
                delay_seconds=0.5,
            )
        )

    async def decided_at(self, boundary: datetime, count: int) -> bool:
        """Whether so many pairs were decided on at a close."""
        async with self.line.storage() as unit:
            found = await unit.decisions.count_between(boundary, boundary + _QUARTER)
        assert found.decided <= len(self.symbols)
        return found.decided >= count

    async def wait_for_close(self, boundary: datetime, *, without: int = 0) -> None:
        """Wait until all pairs but so many were decided on at a close.

        Raises `CloseMissedError` where the bot has gone on without that close.
        """
        wanted = len(self.symbols) - without

        async def look() -> bool:
            if await self._was_passed_over(boundary):
                raise CloseMissedError(f"nothing was decided at {boundary}, but later")
            return await self.decided_at(boundary, wanted)

        await until(look, f"{wanted} decisions at {boundary}")

    async def _was_passed_over(self, boundary: datetime) -> bool:
        since, now = boundary + _QUARTER, self.line.now()
        if now <= since or await self.decided_at(boundary, 1):
            return False
        async with self.line.storage() as unit:
            return (await unit.decisions.count_between(since, now)).decided > 0

    async def wait_for_whole_close(self) -> datetime:
        """Wait for a close from now on at which all pairs are decided on."""
        first = Timeframe.M15.next_boundary(self.line.now())

        async def find() -> datetime | None:
            newest = Timeframe.M15.previous_boundary(self.line.now())
            for boundary in (newest, newest - _QUARTER):
                if boundary >= first and await self.decided_at(boundary, len(self.symbols)):
                    return boundary
            return None

        return await until(find, f"no close from {first} on was decided for all of {self.symbols}")

    async def wait_for_order_flow(self) -> None:
        """Wait until the newest decision on every pair knew its order flow again."""

        async def look() -> bool:
            layers = [flow_of((await self.newest(symbol)).decision) for symbol in self.symbols]
            return all(layer.coverage >= _WHOLE_COVERAGE for layer in layers)

        await until(look, "order flow did not come back")

    async def newest(self, symbol: str) -> DecisionRecord:
        """The newest decision on a pair."""
        async with self.line.storage() as unit:
            record = await unit.decisions.find_latest(symbol)
        assert record is not None
        return record

    async def decided_on(self, boundary: datetime) -> list[DecisionRecord]:
        """The decisions of a close that has just been, one for each pair."""
        records = [await self.newest(symbol) for symbol in self.symbols]
        assert {record.decision.as_of for record in records} == {boundary}
        return records

    async def assert_as_rest_tells(self, symbols: Collection[str]) -> None:
        """The newest decisions stand on the candles of REST, field by field and bit for bit.

        Of the order flow REST tells no past, so its layer is taken as it was stored.
        """
        instruments = await self.bot.data.facts.fetch_instruments()
        for symbol in symbols:
            decision = (await self.newest(symbol)).decision
            candles = await self._by_rest(symbol, decision.as_of)
            snapshot = MarketSnapshot(
                instrument=instruments[symbol], as_of=decision.as_of, candles=candles
            )
            expected = decide(snapshot, self._parameters)
            assert _from_candles(expected) == _from_candles(decision), (symbol, decision.as_of)
            self._assert_combined(decision)

    def _assert_combined(self, decision: Decision) -> None:
        """The score is what the stored layers lead to."""
        if decision.direction is None:
            return
        confluence = combine(
            decision.direction,
            decision.layers,
            decision.regime_multiplier,
            decision.as_of,
            self._parameters.confluence,
        )
        assert (confluence.score, confluence.coverage) == (decision.score, decision.coverage)
        assert (confluence.tier, confluence.discards) == (decision.tier, decision.discards)

    @property
    def _parameters(self) -> DecisionParameters:
        strategy = self.line.settings.strategy
        return DecisionParameters(
            technical=strategy.technical,
            orderflow=strategy.orderflow,
            onchain=strategy.onchain,
            sentiment=strategy.sentiment,
            memory=strategy.memory,
            confluence=strategy.confluence,
        )

    async def _by_rest(self, symbol: str, as_of: datetime) -> dict[Timeframe, CandleSeries]:
        """What REST tells where the feed has its own; both must agree."""
        told = {}
        for timeframe, ours in self.bot.data.feed.series(symbol, as_of).items():
            series = await self.bot.data.facts.fetch_candles(
                symbol, timeframe, first_index=ours.first_index, count=len(ours)
            )
            assert series is not None
            assert np.array_equal(np.asarray(ours.columns), np.asarray(series.columns))
            told[timeframe] = series
        return told


def flow_of(decision: Decision) -> LayerScore:
    """What the order flow said."""
    return next(layer for layer in decision.layers if layer.layer is LayerName.ORDERFLOW)


def _from_candles(decision: Decision) -> tuple[object, ...]:
    """The part of a decision that stands on candles alone."""
    technical = decision.layers[0]
    assert technical.layer is LayerName.TECHNICAL
    return decision.direction, decision.close, decision.atr, decision.atr_ratio, technical
