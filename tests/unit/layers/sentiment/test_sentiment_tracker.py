"""What the tracker makes of answers: fear and greed, the regime, markets outside."""

import pytest

from domain.market_regime import Regime
from domain.sentiment import (
    FearGreed,
    LapsedRegime,
    MacroSeries,
    MacroState,
    SentimentSnapshot,
)
from layers.sentiment import SentimentParameters, SentimentTracker
from tests.unit.layers.sentiment.felt import (
    AT_MS,
    DAY,
    HOUR,
    MINUTE,
    QUARTER,
    answer,
    bitcoin,
    market_told,
    quote,
)

PARAMETERS = SentimentParameters()
MIDNIGHT = AT_MS // DAY * DAY


def new_tracker() -> SentimentTracker:
    return SentimentTracker(PARAMETERS)


def told_index(value: int, known_ms: int, published_ms: int = MIDNIGHT) -> SentimentTracker:
    tracker = new_tracker()
    index = FearGreed(value=value, published_ms=published_ms)
    tracker.observe(answer(known_ms, index))
    return tracker


def test_an_index_of_today_is_read_as_long_as_answers_confirm_it() -> None:
    tracker = told_index(22, AT_MS)
    assert tracker.reading("SOL", AT_MS - 1).fear_greed is None
    assert tracker.reading("SOL", AT_MS).fear_greed == FearGreed(value=22, published_ms=MIDNIGHT)
    assert tracker.reading("SOL", AT_MS + 12 * HOUR).fear_greed is not None
    assert tracker.reading("SOL", AT_MS + 12 * HOUR).answered_ms == AT_MS
    assert tracker.reading("SOL", AT_MS + 12 * HOUR + 1).fear_greed is None


def test_an_index_that_is_confirmed_still_ages_by_its_date() -> None:
    tracker = told_index(22, MIDNIGHT + 25 * HOUR)
    assert tracker.reading("SOL", MIDNIGHT + 26 * HOUR).fear_greed is not None
    assert tracker.reading("SOL", MIDNIGHT + 26 * HOUR + 1).fear_greed is None


def test_the_index_of_the_newest_date_counts_not_the_one_told_last() -> None:
    tracker = told_index(30, MIDNIGHT)
    tracker.observe(answer(MIDNIGHT + 1, FearGreed(value=70, published_ms=MIDNIGHT - DAY)))
    index = tracker.reading("SOL", MIDNIGHT + 1).fear_greed
    assert index is not None
    assert index.value == 30


def test_observations_that_make_no_sense_are_refused_and_told() -> None:
    tracker = told_index(101, AT_MS)
    tracker.observe(market_told(AT_MS, 120.0, 2e12))
    tracker.observe(answer(AT_MS, quote(AT_MS, 0.0), quote(AT_MS + HOUR, 5000.0)))
    tracker.observe(answer(AT_MS, FearGreed(value=50, published_ms=AT_MS + DAY)))
    assert tracker.refused == 5
    assert tracker.notes() == ["5 sentiment observations made no sense"]
    reading = tracker.reading("SOL", AT_MS)
    assert (reading.fear_greed, reading.regime, reading.macro) == (None, None, None)


def tell_market(
    tracker: SentimentTracker,
    *,
    hours: float = 6.0,
    btc: float = 0.0,
    cap: float = 0.0,
    dominance: float = 0.0,
    until_ms: int = AT_MS,
) -> None:
    """A market that has changed evenly: percent and points of four hours."""
    start = until_ms - round(hours * HOUR)
    parts = [(at, (at - start) / (4 * HOUR)) for at in range(start, until_ms + 1, QUARTER)]
    closes = [60_000.0 * (1.0 + btc / 100.0 * part) for _, part in parts]
    for at, part in parts:
        tracker.observe(market_told(at, 55.0 + dominance * part, 2e12 * (1 + cap / 100 * part)))
    tracker.observe_bitcoin(bitcoin(start, closes))


@pytest.mark.parametrize(
    ("btc", "cap", "dominance", "regime"),
    [
        (1.0, 1.0, -0.3, Regime.RISK_ON),
        (1.0, 1.0, 0.3, Regime.BTC_SEASON),
        (1.0, -1.0, 0.3, Regime.BTC_SEASON),
        (-1.0, -1.0, 0.3, Regime.RISK_OFF),
        (-1.0, -1.0, -0.3, Regime.RISK_OFF),
        (0.1, 0.1, 0.0, Regime.CHOPPY),
        (1.0, 1.0, 0.0, Regime.CHOPPY),
        (-1.0, 1.0, 0.0, Regime.CHOPPY),
    ],
)
def test_changes_of_four_hours_make_the_regime(
    btc: float, cap: float, dominance: float, regime: Regime
) -> None:
    tracker = new_tracker()
    tell_market(tracker, btc=btc, cap=cap, dominance=dominance)
    reading = tracker.reading("SOL", AT_MS).regime
    assert reading is not None
    assert reading.regime is regime
    assert reading.btc_change_percent == pytest.approx(btc, rel=0.02)
    assert reading.dominance_change_points == pytest.approx(dominance, abs=1e-9)


