"""Markets that a subscriber would read about, by what happens in them."""

from datetime import timedelta

from domain.derivatives import OpenInterestMeaning
from domain.directions import Direction
from domain.order_book import BookSide
from domain.order_flow import OrderFlow
from tests.builders.mirrored_order_flow import mirrored
from tests.builders.order_flow import (
    AT_MS,
    WINDOW_SECONDS,
    make_book,
    make_broken_wall,
    make_cluster,
    make_derivatives,
    make_flow,
    make_funding,
    make_large,
    make_open_interest,
    make_positioning,
    make_tape,
    make_wall,
    make_window,
)

BUYING = make_flow(
    book=make_book(0.31, walls=(make_wall(BookSide.BID, 0.12),)),
    tape=make_tape(0.68, large=make_large(12, 3), very_large=make_large(2)),
    derivatives=make_derivatives(
        funding=make_funding(0.00004),
        open_interest=make_open_interest(1.2, 0.4, OpenInterestMeaning.NEW_LONGS),
    ),
)

CROWDED_LONGS = make_flow(
    derivatives=make_derivatives(
        funding=make_funding(0.00051, timedelta(hours=1, minutes=20)),
        open_interest=make_open_interest(-0.8, -0.5, OpenInterestMeaning.LONG_LIQUIDATION),
        positioning=make_positioning(0.84, 0.41, 0.35),
    ),
)

EVERYTHING = make_flow(
    book=make_book(
        0.2,
        walls=(make_wall(BookSide.BID, 0.3), make_wall(BookSide.ASK, 0.5, absorbed_share=0.4)),
        broken_walls=(make_broken_wall(BookSide.ASK, 20.0),),
        depth_ratio=0.3,
        is_thin=True,
        spoofing=0.3,
    ),
    tape=make_tape(
        0.64,
        divergence=0.3,
        exhaustion=-0.7,
        velocity_ratio=2.5,
        large=make_large(4, 9),
        very_large=make_large(1),
        big=make_large(2, 2),
    ),
    derivatives=make_derivatives(
        funding=make_funding(-0.0004, timedelta(minutes=45)),
        open_interest=make_open_interest(0.6, -0.4, OpenInterestMeaning.NEW_SHORTS),
        positioning=make_positioning(0.75, 0.65, None),
        clusters=(make_cluster(Direction.LONG, 0.4), make_cluster(Direction.SHORT, 2.0)),
        proximity=-0.6,
        longs_liquidated=2_100_000.0,
        shorts_liquidated=90_000.0,
    ),
)

SCENES: dict[str, OrderFlow] = {
    "nothing special": make_flow(),
    "buyers in a rising market": BUYING,
    "sellers in a falling market": mirrored(BUYING),
    "longs crowded, paying soon": CROWDED_LONGS,
    "shorts crowded, paying soon": mirrored(CROWDED_LONGS),
    "everything at once": EVERYTHING,
    "everything at once, mirrored": mirrored(EVERYTHING),
    "ask wall eaten and broken": make_flow(
        book=make_book(0.1, broken_walls=(make_broken_wall(BookSide.ASK, 6.0),)),
        tape=make_tape(0.61),
    ),
    "buying without price progress": make_flow(tape=make_tape(0.78, exhaustion=-0.9)),
    "selling that the price does not follow": make_flow(tape=make_tape(0.35, divergence=-0.8)),
    "shorts driven out": make_flow(
        derivatives=make_derivatives(
            open_interest=make_open_interest(-0.9, 1.1, OpenInterestMeaning.SHORT_COVERING),
            shorts_liquidated=3_200_000.0,
        )
    ),
    "liquidations near": make_flow(
        derivatives=make_derivatives(clusters=(make_cluster(Direction.SHORT, 0.3),), proximity=0.9)
    ),
    "one-sided thin book": make_flow(book=make_book(0.96, depth_ratio=0.2, is_thin=True)),
    "spoofed book": make_flow(book=make_book(0.5, spoofing=0.8), tape=make_tape(0.7)),
    "book just back": make_flow(book=make_book(0.5, watched_seconds=20.0), tape=make_tape(0.7)),
    "book crossed": make_flow(book=None, book_problem="bid 100.2 is not below ask 100.1"),
    "tape just begun": make_flow(tape=make_tape(0.7, covered_seconds=40.0)),
    "tape covered in part": make_flow(tape=make_tape(0.7, covered_seconds=150.0)),
    "nothing trades": make_flow(
        tape=make_tape(
            windows=tuple(make_window(seconds, volume=0.0) for seconds in WINDOW_SECONDS),
            last_trade_ms=AT_MS - 2_000_000,
            velocity_ratio=None,
            volume_spike_ratio=None,
        )
    ),
    "trades alone": OrderFlow(tape=make_tape(0.66, large=make_large(5, 0))),
    "derivatives alone": OrderFlow(derivatives=make_derivatives(open_interest=None)),
    "nothing known": OrderFlow(),
}
