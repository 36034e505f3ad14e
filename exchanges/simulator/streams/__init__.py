"""Streams of the simulated venue: names, connections, subscriptions, and what is published."""

from exchanges.simulator.floor import TradingFloor
from exchanges.simulator.streams.books import BestPricePublisher, BookPublisher
from exchanges.simulator.streams.klines import KlinePublisher
from exchanges.simulator.streams.liquidations import LiquidationPublisher
from exchanges.simulator.streams.marks import MarkPublisher
from exchanges.simulator.streams.publishers import Publisher
from exchanges.simulator.streams.tickers import TickerPublisher
from exchanges.simulator.streams.trades import TradePublisher


def all_publishers(floor: TradingFloor) -> list[Publisher]:
    """Every publisher, in the order of sending; a new kind of stream joins here.

    Trades and books come before the candle that they belong to.
    """
    return [
        TradePublisher(floor),
        BookPublisher(floor),
        BestPricePublisher(floor),
        MarkPublisher(floor),
        LiquidationPublisher(floor),
        TickerPublisher(floor),
        KlinePublisher(floor),
    ]
