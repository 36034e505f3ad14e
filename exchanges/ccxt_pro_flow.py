"""Order-flow streams of any venue through ccxt.pro.

Dearer and slower than an ingest of our own: books and trades are told up to a tenth of a second
late, of the books in that time only the last one, and trades carry numbers of ours.
"""

import asyncio
from collections.abc import Collection
from contextlib import suppress
from enum import Enum
from typing import Any, Final

import structlog

from domain.errors import ConfigurationError, QuorumError
from engine.ports.clock import Clock
from engine.ports.order_flow import FlowListener
from exchanges.back_off import BackOff, Jitter
from exchanges.ccxt_errors import translated
from exchanges.ccxt_flow_caches import FlowCaches
from exchanges.ccxt_watched_pairs import WatchedPairs
from exchanges.flow_stream import FlowHealth, FlowStream
from exchanges.rejected_rows import RejectedRows
from exchanges.weight import WeightBudget

_LOOK_SECONDS: Final = 0.1
"""Wall seconds between two looks into ccxt's caches."""

_RENEWAL_SECONDS: Final = 1.0
"""A watch that hears nothing for so long is called anew, with the pairs wanted by then."""

_BAD: Final = ("frame", "trade", "liquidation", "book")

log = structlog.get_logger()


class _Kind(Enum):
    """A kind of events: ccxt's name of the ability, and the method that has it."""

    BOOKS = ("watchOrderBookForSymbols", "watch_order_book_for_symbols")
    TRADES = ("watchTradesForSymbols", "watch_trades_for_symbols")
    LIQUIDATIONS = ("watchLiquidationsForSymbols", "watch_liquidations_for_symbols")


class CcxtProFlowStream(FlowStream):
    """`client` comes from `open_client(..., streaming=True)`; `run` closes it when it ends.

    The `watch_*` calls only keep subscriptions alive and show faults; what arrives is read from
    ccxt's caches. A pair that is not wanted any more goes on arriving, unheard, until the next
    reconnect.
    """

    def __init__(
        self,
        client: Any,
        clock: Clock,
        budget: WeightBudget,
        rejected: RejectedRows,
        jitter: Jitter,
    ) -> None:
        self._kinds = _kinds_of(client)
        self._client = client
        self._budget = budget
        self._jitter = jitter
        self._pairs = WatchedPairs(client, budget)
        self._rejected = rejected
        self._caches = FlowCaches(client, clock, rejected)
        self._sockets: set[Any] = set()
        self._lost_sockets = 0
        self._reconnects = 0

    async def run(self, listener: FlowListener) -> None:
        """Stream to the listener until cancelled, through every fault of the network."""
        try:
            async with asyncio.TaskGroup() as tasks:
                for kind in self._kinds:
                    tasks.create_task(self._keep_watching(kind))
                tasks.create_task(self._keep_looking(listener))
        finally:
            await self._client.close()

    def set_symbols(self, symbols: Collection[str]) -> None:
        """Make these the streamed pairs; takes effect soon, without touching the others.

        Raises `ConfigurationError` for more than ccxt can watch.
        """
        self._pairs.want(symbols)

    def health(self) -> FlowHealth:
        """How it stands. Of books that give way to newer ones ccxt does not tell; those that
        `rejected` counts for other clients that share it count as bad here too."""
        return FlowHealth(
            open_connections=len(self._sockets),
            reconnects=self._reconnects,
            bad_frames=sum(self._rejected.counts[kind] for kind in _BAD),
            dropped_books=0,
            books=self._caches.books,
            trades=self._caches.trades,
            liquidations=self._caches.liquidations,
        )

    async def _keep_watching(self, kind: _Kind) -> None:
        back_off = BackOff(self._jitter)
        while True:
            await self._pairs.until_any()
            try:
                await self._watch(kind)
                back_off.reset()
                await asyncio.sleep(_LOOK_SECONDS)
            except QuorumError as error:
                log.warning("watch_failed", kind=kind.name.lower(), reason=str(error))
                await asyncio.sleep(back_off.next_seconds())

    async def _watch(self, kind: _Kind) -> None:
        """Be subscribed to the wanted pairs; returns when something came, or after a while."""
        names = await self._pairs.names()
        if not names:
            return
        _, method = kind.value
        with translated(f"watch {kind.name.lower()}", self._budget), suppress(TimeoutError):
            async with asyncio.timeout(_RENEWAL_SECONDS):
                await getattr(self._client, method)(sorted(names))

    async def _keep_looking(self, listener: FlowListener) -> None:
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            self._look_at_sockets(listener)
            self._caches.hand_over(self._pairs.known_names(), listener)

    def _look_at_sockets(self, listener: FlowListener) -> None:
        """Tell a gap when sockets have come in place of lost ones.

        ccxt dials anew within the next call, and only a call that happens to wait at the moment of
        the loss ever hears of it.
        """
        now_open = {one for one in self._client.clients.values() if one.isConnected}
        lost, fresh = len(self._sockets - now_open), len(now_open - self._sockets)
        self._sockets = now_open
        self._lost_sockets += lost
        returned = min(fresh, self._lost_sockets)
        if returned:
            self._lost_sockets -= returned
            self._reconnects += returned
            listener.on_gap(self._pairs.symbols)


def _kinds_of(client: Any) -> list[_Kind]:
    kinds = [kind for kind in _Kind if client.has.get(kind.value[0]) is True]
    missing = [kind for kind in _Kind if kind not in kinds]
    if {_Kind.BOOKS, _Kind.TRADES} <= set(missing):
        raise ConfigurationError(
            f"EXCHANGE {client.id} can stream neither books nor trades of many pairs through ccxt; "
            "use binanceusdm, bybit or okx"
        )
    if missing:
        told = [kind.name.lower() for kind in missing]
        log.warning("flow_kinds_not_streamed", exchange=client.id, missing=told)
    return kinds
