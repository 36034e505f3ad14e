"""Breaker: a pair whose data is not fresh. Released as soon as it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from domain.breakers import Effect
from domain.market import MarketSnapshot
from domain.timeframes import to_ms
from risk.breakers.breaker import Candidate, PairBreaker, Ruling, Telling
from risk.state import RiskState


@dataclass(frozen=True, slots=True, kw_only=True)
class DataHealth(PairBreaker):
    """Blocks a pair whose candles end too early, or whose order book is streamed and not whole."""

    name: ClassVar[str] = "data_health"
    telling: ClassVar[Telling] = Telling.ON_DENIAL

    @property
    def release(self) -> str:
        """What releases it."""
        return "candles and order book are whole and fresh again"

    def check(self, candidate: Candidate, state: RiskState) -> Ruling | None:  # noqa: ARG002 - about one pair alone
        """Trips on anything stale, and names all of it."""
        problems = [*_stale_candles(candidate.snapshot), *_missing_book(candidate.snapshot)]
        if not problems:
            return None
        text = f"data is not fresh: {'; '.join(problems)}"
        return Ruling(breaker=self.name, effect=Effect.BLOCK, text=text)


def _stale_candles(snapshot: MarketSnapshot) -> Iterator[str]:
    as_of_ms = to_ms(snapshot.as_of)
    for timeframe, series in snapshot.candles.items():
        if series.last_index < timeframe.last_closed_index(as_of_ms):
            yield f"{timeframe} candles end at {series.closed_at:%H:%M} UTC"


def _missing_book(snapshot: MarketSnapshot) -> Iterator[str]:
    flow = snapshot.order_flow
    if flow is not None and flow.book is None:
        yield f"no order book ({flow.book_problem or 'it has not come yet'})"
