"""What is known of the market, and the snapshots taken of it."""

from datetime import datetime, timedelta

import pytest

from domain.derivatives import Funding
from domain.errors import StaleDataError
from domain.timeframes import Timeframe, to_ms
from domain.watchlist import WatchedPair
from engine.market_state import MarketState
from tests.builders.market import make_candles, make_instrument
from tests.fakes.clock import AFTERNOON, HandClock
from tests.fakes.market import HandFeed, make_market_state, make_ticker

BTC, ETH = "BTCUSDT", "ETHUSDT"
FUNDING = Funding(rate=0.0001, next_at=AFTERNOON + timedelta(hours=2))


def streamed(*symbols: str) -> HandFeed:
    later = AFTERNOON + timedelta(hours=1)
    market = {Timeframe.M15: make_candles(later)}
    return HandFeed(
        clock=HandClock(),
        markets=dict.fromkeys(symbols, market),
        delays=dict.fromkeys(symbols, 0.0),
    )


def knowing(*symbols: str, funding_told: datetime = AFTERNOON) -> MarketState:
    state = make_market_state()
    state.observe(
        instruments={symbol: make_instrument(symbol.removesuffix("USDT")) for symbol in symbols},
        tickers={symbol: make_ticker(symbol) for symbol in symbols},
    )
    state.watch([WatchedPair(symbol=symbol, score=60.0) for symbol in symbols])
    state.observe_funding(dict.fromkeys(symbols, FUNDING), to_ms(funding_told))
    return state


def test_snapshot_holds_what_was_closed_at_the_boundary_and_what_was_observed() -> None:
    snapshot = knowing(BTC).snapshot(BTC, AFTERNOON, streamed(BTC))
    assert (snapshot.instrument, snapshot.as_of) == (make_instrument("BTC"), AFTERNOON)
    assert snapshot.candles[Timeframe.M15].closed_at == AFTERNOON
    assert snapshot.spread_percent == pytest.approx(0.02)
    assert snapshot.funding == FUNDING


def test_what_is_not_known_of_a_pair_stays_unknown() -> None:
    state = make_market_state()
    state.observe(instruments={BTC: make_instrument("BTC")}, tickers={})
    snapshot = state.snapshot(BTC, AFTERNOON, streamed(BTC))
    assert (snapshot.spread_percent, snapshot.funding) == (None, None)


def test_pair_that_is_not_listed_has_no_snapshot() -> None:
    with pytest.raises(StaleDataError, match="not tradable any more"):
        knowing(BTC).snapshot(ETH, AFTERNOON, streamed(BTC, ETH))


def test_snapshots_tell_which_pairs_are_missing_and_why() -> None:
    found, missing = knowing(BTC, ETH).snapshots([BTC, ETH], AFTERNOON, streamed(BTC))
    assert [snapshot.instrument.symbol for snapshot in found] == [BTC]
    assert list(missing) == [ETH]
    assert "not ready" in missing[ETH]


def test_snapshot_is_not_changed_by_what_is_observed_later() -> None:
    state, feed = knowing(BTC), streamed(BTC)
    before = state.snapshot(BTC, AFTERNOON, feed)
    state.observe(
        instruments={BTC: make_instrument("BTC", tick="0.5")},
        tickers={BTC: make_ticker(BTC, spread_percent=0.09)},
    )
    dearer = Funding(rate=0.0004, next_at=FUNDING.next_at)
    state.observe_funding({BTC: dearer}, to_ms(AFTERNOON) + 1)
    assert before.spread_percent == pytest.approx(0.02)
    assert before.funding == FUNDING
    assert state.snapshot(BTC, AFTERNOON, feed).funding == FUNDING


def test_funding_that_is_too_old_is_unknown_to_the_costs_too() -> None:
    for minutes, known in ((5, FUNDING), (6, None)):
        state = knowing(BTC, funding_told=AFTERNOON - timedelta(minutes=minutes))
        assert state.snapshot(BTC, AFTERNOON, streamed(BTC)).funding == known


def test_pair_that_joins_knows_the_funding_that_was_told_before() -> None:
    state = knowing(BTC)
    state.watch([])
    assert state.snapshot(BTC, AFTERNOON, streamed(BTC)).funding is None
    state.watch([WatchedPair(symbol=BTC, score=60.0)])
    assert state.snapshot(BTC, AFTERNOON, streamed(BTC)).funding == FUNDING


def test_coins_of_the_watched_pairs_go_by_their_one_name() -> None:
    state = knowing(BTC, "1000PEPEUSDT", "WBTCUSDT")
    assert state.assets() == {"BTC", "PEPE"}
    state.watch([WatchedPair(symbol="1000PEPEUSDT", score=60.0)])
    assert state.assets() == {"PEPE"}


def test_pair_that_is_not_listed_any_more_has_no_coin() -> None:
    state = knowing(BTC)
    state.watch([WatchedPair(symbol=BTC, score=60.0), WatchedPair(symbol=ETH, score=60.0)])
    assert state.assets() == {"BTC"}


def test_price_of_a_coin_is_that_of_one_though_pairs_trade_a_thousand() -> None:
    state = make_market_state()
    state.observe(
        instruments={
            "1000PEPEUSDT": make_instrument("1000PEPE"),
            BTC: make_instrument("BTC"),
            ETH: make_instrument("ETH"),
        },
        tickers={
            "1000PEPEUSDT": make_ticker("1000PEPEUSDT", last=0.0125),
            BTC: make_ticker(BTC, last=64_000.0),
        },
    )
    assert state.price_of("PEPE") == pytest.approx(0.0000125)
    assert state.price_of("BTC") == 64_000.0
    assert state.price_of("ETH") is None
    assert state.price_of("SOL") is None