def test_a_regime_needs_an_hour_of_history_and_must_hold() -> None:
    tracker = new_tracker()
    tell_market(tracker, hours=1.25, btc=2.0, cap=2.0, dominance=-0.5)
    start = AT_MS - 75 * MINUTE
    assert tracker.reading("SOL", start + 60 * MINUTE).regime is None
    assert tracker.reading("SOL", start + 74 * MINUTE).regime is None
    reading = tracker.reading("SOL", AT_MS).regime
    assert reading is not None
    assert (reading.regime, reading.since_ms) == (Regime.RISK_ON, AT_MS)


def test_a_regime_stays_on_less_than_it_took_to_begin() -> None:
    tracker = new_tracker()
    tell_market(tracker, btc=1.0, cap=1.0, dominance=-0.3)
    for step in range(1, 9):
        at = AT_MS + step * QUARTER
        tracker.observe(market_told(at, 55.0 - 0.45, 2e12 * 1.015))
        tracker.observe_bitcoin(bitcoin(at, [60_000.0 * 1.015]))
    stayed = tracker.reading("SOL", AT_MS + 2 * HOUR).regime
    assert stayed is not None
    assert stayed.regime is Regime.RISK_ON
    assert stayed.btc_change_percent < PARAMETERS.regime_tracking.bitcoin_move


def test_a_regime_is_unknown_as_soon_as_its_facts_are_old() -> None:
    tracker = new_tracker()
    tell_market(tracker, btc=1.0, cap=1.0, dominance=-0.3)
    assert tracker.reading("SOL", AT_MS + 45 * MINUTE).regime is not None
    assert tracker.reading("SOL", AT_MS + 46 * MINUTE).regime is None


def test_no_regime_without_bitcoin() -> None:
    tracker = new_tracker()
    for at in range(AT_MS - 6 * HOUR, AT_MS + 1, QUARTER):
        tracker.observe(market_told(at, 55.0, 2e12))
    assert tracker.reading("SOL", AT_MS).regime is None
    assert tracker.snapshot(AT_MS).btc_dominance_percent == 55.0


def told_stocks(
    *percents: float, series: MacroSeries = MacroSeries.SP500, start_ms: int = AT_MS - HOUR
) -> SentimentTracker:
    """Quotes of every ten minutes, told at once when they are made."""
    tracker = new_tracker()
    for step, percent in enumerate(percents):
        at = start_ms + step * 10 * MINUTE
        tracker.observe(answer(at, quote(at, 5000.0 * (1 + percent / 100.0), series)))
    return tracker


@pytest.mark.parametrize(
    ("percent", "series", "state"),
    [
        (0.1, MacroSeries.SP500, MacroState.CALM),
        (0.5, MacroSeries.SP500, MacroState.POSITIVE),
        (-0.5, MacroSeries.SP500, MacroState.NEGATIVE),
        (-1.01, MacroSeries.SP500, MacroState.DANGER),
        (1.5, MacroSeries.SP500, MacroState.POSITIVE),
        (0.51, MacroSeries.DOLLAR, MacroState.DANGER),
        (-0.51, MacroSeries.DOLLAR, MacroState.POSITIVE),
        (2.5, MacroSeries.US10Y, MacroState.NEGATIVE),
    ],
)
def test_changes_of_an_hour_make_the_macro_state(
    percent: float, series: MacroSeries, state: MacroState
) -> None:
    tracker = told_stocks(*(percent * step / 6 for step in range(7)), series=series)
    reading = tracker.reading("SOL", AT_MS).macro
    assert reading is not None
    assert reading.state is state
    assert reading.changes == {series: pytest.approx(percent)}
    assert bool(reading.cause) is (state is MacroState.DANGER)


def test_a_danger_lasts_half_an_hour_longer_than_its_cause() -> None:
    tracker = told_stocks(0, 0, 0, -1.3, 0, 0, 0, 0, 0, 0, 0)
    fallen, over = AT_MS - 30 * MINUTE, AT_MS - 20 * MINUTE
    danger = tracker.reading("SOL", fallen).macro
    assert danger is not None
    assert danger.cause == "S&P 500 -1.3% in the last hour"
    assert danger.since_ms == fallen
    lasting = tracker.reading("SOL", over - MINUTE + 29 * MINUTE).macro
    assert lasting is not None
    assert lasting.state is MacroState.DANGER
    ended = tracker.reading("SOL", over - MINUTE + 30 * MINUTE).macro
    assert ended is not None
    assert (ended.state, ended.cause) == (MacroState.CALM, "")


