"""Use case: decide on every watched pair at a candle close."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.market import MarketSnapshot
from domain.signals import FollowedSignal
from engine.decide import DecisionParameters, decide_all
from engine.issue import IssueParameters, IssueSignals
from engine.market_state import MarketState
from engine.ports.clock import Clock
from engine.ports.market import CandleFeed
from engine.ports.storage import DecisionRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseTiming:
    """When some pairs were decided on together and when that was stored, in monotonic seconds."""

    symbols: tuple[str, ...]
    decided_at: float
    stored_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseRound:
    """What one candle close brought.

    `decided` counts pairs; `missing` says per pair why there was no decision; `seconds` is wall
    time from the start of deciding to the stored result. `records` are all decisions, `snapshots`
    what they were made on, by symbol; `timings` tell when, for all pairs that were decided on.
    """

    boundary: datetime
    decided: int
    denied: int
    issued: tuple[FollowedSignal, ...]
    missing: dict[str, str]
    seconds: float
    is_late: bool = False
    records: tuple[DecisionRecord, ...] = ()
    snapshots: Mapping[str, MarketSnapshot] = field(default_factory=dict)
    timings: tuple[CloseTiming, ...] = ()


class DecideAtClose:
    """Waits for the final candles, decides on complete pairs at once, mends and decides the rest.

    Pairs are decided together when all are ready or patience is over, so that the risk gate
    sees the best signals first, whatever order the candles came in.
    """

    def __init__(
        self,
        *,
        market: MarketState,
        feed: CandleFeed,
        issue: IssueSignals,
        clock: Clock,
        decision: DecisionParameters,
        issuing: IssueParameters,
        patience_wall_seconds: float,
        mend_wall_seconds: float,
    ) -> None:
        self._market = market
        self._feed = feed
        self._issue = issue
        self._clock = clock
        self._decision = decision
        self._issuing = issuing
        self._patience = patience_wall_seconds
        self._mend_seconds = mend_wall_seconds

    async def __call__(self, boundary: datetime) -> CloseRound:
        """Decide at a 15-minute boundary. A boundary that is too far back decides nothing."""
        symbols = [pair.symbol for pair in self._market.watchlist]
        if self._is_late(boundary):
            return _too_late(boundary, symbols)
        ready = await self._feed.wait_ready(symbols, boundary, wall_seconds=self._patience)
        first = await self._decide(ready, boundary)
        late = [symbol for symbol in symbols if symbol not in ready]
        if not late:
            return first
        mended = await self._mend(late, boundary)
        second = await self._decide(mended, boundary)
        missing = dict.fromkeys(set(late) - mended, "candles missing")
        return _joined(first, second, missing)

    async def _mend(self, symbols: Collection[str], boundary: datetime) -> frozenset[str]:
        """The pairs that REST completes in time; the signals of all others wait for the answer."""
        try:
            async with asyncio.timeout(self._mend_seconds):
                return await self._feed.mend(symbols, boundary)
        except TimeoutError:
            return await self._feed.wait_ready(symbols, boundary, wall_seconds=0.0)

    def _is_late(self, boundary: datetime) -> bool:
        limit = timedelta(seconds=self._issuing.maximum_lateness_seconds)
        return self._clock.now() - boundary > limit

    async def _decide(self, symbols: Collection[str], boundary: datetime) -> CloseRound:
        started = self._clock.monotonic()
        if self._is_late(boundary):
            return _too_late(boundary, symbols)
        snapshots, missing = self._market.snapshots(sorted(symbols), boundary, self._feed)
        if not snapshots:
            return _nothing(boundary, missing)
        decisions = decide_all(snapshots, self._decision)
        decided_at = self._clock.monotonic()
        by_symbol = {snapshot.instrument.symbol: snapshot for snapshot in snapshots}
        result = await self._issue(decisions, by_symbol)
        stored_at = self._clock.monotonic()
        return CloseRound(
            boundary=boundary,
            decided=len(decisions),
            denied=sum(bool(record.denials) for record in result.records),
            issued=result.issued,
            missing=missing,
            seconds=stored_at - started,
            records=result.records,
            snapshots=by_symbol,
            timings=(
                CloseTiming(symbols=tuple(by_symbol), decided_at=decided_at, stored_at=stored_at),
            ),
        )


def _too_late(boundary: datetime, symbols: Collection[str]) -> CloseRound:
    return _nothing(boundary, dict.fromkeys(symbols, "too late to decide"), is_late=bool(symbols))


def _nothing(boundary: datetime, missing: dict[str, str], *, is_late: bool = False) -> CloseRound:
    return CloseRound(
        boundary=boundary,
        decided=0,
        denied=0,
        issued=(),
        missing=missing,
        seconds=0.0,
        is_late=is_late,
    )


def _joined(first: CloseRound, second: CloseRound, missing: dict[str, str]) -> CloseRound:
    return CloseRound(
        boundary=first.boundary,
        decided=first.decided + second.decided,
        denied=first.denied + second.denied,
        issued=first.issued + second.issued,
        missing={**first.missing, **second.missing, **missing},
        seconds=first.seconds + second.seconds,
        is_late=first.is_late or second.is_late,
        records=first.records + second.records,
        snapshots={**first.snapshots, **second.snapshots},
        timings=first.timings + second.timings,
    )
