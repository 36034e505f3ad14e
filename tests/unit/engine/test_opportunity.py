"""Filter, score and hysteresis of the scanner, by hand."""

from dataclasses import replace

import pytest

from domain.watchlist import WatchChange, WatchChangeKind, WatchedPair
from engine.opportunity import (
    Opportunity,
    ScannerParameters,
    find_filter_failure,
    opportunity_score,
    update_watchlist,
)
from tests.fakes.clock import AFTERNOON
from tests.fakes.market import make_ticker

PARAMETERS = ScannerParameters()
SMALL = replace(PARAMETERS, maximum_pairs=2)
UNKNOWN = float("nan")


class Scans:
    """A watchlist and the scans that change it."""

    def __init__(self, parameters: ScannerParameters = PARAMETERS, **scores: float) -> None:
        self.parameters = parameters
        self.pairs = [WatchedPair(symbol=symbol, score=score) for symbol, score in scores.items()]

    def scan(self, **scores: float | str) -> list[WatchChange]:
        """Scores by pair, or in words why there is none."""
        opportunities = {
            symbol: Opportunity(symbol=symbol, score=None, reason=found)
            if isinstance(found, str)
            else Opportunity(symbol=symbol, score=found, reason="volume 5.0 M USDT")
            for symbol, found in scores.items()
        }
        self.pairs, changes = update_watchlist(
            self.pairs, opportunities, AFTERNOON, self.parameters
        )
        assert all(change.at == AFTERNOON for change in changes)
        return changes

    @property
    def symbols(self) -> list[str]:
        return [pair.symbol for pair in self.pairs]


def told(changes: list[WatchChange]) -> list[tuple[str, str, str]]:
    return [(change.symbol, change.kind, change.reason) for change in changes]


def test_good_ticker_passes_the_filter() -> None:
    assert find_filter_failure(make_ticker(), PARAMETERS) is None


@pytest.mark.parametrize(
    ("volume", "spread", "change", "failure"),
    [
        (500_000.0, 0.02, 2.0, "24 h volume 500,000 USDT is too low"),
        (500_001.0, 0.02, 2.0, None),
        (5e6, 0.1001, 2.0, "spread 0.100 % is too wide"),
        (5e6, 0.0999, 2.0, None),
        (5e6, 0.02, 0.5, "24 h change +0.50 % is too small"),
        (5e6, 0.02, -0.5, "24 h change -0.50 % is too small"),
        (5e6, 0.02, 0.51, None),
        (5e6, 0.02, -0.51, None),
        (UNKNOWN, 0.02, 2.0, "24 h volume nan USDT is too low"),
        (5e6, UNKNOWN, 2.0, "no usable bid and ask"),
        (5e6, 0.02, UNKNOWN, "24 h change +nan % is too small"),
        (5e6, -0.01, 2.0, "no usable bid and ask"),
        (5e6, 100.0, 2.0, "no usable bid and ask"),
    ],
)
def test_each_bound_of_the_filter(
    volume: float, spread: float, change: float, failure: str | None
) -> None:
    ticker = make_ticker(volume=volume, spread_percent=spread, change=change)
    assert find_filter_failure(ticker, PARAMETERS) == failure


def test_spread_at_the_very_bound_is_too_wide() -> None:
    ticker = replace(make_ticker(), bid=127.0, ask=128.0)
    at_bound = replace(PARAMETERS, maximum_spread_percent=ticker.spread_percent)
    assert find_filter_failure(ticker, at_bound) == "spread 0.781 % is too wide"


@pytest.mark.parametrize(
    ("volume", "spread", "atr_percent", "change", "score"),
    [
        (2.5e6, 0.02, 0.5, 1.5, 17.5 + 20.0 + 12.5 + 7.5),
        (2.5e6, 0.02, 0.5, -1.5, 17.5 + 20.0 + 12.5 + 7.5),
        (5e6, 0.0, 1.0, 3.0, 100.0),
        (5e9, 0.0, 9.0, 300.0, 100.0),
        (0.0, 0.10, 0.0, 0.0, 0.0),
        (0.0, 0.50, 0.0, 0.0, 0.0),
        (1e6, 0.05, 0.2, 0.6, 7.0 + 12.5 + 5.0 + 3.0),
    ],
)
def test_score_is_the_weighted_sum_of_four_capped_shares(
    volume: float, spread: float, atr_percent: float, change: float, score: float
) -> None:
    ticker = make_ticker(volume=volume, spread_percent=spread, change=change)
    assert opportunity_score(ticker, atr_percent, PARAMETERS) == pytest.approx(score, abs=1e-9)


@pytest.mark.parametrize(("score", "joins"), [(49.9, False), (50.0, True)])
def test_pair_joins_from_fifty_on(score: float, joins: bool) -> None:
    scans = Scans()
    changes = scans.scan(BTCUSDT=score)
    assert scans.symbols == (["BTCUSDT"] if joins else [])
    assert [change.kind for change in changes] == [WatchChangeKind.JOIN] * joins


def test_join_is_told_with_its_score_and_what_it_stands_on() -> None:
    assert told(Scans().scan(BTCUSDT=62.5)) == [
        ("BTCUSDT", "join", "score 62.5: volume 5.0 M USDT")
    ]


