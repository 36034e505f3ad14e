"""What is known beyond the exchange: coins by their one name, and nothing known too late."""

from datetime import timedelta

import pytest

from domain.feeds import FeedAnswer, Observation
from domain.memory import Origin
from domain.sentiment import FearGreed, GlobalMarket
from domain.timeframes import to_ms
from domain.transfers import Transfer, TransferKind
from engine.outside import OutsideState
from tests.builders.market import make_candles, make_instrument
from tests.builders.outside import make_outcome, make_sentiment_snapshot, make_transfer
from tests.fakes.clock import AFTERNOON
from tests.fakes.market import make_outside_state

NOW_MS = to_ms(AFTERNOON)
MINUTE = timedelta(minutes=1)
MINUTE_MS = 60_000


def told(*observations: Observation, at_ms: int = NOW_MS, watched: str = "") -> FeedAnswer:
    return FeedAnswer(
        provider="whale_alert",
        answered_ms=at_ms,
        observations=observations,
        watched=frozenset(watched.split()),
    )


def moved(asset: str, name: str = "tx1") -> Transfer:
    return make_transfer(name, asset=asset, happened_ms=NOW_MS)


def withdrawals(state: OutsideState, base: str) -> int | None:
    """Large ones of a pair's coin, None where nobody watches it."""
    whales = state.onchain(make_instrument(base), AFTERNOON).whales
    return None if whales is None else whales.withdrawals


def test_only_transfers_that_were_not_known_are_handed_on() -> None:
    state = make_outside_state()
    first, second = moved("BTC", "a"), moved("BTC", "b")
    fear = FearGreed(value=22, published_ms=NOW_MS)
    assert state.observe(told(first, fear)) == [first]
    assert state.observe(told(first, second)) == [second]


@pytest.mark.parametrize(
    ("base", "asset"), [("BTC", "BTC"), ("1000PEPE", "PEPE"), ("WBTC", "BTC"), ("1MBONK", "BONK")]
)
def test_a_pair_is_told_of_its_coin_by_whatever_ticker(base: str, asset: str) -> None:
    state = make_outside_state()
    state.observe(told(moved(asset), watched=asset))
    assert withdrawals(state, base) == 1


def test_coin_that_is_watched_and_does_not_move_is_known_and_others_are_not() -> None:
    state = make_outside_state()
    state.observe(told(watched="BTC"))
    assert withdrawals(state, "BTC") == 0
    assert withdrawals(state, "SOL") is None


def test_readings_use_nothing_that_was_known_later() -> None:
    state = make_outside_state()
    fear = FearGreed(value=22, published_ms=NOW_MS)
    state.observe(told(moved("BTC"), fear, at_ms=NOW_MS + 1, watched="BTC"))
    bitcoin = make_instrument("BTC")
    assert state.onchain(bitcoin, AFTERNOON).whales is None
    assert state.sentiment(bitcoin, AFTERNOON).fear_greed is None
    later = AFTERNOON + MINUTE
    assert state.onchain(bitcoin, later).whales is not None
    assert state.sentiment(bitcoin, later).fear_greed == fear


def test_memory_is_one_object_for_all_pairs_of_a_close() -> None:
    state = make_outside_state()
    state.remember([make_outcome(decided_ms=0, known_ms=1)])
    assert state.memory(AFTERNOON) is state.memory(AFTERNOON)
    assert state.memory(AFTERNOON + MINUTE).at_ms == NOW_MS + MINUTE_MS


def test_outcome_is_remembered_once_and_not_before_it_was_known() -> None:
    state = make_outside_state()
    outcome = make_outcome(decided_ms=0, known_ms=NOW_MS + 1)
    assert not state.memory(AFTERNOON + MINUTE).counts
    state.remember([outcome])
    state.remember([outcome])
    counts = state.memory(AFTERNOON + MINUTE).counts.values()
    assert {count[Origin.LIVE].trades for count in counts} == {1}
    assert not state.memory(AFTERNOON).counts


def test_whole_market_is_snapped_with_bitcoins_trend_in_view() -> None:
    state = make_outside_state()
    state.observe_bitcoin(make_candles(AFTERNOON, drift=0.0004))
    for minutes in range(300, -1, -5):
        at_ms = NOW_MS - minutes * MINUTE_MS
        market = GlobalMarket(
            btc_dominance_percent=57.0,
            total_cap_usd=4e12 * (1 - minutes / 10_000),
            cap_change_day_percent=None,
            published_ms=at_ms,
        )
        state.observe(told(market, at_ms=at_ms))
    reading = state.sentiment(make_instrument("SOL"), AFTERNOON).regime
    assert reading is not None
    snapshot = state.sentiment_snapshot(AFTERNOON)
    assert (snapshot.at_ms, snapshot.regime) == (NOW_MS, reading.regime)
    assert snapshot.total_cap_usd == 4e12


def test_restored_facts_are_known_again() -> None:
    state = make_outside_state()
    state.restore([(moved("BTC"), NOW_MS)], [make_sentiment_snapshot(NOW_MS, fear_greed=31)])
    assert withdrawals(state, "BTC") == 1
    assert state.sentiment_snapshot(AFTERNOON).fear_greed == 31
    assert state.observe(told(moved("BTC"))) == []


def test_notes_tell_what_was_left_out_of_both() -> None:
    state = make_outside_state()
    tomorrow = NOW_MS + 86_400_000
    late = make_transfer(happened_ms=tomorrow, kind=TransferKind.DEPOSIT)
    state.observe(told(late, FearGreed(value=400, published_ms=NOW_MS)))
    assert state.notes() == [
        "1 transfer left out: dated in the future",
        "1 sentiment observation made no sense",
    ]