def test_a_closed_market_is_missing_not_calm() -> None:
    tracker = told_stocks(*([0.0] * 7))
    assert tracker.reading("SOL", AT_MS + 2 * HOUR).macro is not None
    assert tracker.reading("SOL", AT_MS + 2 * HOUR + 1).macro is None


def test_quotes_of_the_day_say_nothing_about_the_hour() -> None:
    tracker = new_tracker()
    polls = range(AT_MS - DAY, AT_MS + 1, 4 * HOUR)
    for step, at in enumerate(polls):
        tracker.observe(answer(at, quote(at, 5000.0 * 0.97**step)))
    told = [tracker.reading("SOL", at).macro for at in range(AT_MS - 19 * MINUTE, AT_MS, MINUTE)]
    assert told == [None] * len(told)


def stored(**changes: object) -> SentimentSnapshot:
    kept: dict[str, object] = {
        "at_ms": AT_MS,
        "fear_greed": None,
        "btc_dominance_percent": None,
        "total_cap_usd": None,
        "regime": Regime.UNKNOWN,
        "regime_since_ms": 0,
        "macro": None,
        "macro_since_ms": None,
        "talk": {},
        "heard": (),
    }
    return SentimentSnapshot(**{**kept, **changes})  # type: ignore[arg-type]  # of any field


def test_a_danger_outlasts_a_restart() -> None:
    tracker = new_tracker()
    since = AT_MS - 5 * MINUTE
    tracker.restore([stored(macro=MacroState.DANGER, macro_since_ms=since)])
    lasting = tracker.reading("SOL", AT_MS + 29 * MINUTE).macro
    assert lasting is not None
    assert (lasting.state, lasting.since_ms) == (MacroState.DANGER, since)
    assert lasting.cause == "begun before a restart"
    assert tracker.reading("SOL", AT_MS + 30 * MINUTE).macro is None


def test_a_restart_goes_on_with_index_and_regime() -> None:
    before = told_index(22, AT_MS - 6 * HOUR)
    tell_market(before, btc=1.0, cap=1.0, dominance=-0.3)
    kept = [before.snapshot(AT_MS)]
    after = new_tracker()
    after.restore(kept)
    assert after.snapshot(AT_MS).regime is Regime.RISK_ON
    assert after.snapshot(AT_MS).regime_since_ms == kept[0].regime_since_ms
    assert after.reading("SOL", AT_MS).fear_greed == before.reading("SOL", AT_MS).fear_greed


def fallen_silent(state_btc: float = -1.0) -> SentimentTracker:
    """A market told until now and never again, of which bitcoin fell or rose."""
    tracker = new_tracker()
    tell_market(tracker, btc=state_btc, cap=state_btc, dominance=-0.3)
    return tracker


def test_a_regime_nobody_tells_any_more_is_remembered_for_a_day() -> None:
    tracker = fallen_silent()
    last = AT_MS + 45 * MINUTE
    assert tracker.reading("SOL", last).lapsed_regime is None
    lost = LapsedRegime(regime=Regime.RISK_OFF, since_ms=last + MINUTE)
    for later in range(last + MINUTE, last + DAY, 3 * HOUR):
        assert tracker.reading("SOL", later).lapsed_regime == lost
        assert tracker.reading("SOL", later).regime is None
    assert tracker.reading("SOL", last + MINUTE + DAY).lapsed_regime == lost
    assert tracker.reading("SOL", last + MINUTE + DAY + 1).lapsed_regime is None


@pytest.mark.parametrize("hours", [1, 5])
def test_a_regime_that_lapsed_outlasts_a_restart(hours: int) -> None:
    before, after = fallen_silent(), new_tracker()
    lost_ms = AT_MS + 46 * MINUTE
    after.restore([before.snapshot(at) for at in (AT_MS, AT_MS + hours * HOUR)])
    told = after.reading("SOL", AT_MS + 6 * HOUR).lapsed_regime
    assert told == LapsedRegime(regime=Regime.RISK_OFF, since_ms=lost_ms)


def test_a_regime_that_was_known_before_a_stop_of_hours_lapses_then() -> None:
    after = new_tracker()
    after.restore([stored(regime=Regime.RISK_OFF, regime_since_ms=AT_MS - HOUR)])
    told = after.reading("SOL", AT_MS + 6 * HOUR).lapsed_regime
    assert told == LapsedRegime(regime=Regime.RISK_OFF, since_ms=AT_MS + MINUTE)


def test_a_regime_that_lapsed_stays_until_another_has_held() -> None:
    tracker = fallen_silent()
    again = AT_MS + 12 * HOUR
    tell_market(tracker, hours=2.0, until_ms=again)
    begun = again - HOUR
    assert tracker.reading("SOL", begun + 14 * MINUTE).lapsed_regime is not None
    reading = tracker.reading("SOL", begun + 15 * MINUTE)
    assert reading.lapsed_regime is None
    assert reading.regime is not None
    assert reading.regime.regime is Regime.CHOPPY