@pytest.mark.parametrize(("score", "stays"), [(49.9, True), (45.0, True), (44.99, False)])
def test_member_stays_down_to_forty_five(score: float, stays: bool) -> None:
    scans = Scans(BTCUSDT=60.0)
    changes = scans.scan(BTCUSDT=score)
    assert bool(scans.pairs) is stays
    assert bool(changes) is not stays


def test_leave_is_told_with_the_score_that_was_too_low() -> None:
    changes = Scans(BTCUSDT=60.0).scan(BTCUSDT=44.6)
    assert told(changes) == [("BTCUSDT", "leave", "score 44.6 fell below 45")]
    assert changes[0].score == 44.6


def test_pair_that_left_needs_fifty_again() -> None:
    scans = Scans(BTCUSDT=60.0)
    scans.scan(BTCUSDT=44.0)
    assert scans.scan(BTCUSDT=49.0) == []
    assert [change.kind for change in scans.scan(BTCUSDT=50.0)] == [WatchChangeKind.JOIN]


def test_member_leaves_after_three_failed_scans_in_a_row() -> None:
    scans = Scans(BTCUSDT=60.0)
    assert scans.scan(BTCUSDT="spread 0.120 % is too wide") == []
    assert scans.scan(BTCUSDT="spread 0.130 % is too wide") == []
    assert scans.pairs == [WatchedPair(symbol="BTCUSDT", score=60.0, failed_scans=2)]
    assert told(scans.scan(BTCUSDT="no ticker")) == [
        ("BTCUSDT", "leave", "failed 3 scans in a row: no ticker")
    ]
    assert scans.pairs == []


def test_one_good_scan_forgives_the_failed_ones() -> None:
    scans = Scans(BTCUSDT=60.0)
    for _ in range(3):
        assert scans.scan(BTCUSDT="no ticker") == []
        assert scans.scan(BTCUSDT="no ticker") == []
        assert scans.scan(BTCUSDT=47.0) == []
    assert scans.pairs == [WatchedPair(symbol="BTCUSDT", score=47.0)]


def test_pair_that_vanished_leaves_like_one_that_fails() -> None:
    scans = Scans(BTCUSDT=60.0)
    assert scans.scan() == scans.scan() == []
    assert told(scans.scan()) == [("BTCUSDT", "leave", "failed 3 scans in a row: no longer traded")]


def test_best_score_stands_first_and_ties_are_in_order_of_names() -> None:
    scans = Scans()
    scans.scan(SOLUSDT=70.0, BTCUSDT=60.0, ETHUSDT=70.0)
    assert scans.symbols == ["ETHUSDT", "SOLUSDT", "BTCUSDT"]


def test_full_list_takes_the_best_newcomers_only() -> None:
    scans = Scans(SMALL)
    changes = scans.scan(AUSDT=60.0, BUSDT=80.0, CUSDT=70.0)
    assert scans.symbols == ["BUSDT", "CUSDT"]
    assert [change.symbol for change in changes] == ["BUSDT", "CUSDT"]


@pytest.mark.parametrize(("score", "comes"), [(64.9, False), (65.0, True)])
def test_newcomer_takes_a_seat_only_by_a_margin(score: float, comes: bool) -> None:
    scans = Scans(SMALL, AUSDT=80.0, BUSDT=60.0)
    changes = scans.scan(AUSDT=80.0, BUSDT=60.0, CUSDT=score)
    assert scans.symbols == (["AUSDT", "CUSDT"] if comes else ["AUSDT", "BUSDT"])
    if comes:
        assert told(changes) == [
            ("BUSDT", "leave", "displaced by CUSDT with score 65.0"),
            ("CUSDT", "join", "score 65.0: volume 5.0 M USDT"),
        ]
        assert changes[0].score == 60.0


def test_two_pairs_of_like_score_do_not_swap_seats_at_every_scan() -> None:
    scans = Scans(replace(SMALL, maximum_pairs=1), AUSDT=60.0)
    for difference in (4.0, -4.0, 4.9, -4.9):
        assert scans.scan(AUSDT=60.0, BUSDT=60.0 + difference) == []


def test_seat_that_falls_free_is_taken_in_the_same_scan() -> None:
    scans = Scans(SMALL, AUSDT=80.0, BUSDT=60.0)
    changes = scans.scan(AUSDT=80.0, BUSDT=40.0, CUSDT=50.0)
    assert [(change.symbol, change.kind.value) for change in changes] == [
        ("BUSDT", "leave"),
        ("CUSDT", "join"),
    ]


def test_failing_member_is_displaced_before_its_three_scans_are_over() -> None:
    scans = Scans(SMALL, AUSDT=80.0, BUSDT=60.0)
    changes = scans.scan(AUSDT=80.0, BUSDT="no ticker", CUSDT=70.0)
    assert scans.symbols == ["AUSDT", "CUSDT"]
    assert changes[0].score is None


def test_list_longer_than_allowed_sheds_its_weakest() -> None:
    scans = Scans(SMALL, AUSDT=80.0, BUSDT=60.0, CUSDT=70.0, DUSDT=50.0)
    changes = scans.scan(AUSDT=80.0, BUSDT=60.0, CUSDT=70.0, DUSDT=50.0)
    assert scans.symbols == ["AUSDT", "CUSDT"]
    assert told(changes) == [
        ("BUSDT", "leave", "no seat left: 2 pairs are watched at most"),
        ("DUSDT", "leave", "no seat left: 2 pairs are watched at most"),
    ]
