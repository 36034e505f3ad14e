"""The scanner's score and watchlist, for any market."""

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from domain.watchlist import WatchChangeKind, WatchedPair
from engine.opportunity import (
    Opportunity,
    ScannerParameters,
    opportunity_score,
    update_watchlist,
)
from tests.fakes.clock import AFTERNOON
from tests.fakes.market import make_ticker

PARAMETERS = ScannerParameters()
SMALL = replace(PARAMETERS, maximum_pairs=4)
SYMBOLS = ("AUSDT", "BUSDT", "CUSDT", "DUSDT", "EUSDT", "FUSDT", "GUSDT")

volumes = st.floats(0, 1e10)
spreads = st.floats(0, 5)
atrs = st.floats(0, 20)
changes = st.floats(-99, 500)


def score(volume: float, spread: float, atr_percent: float, change: float) -> float:
    ticker = make_ticker(volume=volume, spread_percent=spread, change=change)
    return opportunity_score(ticker, atr_percent, PARAMETERS)


@given(volume=volumes, spread=spreads, atr=atrs, change=changes)
def test_score_lies_between_nothing_and_a_hundred(
    volume: float, spread: float, atr: float, change: float
) -> None:
    assert 0 <= score(volume, spread, atr, change) <= 100 + 1e-9
    assert score(volume, spread, atr, change) == score(volume, spread, atr, -change)


@given(worse=st.tuples(volumes, spreads, atrs, changes), better=st.tuples(volumes, spreads, atrs))
def test_more_volume_range_and_change_and_less_spread_never_lower_the_score(
    worse: tuple[float, float, float, float], better: tuple[float, float, float]
) -> None:
    volume, spread, atr, change = worse
    improved = (
        max(volume, better[0]),
        min(spread, better[1]),
        max(atr, better[2]),
        change * 1.5,
    )
    for position in range(4):
        one_better = list(worse)
        one_better[position] = improved[position]
        assert score(*one_better) >= score(*worse) - 1e-9


found = st.dictionaries(
    st.sampled_from(SYMBOLS), st.floats(0, 100) | st.just("no ticker"), max_size=len(SYMBOLS)
)


@given(scans=st.lists(found, max_size=12))
def test_changes_account_for_every_difference_and_seats_suffice(
    scans: list[dict[str, float | str]],
) -> None:
    watched: list[WatchedPair] = []
    for scan in scans:
        before = {pair.symbol for pair in watched}
        watched, made = update_watchlist(watched, _opportunities(scan), AFTERNOON, SMALL)
        after = {pair.symbol for pair in watched}
        joined = {change.symbol for change in made if change.kind is WatchChangeKind.JOIN}
        left = {change.symbol for change in made if change.kind is WatchChangeKind.LEAVE}
        assert len(watched) == len(after) <= SMALL.maximum_pairs
        assert (after - before, before - after) == (joined, left)
        assert len(made) == len(joined) + len(left)
        assert all(change.reason for change in made)
        assert [pair.score for pair in watched] == sorted(
            (pair.score for pair in watched), reverse=True
        )
        assert all(pair.failed_scans < SMALL.failed_scans_to_leave for pair in watched)


@given(scan=found)
def test_second_scan_with_the_same_findings_changes_nothing_but_failures(
    scan: dict[str, float | str],
) -> None:
    scored = {symbol: value for symbol, value in scan.items() if not isinstance(value, str)}
    watched, _ = update_watchlist([], _opportunities(scored), AFTERNOON, SMALL)
    assert update_watchlist(watched, _opportunities(scored), AFTERNOON, SMALL) == (watched, [])


def _opportunities(scan: Mapping[str, float | str]) -> dict[str, Opportunity]:
    return {
        symbol: Opportunity(
            symbol=symbol, score=None if isinstance(value, str) else value, reason="told"
        )
        for symbol, value in scan.items()
    }
