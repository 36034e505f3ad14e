"""What the market does to an account between two instants, in the order in which it happens."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from exchanges.matching.account import Shown, TradingAccount
from exchanges.simulator.floor import TradingFloor
from exchanges.simulator.market.book import Levels
from exchanges.simulator.market.derivatives import FUNDING_MS, funding_rate, mark_at
from exchanges.simulator.market.pairs import Pair
from exchanges.simulator.market.trades import AggregateTrade

_BOOK_PERIOD_MS = 100


class Happening(NamedTuple):
    """Something at an instant that an account is shown."""

    at_ms: int
    show: Callable[[TradingAccount], None]


def happenings(
    floor: TradingFloor, pairs: Iterable[Pair], after_ms: int, until_ms: int
) -> Iterator[Happening]:
    """Trades, books, marks and funding of pairs after one instant, up to and with another."""
    each = (_of_pair(floor, pair, after_ms, until_ms) for pair in pairs)
    return heapq.merge(*each, key=lambda happening: happening.at_ms)


def standing(floor: TradingFloor, pair: Pair, at_ms: int) -> Iterator[Happening]:
    """Book and mark of a pair as they stand at an instant."""
    yield _book(floor, pair, at_ms)
    yield _mark(pair, at_ms)


def _of_pair(floor: TradingFloor, pair: Pair, after_ms: int, until_ms: int) -> Iterator[Happening]:
    """Trades up to each change of the book, then funding when it is due, the book, and the mark."""
    books = set(floor.book_times(after_ms, until_ms, _BOOK_PERIOD_MS))
    books |= {move.at_ms for move in pair.moves if after_ms < move.at_ms <= until_ms}
    payments = range((after_ms // FUNDING_MS + 1) * FUNDING_MS, until_ms + 1, FUNDING_MS)
    begin_ms = after_ms
    for at_ms in sorted({*books, *payments, until_ms}):
        for trade in floor.tape.between(pair, begin_ms, at_ms):
            yield _trade(pair, trade)
        if at_ms in payments:
            yield _funding(pair, at_ms)
        if at_ms in books:
            yield from standing(floor, pair, at_ms)
        else:
            yield _mark(pair, at_ms)
        begin_ms = at_ms


def _trade(pair: Pair, trade: AggregateTrade) -> Happening:
    price = trade.price * pair.contract.tick
    quantity = trade.quantity * pair.contract.step
    is_buy = not trade.buyer_is_maker
    return Happening(
        trade.at_ms,
        lambda account: account.on_trade(pair.symbol, price, quantity, is_buy, trade.at_ms),
    )


def _mark(pair: Pair, at_ms: int) -> Happening:
    mark = mark_price(pair, at_ms)
    return Happening(at_ms, lambda account: account.on_mark(pair.symbol, mark, at_ms))


def _funding(pair: Pair, at_ms: int) -> Happening:
    rate, mark = Decimal(f"{funding_rate(pair, at_ms):.8f}"), mark_price(pair, at_ms)
    return Happening(at_ms, lambda account: account.on_funding(pair.symbol, rate, mark, at_ms))


def _book(floor: TradingFloor, pair: Pair, at_ms: int) -> Happening:
    book = floor.book_at(pair, at_ms, floor.settings.book_levels)
    bids, asks = shown(pair, book.bids), shown(pair, book.asks)
    return Happening(at_ms, lambda account: account.on_book(pair.symbol, bids, asks, at_ms))


def mark_price(pair: Pair, at_ms: int) -> Decimal:
    """The mark price as the venue prints it."""
    return Decimal(f"{mark_at(pair, at_ms).price:.8f}")


def shown(pair: Pair, levels: Levels) -> Shown:
    """One side of a book in quote currency and base units."""
    tick, step = pair.contract.tick, pair.contract.step
    return [(price * tick, quantity * step) for price, quantity in levels.items()]
