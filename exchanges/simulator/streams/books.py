"""Book streams: top-N snapshots, changes with an unbroken chain of ids, best bid and ask."""

from collections.abc import Iterator, Sequence

from exchanges.simulator.floor import TradingFloor
from exchanges.simulator.market.book import Book, Levels, changes
from exchanges.simulator.market.oddities import coin_margined, universe
from exchanges.simulator.market.pairs import Pair
from exchanges.simulator.streams.frames import Cadence, Frame, Slice
from exchanges.simulator.streams.names import Stream, StreamKind


class BookPublisher:
    """Publishes the books of each instant at which they change, also those a late slice missed."""

    kinds = (StreamKind.PARTIAL_BOOK, StreamKind.BOOK_CHANGES)

    def __init__(self, floor: TradingFloor) -> None:
        self._floor = floor
        self._last: dict[str, Book] = {}

    def frames(self, span: Slice, streams: Sequence[Stream]) -> Iterator[Frame]:
        """One frame per stream and change of its book."""
        for stream in streams:
            pair = self._floor.find(stream.symbol)
            if pair is None:
                continue
            period_ms = round(stream.period_seconds * 1000)
            times = self._floor.book_times(span.from_ms, span.to_ms, period_ms)
            for at_ms in times:
                yield self._frame(stream, pair, at_ms, at_ms - times.step)

    def _frame(self, stream: Stream, pair: Pair, at_ms: int, previous_ms: int) -> Frame:
        if stream.kind is StreamKind.PARTIAL_BOOK:
            book = self._floor.book_at(pair, at_ms, stream.interval)
            return _depth_frame(stream, pair, (at_ms, previous_ms), book.bids, book.asks)
        levels = self._floor.settings.book_levels
        before = self._last.get(stream.name)
        if before is None or before.update_id != previous_ms:
            before = self._floor.book_at(pair, previous_ms, levels)
        book = self._floor.book_at(pair, at_ms, levels)
        self._last[stream.name] = book
        bids, asks = changes(before.bids, book.bids), changes(before.asks, book.asks)
        return _depth_frame(stream, pair, (at_ms, previous_ms), bids, asks)


class BestPricePublisher:
    """Publishes best bid and ask of single symbols, or of all."""

    kinds = (StreamKind.BEST, StreamKind.ALL_BEST)

    def __init__(self, floor: TradingFloor) -> None:
        self._floor = floor
        self._cadence = Cadence()

    def frames(self, span: Slice, streams: Sequence[Stream]) -> Iterator[Frame]:
        """The newest best prices of each stream whose turn it is."""
        for stream in streams:
            if not self._cadence.is_due(stream.name, stream.period_seconds, span.wall):
                continue
            if stream.kind is StreamKind.ALL_BEST:
                pairs = self._floor.listed()
                for pair in pairs:
                    yield _best_frame(self._floor, stream, pair, span.to_ms)
                yield _best_frame(self._floor, stream, coin_margined(pairs[0]), span.to_ms)
                continue
            found = self._floor.find(stream.symbol)
            if found is not None:
                yield _best_frame(self._floor, stream, found, span.to_ms)


def _best_frame(floor: TradingFloor, stream: Stream, pair: Pair, at_ms: int) -> Frame:
    book = floor.book_at(pair, at_ms, levels=1)
    price, quantity = pair.contract.prices.text, pair.contract.quantities.text
    (bid, bid_quantity), (ask, ask_quantity) = *book.bids.items(), *book.asks.items()
    body = (
        f'{{"e":"bookTicker","u":{book.update_id},"E":{at_ms},"T":{at_ms},"s":"{pair.symbol}",'
        f'"b":"{price(bid)}","B":"{quantity(bid_quantity)}",'
        f'"a":"{price(ask)}","A":"{quantity(ask_quantity)}",'
        f'"st":{universe(pair)},"ps":"{pair.contract.root}"}}'
    )
    return Frame(stream.name, at_ms, body.encode())


def _depth_frame(
    stream: Stream, pair: Pair, ids: tuple[int, int], bids: Levels, asks: Levels
) -> Frame:
    at_ms, previous = ids
    body = (
        f'{{"e":"depthUpdate","E":{at_ms},"T":{at_ms},"s":"{pair.symbol}",'
        f'"ps":"{pair.contract.root}","st":1,"U":{previous + 1},"u":{at_ms},"pu":{previous},'
        f'"b":[{_levels(pair, bids)}],"a":[{_levels(pair, asks)}]}}'
    )
    return Frame(stream.name, at_ms, body.encode())


def _levels(pair: Pair, levels: Levels) -> str:
    price, quantity = pair.contract.prices.text, pair.contract.quantities.text
    return ",".join(f'["{price(ticks)}","{quantity(steps)}"]' for ticks, steps in levels.items())
