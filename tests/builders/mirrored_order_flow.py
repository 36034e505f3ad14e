"""The mirror of an order flow: bids and asks, buys and sells, longs and shorts change places."""

from dataclasses import replace

from domain.derivatives import (
    DerivativesReading,
    OpenInterestMeaning,
    OpenInterestReading,
    Positioning,
)
from domain.order_book import BookReading, BookSide, Imbalance
from domain.order_flow import OrderFlow
from domain.tape import LargeTrades, TapeReading, TapeWindow
from tests.builders.order_flow import PRICE


def mirrored(flow: OrderFlow) -> OrderFlow:
    """The same market reflected around `PRICE`: bids and asks, buys and sells change places."""
    return replace(
        flow,
        book=None if flow.book is None else mirrored_book(flow.book),
        tape=None if flow.tape is None else mirrored_tape(flow.tape),
        derivatives=(None if flow.derivatives is None else mirrored_derivatives(flow.derivatives)),
    )


def mirrored_book(book: BookReading) -> BookReading:
    return replace(
        book,
        bids=tuple((_reflected(price), quantity) for price, quantity in book.asks),
        asks=tuple((_reflected(price), quantity) for price, quantity in book.bids),
        imbalances=tuple(
            Imbalance(each.levels, -each.by_size, -each.by_value) for each in book.imbalances
        ),
        steady_imbalance=-book.steady_imbalance,
        imbalance_velocity=_negated(book.imbalance_velocity),
        micro_price=_reflected(book.micro_price),
        walls=tuple(
            replace(wall, side=_other(wall.side), price=_reflected(wall.price))
            for wall in book.walls
        ),
        broken_walls=tuple(
            replace(wall, side=_other(wall.side), price=_reflected(wall.price))
            for wall in book.broken_walls
        ),
        flow_imbalance=_negated(book.flow_imbalance),
        last_flow_imbalance=-book.last_flow_imbalance,
    )


def mirrored_tape(tape: TapeReading) -> TapeReading:
    return replace(
        tape,
        last_price=None if tape.last_price is None else _reflected(tape.last_price),
        windows=tuple(_mirrored_window(window) for window in tape.windows),
        cvd_4h=-tape.cvd_4h,
        cvd_day=-tape.cvd_day,
        cvd_slope=-tape.cvd_slope,
        divergence=-tape.divergence,
        streak=-tape.streak,
        large=_mirrored_large(tape.large),
        very_large=_mirrored_large(tape.very_large),
        big=_mirrored_large(tape.big),
        exhaustion=-tape.exhaustion,
    )


def mirrored_derivatives(reading: DerivativesReading) -> DerivativesReading:
    interest, funding, positions = reading.open_interest, reading.funding, reading.positioning
    return replace(
        reading,
        open_interest=None if interest is None else _mirrored_interest(interest),
        funding=None if funding is None else replace(funding, rate=-funding.rate),
        positioning=None if positions is None else _mirrored_positioning(positions),
        clusters=tuple(
            replace(
                cluster,
                liquidated=cluster.liquidated.opposite,
                price=_reflected(cluster.price),
            )
            for cluster in reading.clusters
        ),
        proximity=-reading.proximity,
        longs_liquidated=reading.shorts_liquidated,
        shorts_liquidated=reading.longs_liquidated,
    )


def _reflected(price: float) -> float:
    return 2.0 * PRICE - price


def _negated(value: float | None) -> float | None:
    return None if value is None else -value


def _other(side: BookSide) -> BookSide:
    return BookSide.ASK if side is BookSide.BID else BookSide.BID


def _mirrored_window(window: TapeWindow) -> TapeWindow:
    return replace(
        window,
        buy_volume=window.sell_volume,
        sell_volume=window.buy_volume,
        buy_notional=window.sell_notional,
        sell_notional=window.buy_notional,
    )


def _mirrored_large(large: LargeTrades) -> LargeTrades:
    return LargeTrades(
        buys=large.sells,
        sells=large.buys,
        buy_notional=large.sell_notional,
        sell_notional=large.buy_notional,
    )


_MIRRORED_MEANINGS = {
    OpenInterestMeaning.NEW_LONGS: OpenInterestMeaning.NEW_SHORTS,
    OpenInterestMeaning.NEW_SHORTS: OpenInterestMeaning.NEW_LONGS,
    OpenInterestMeaning.SHORT_COVERING: OpenInterestMeaning.LONG_LIQUIDATION,
    OpenInterestMeaning.LONG_LIQUIDATION: OpenInterestMeaning.SHORT_COVERING,
    OpenInterestMeaning.QUIET: OpenInterestMeaning.QUIET,
}


def _mirrored_interest(interest: OpenInterestReading) -> OpenInterestReading:
    return replace(
        interest,
        price_change_percent=-interest.price_change_percent,
        meaning=_MIRRORED_MEANINGS[interest.meaning],
    )


def _mirrored_positioning(positions: Positioning) -> Positioning:
    return replace(
        positions,
        crowd_long_share=_rest(positions.crowd_long_share),
        top_accounts_long_share=_rest(positions.top_accounts_long_share),
        top_positions_long_share=_rest(positions.top_positions_long_share),
    )


def _rest(share: float | None) -> float | None:
    return None if share is None else 1.0 - share
