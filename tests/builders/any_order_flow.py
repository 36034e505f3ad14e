"""Hypothesis strategies for order-flow readings, whole and with parts missing."""

from datetime import timedelta

from hypothesis import strategies as st

from domain.derivatives import (
    DerivativesReading,
    Funding,
    OpenInterestMeaning,
    OpenInterestReading,
    Positioning,
)
from domain.directions import Direction
from domain.order_book import BookReading, BookSide, BrokenWall, Wall
from domain.order_flow import OrderFlow
from domain.tape import LargeTrades, TapeReading
from tests.builders.order_flow import (
    AT_MS,
    PRICE,
    WINDOW_SECONDS,
    make_book,
    make_broken_wall,
    make_cluster,
    make_derivatives,
    make_funding,
    make_large,
    make_open_interest,
    make_positioning,
    make_tape,
    make_wall,
    make_window,
)


def books() -> st.SearchStrategy[BookReading]:
    """Any whole book around `PRICE`."""
    return st.builds(
        make_book,
        _signed(),
        exchange_ms=st.integers(AT_MS - 5000, AT_MS),
        watched_seconds=st.floats(0.0, 1e6),
        steady_imbalance=_signed(),
        imbalance_velocity=st.none() | _signed(),
        micro_price=st.floats(PRICE - 0.05, PRICE + 0.05),
        spread_ratio=st.none() | st.floats(0.1, 10.0),
        depth_ratio=st.none() | st.floats(0.0, 3.0),
        is_thin=st.booleans(),
        walls=st.lists(_walls(), max_size=4).map(tuple),
        broken_walls=st.lists(_broken_walls(), max_size=2).map(tuple),
        spoofing=st.just(0.0) | _shares(),
        flow_imbalance=st.none() | st.floats(-20.0, 20.0),
        last_flow_imbalance=st.floats(-1e4, 1e4),
    )


@st.composite
def tapes(draw: st.DrawFn) -> TapeReading:
    """Any tape, young, silent and busy ones among them; longer windows hold the shorter."""
    windows, buys, sells = [], 0.0, 0.0
    volumes = st.just(0.0) | st.floats(1e-3, 1e4)
    for seconds in WINDOW_SECONDS:
        buys, sells = buys + draw(volumes), sells + draw(volumes)
        windows.append(make_window(seconds, buys / (buys + sells or 1.0), buys + sells))
    silent = not buys + sells
    return make_tape(
        last_trade_ms=None if silent else draw(st.integers(AT_MS - 900_000, AT_MS)),
        last_price=None if silent else PRICE,
        covered_seconds=draw(st.floats(0.0, 1000.0) | st.just(86_400.0)),
        windows=tuple(windows),
        divergence=draw(_signed()),
        velocity_ratio=None if silent else draw(st.floats(0.0, 30.0)),
        volume_spike_ratio=None if silent else draw(st.floats(0.0, 30.0)),
        streak=draw(st.integers(-50, 50)),
        large=draw(_large()),
        very_large=draw(_large()),
        big=draw(_large()),
        vpin=draw(st.none() | _shares()),
        exhaustion=draw(_signed()),
    )


def derivatives() -> st.SearchStrategy[DerivativesReading]:
    """Any knowledge of open positions, also in part."""
    return st.builds(
        make_derivatives,
        open_interest=st.none() | _interests(),
        funding=st.none() | _fundings(),
        positioning=st.none() | _positionings(),
        clusters=st.lists(
            st.builds(make_cluster, st.sampled_from(Direction), st.floats(0.0, 20.0)), max_size=3
        ).map(tuple),
        proximity=_signed(),
        longs_liquidated=st.just(0.0) | st.floats(0.0, 1e8),
        shorts_liquidated=st.just(0.0) | st.floats(0.0, 1e8),
    )


def order_flows() -> st.SearchStrategy[OrderFlow]:
    """Any order flow, with any of its readings missing."""
    return st.builds(
        OrderFlow,
        book=st.none() | books(),
        tape=st.none() | tapes(),
        derivatives=st.none() | derivatives(),
    )


def _signed() -> st.SearchStrategy[float]:
    return st.floats(-1.0, 1.0)


def _shares() -> st.SearchStrategy[float]:
    return st.floats(0.0, 1.0)


def _walls() -> st.SearchStrategy[Wall]:
    return st.builds(
        make_wall,
        st.sampled_from(BookSide),
        st.floats(0.0, 5.0),
        size_ratio=st.floats(5.0, 100.0),
        age_seconds=st.floats(0.0, 1e4),
        absorbed_share=_shares(),
    )


def _broken_walls() -> st.SearchStrategy[BrokenWall]:
    return st.builds(make_broken_wall, st.sampled_from(BookSide), st.floats(0.0, 300.0))


def _large() -> st.SearchStrategy[LargeTrades]:
    return st.builds(make_large, st.integers(0, 50), st.integers(0, 50), st.floats(1.0, 1e6))


def _fundings() -> st.SearchStrategy[Funding]:
    waits = st.timedeltas(min_value=timedelta(0), max_value=timedelta(hours=8))
    return st.builds(make_funding, st.floats(-0.02, 0.02), waits)


@st.composite
def _interests(draw: st.DrawFn) -> OpenInterestReading:
    """Open interest whose meaning fits its changes."""
    change, price_change = draw(st.floats(-10.0, 10.0)), draw(st.floats(-10.0, 10.0))
    meanings = (
        (OpenInterestMeaning.NEW_LONGS, OpenInterestMeaning.NEW_SHORTS)
        if change > 0.0
        else (OpenInterestMeaning.SHORT_COVERING, OpenInterestMeaning.LONG_LIQUIDATION)
    )
    fitting = meanings[0] if price_change > 0.0 else meanings[1]
    quiet = OpenInterestMeaning.QUIET
    meaning = quiet if not change or not price_change else draw(st.sampled_from((fitting, quiet)))
    return make_open_interest(change, price_change, meaning)


def _positionings() -> st.SearchStrategy[Positioning]:
    maybe = st.none() | _shares()
    return st.builds(make_positioning, maybe, maybe, maybe)
