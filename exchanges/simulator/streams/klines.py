"""kline streams: every final candle exactly once and in order, forming ones at a bounded rate."""

from collections.abc import Iterator, Sequence

from exchanges.simulator.floor import TradingFloor
from exchanges.simulator.market.bars import MINUTE_MS
from exchanges.simulator.market.klines import Kline, closed_klines, forming_kline
from exchanges.simulator.market.pairs import Pair
from exchanges.simulator.streams.frames import Cadence, Frame, Slice
from exchanges.simulator.streams.names import Stream, StreamKind


class KlinePublisher:
    """Publishes candles `final_delay_ms` behind the market, so that none runs ahead of a final."""

    kinds = (StreamKind.KLINE,)

    def __init__(self, floor: TradingFloor) -> None:
        self._floor = floor
        self._cadence = Cadence()

    def frames(self, span: Slice, streams: Sequence[Stream]) -> Iterator[Frame]:
        """Finals of every boundary passed, then the candles now forming."""
        delay = self._floor.settings.final_delay_ms
        first = (span.from_ms - delay) // MINUTE_MS + 1
        last = (span.to_ms - delay) // MINUTE_MS
        ordered = sorted(streams, key=lambda stream: stream.interval)
        for boundary in range(first, last + 1):
            yield from self._finals(boundary, boundary * MINUTE_MS + delay, ordered)
        yield from self._forming(span, span.to_ms - delay, ordered)

    def _finals(self, boundary: int, at_ms: int, streams: list[Stream]) -> Iterator[Frame]:
        for stream in streams:
            if boundary % stream.interval:
                continue
            pair = self._floor.find(stream.symbol)
            if pair is not None:
                number = boundary // stream.interval - 1
                for kline in closed_klines(pair, stream.interval, number, number):
                    yield _frame(stream, pair, kline, at_ms, closed=True)

    def _forming(self, span: Slice, as_of_ms: int, streams: list[Stream]) -> Iterator[Frame]:
        period = self._floor.settings.forming_seconds
        for stream in streams:
            pair = self._floor.find(stream.symbol)
            if pair is None or not self._cadence.is_due(stream.name, period, span.wall):
                continue
            kline = forming_kline(self._floor.tape, pair, stream.interval, as_of_ms)
            if kline is not None and kline.trades:
                yield _frame(stream, pair, kline, span.to_ms, closed=False)


def _frame(stream: Stream, pair: Pair, kline: Kline, at_ms: int, *, closed: bool) -> Frame:
    price, quantity = pair.contract.prices.text, pair.contract.quantities.text
    body = (
        f'{{"e":"kline","E":{at_ms},"s":"{pair.symbol}","k":{{"t":{kline.open_ms},'
        f'"T":{kline.close_ms},"s":"{pair.symbol}","i":"{stream.name.rpartition("_")[2]}",'
        f'"f":{kline.first_trade},"L":{kline.last_trade},"o":"{price(kline.open)}",'
        f'"c":"{price(kline.close)}","h":"{price(kline.high)}","l":"{price(kline.low)}",'
        f'"v":"{quantity(kline.volume)}","n":{kline.trades},"x":{"true" if closed else "false"},'
        f'"q":"{kline.quote_volume:.5f}","V":"{quantity(kline.taker_buy)}",'
        f'"Q":"{kline.taker_buy_quote:.5f}","B":"0"}}}}'
    )
    return Frame(stream.name, at_ms, body.encode())
