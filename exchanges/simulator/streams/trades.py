"""aggTrade and trade streams: the tape, trade by trade."""

from collections.abc import Iterator, Sequence

from exchanges.simulator.floor import TradingFloor
from exchanges.simulator.market.pairs import Pair
from exchanges.simulator.market.trades import AggregateTrade
from exchanges.simulator.streams.frames import Frame, Slice
from exchanges.simulator.streams.names import Stream, StreamKind


class TradePublisher:
    """Publishes every trade of the tape once, in order."""

    kinds = (StreamKind.AGGREGATE_TRADE, StreamKind.TRADE)

    def __init__(self, floor: TradingFloor) -> None:
        self._floor = floor

    def frames(self, span: Slice, streams: Sequence[Stream]) -> Iterator[Frame]:
        """The trades of the slice, symbol by symbol."""
        for stream in streams:
            pair = self._floor.find(stream.symbol)
            if pair is None:
                continue
            event = _aggregate if stream.kind is StreamKind.AGGREGATE_TRADE else _single
            for trade in self._floor.tape.between(pair, span.from_ms, span.to_ms):
                yield Frame(stream.name, trade.at_ms, event(trade, pair).encode())


def _aggregate(trade: AggregateTrade, pair: Pair) -> str:
    quantity = pair.contract.quantities.text(trade.quantity)
    return (
        f'{{"e":"aggTrade","E":{trade.at_ms},"a":{trade.id},"s":"{pair.symbol}",'
        f'"p":"{pair.contract.prices.text(trade.price)}","q":"{quantity}","nq":"{quantity}",'
        f'"f":{trade.first_trade},"l":{trade.last_trade},"T":{trade.at_ms},'
        f'"m":{"true" if trade.buyer_is_maker else "false"},"st":1}}'
    )


def _single(trade: AggregateTrade, pair: Pair) -> str:
    return (
        f'{{"e":"trade","E":{trade.at_ms},"T":{trade.at_ms},"s":"{pair.symbol}",'
        f'"t":{trade.id},"p":"{pair.contract.prices.text(trade.price)}",'
        f'"q":"{pair.contract.quantities.text(trade.quantity)}","X":"MARKET",'
        f'"m":{"true" if trade.buyer_is_maker else "false"},"st":1}}'
    )
