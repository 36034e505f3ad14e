"""Wakes whoever waits for pairs to become ready at a boundary."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

from exchanges.pair_candles import PairCandles


@dataclass(slots=True, eq=False)
class _Waiter:
    boundary_ms: int
    pending: set[str]
    done: asyncio.Event = field(default_factory=asyncio.Event)

    def drop(self, symbol: str) -> None:
        self.pending.discard(symbol)
        if not self.pending:
            self.done.set()


class ReadyWaiters:
    """Everyone who waits at the moment; each is woken once, when its last pair is there."""

    def __init__(self) -> None:
        self._waiting: list[_Waiter] = []

    async def wait(self, symbols: set[str], boundary_ms: int, wall_seconds: float) -> None:
        """Wait until `notify` or `give_up` has told of every symbol, at most `wall_seconds`."""
        if not symbols:
            return
        waiter = _Waiter(boundary_ms, set(symbols))
        self._waiting.append(waiter)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(wall_seconds):
                    await waiter.done.wait()
        finally:
            self._waiting.remove(waiter)

    def notify(self, pair: PairCandles) -> None:
        """A pair became ready at a further boundary."""
        for waiter in self._waiting:
            if pair.symbol in waiter.pending and pair.is_ready(waiter.boundary_ms):
                waiter.drop(pair.symbol)

    def give_up(self, symbol: str) -> None:
        """A pair is not streamed any more; nobody needs to wait for it."""
        for waiter in self._waiting:
            waiter.drop(symbol)
