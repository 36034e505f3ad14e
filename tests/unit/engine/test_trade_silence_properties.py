"""A silence is the same to whoever asks later."""

from hypothesis import given
from hypothesis import strategies as st

from engine.trade_silence import TradeSilence

LONGEST_MS = 100
times = st.lists(st.integers(1_000, 2_500), min_size=1, max_size=40)


def told(trades: list[int]) -> TradeSilence:
    silence = TradeSilence(LONGEST_MS)
    for at_ms in trades:
        silence.note_trade(at_ms)
    return silence


@given(trades=times, at_ms=st.integers(1_000, 2_500))
def test_an_instant_is_silent_when_nothing_traded_just_before_it(
    trades: list[int], at_ms: int
) -> None:
    known = [trade for trade in trades if trade <= at_ms]
    is_silent = not known or at_ms - max(known) > LONGEST_MS
    assert told(sorted(trades)).is_silent(at_ms) is is_silent


@given(trades=times, at_ms=st.integers(1_000, 2_500))
def test_what_comes_later_changes_nothing(trades: list[int], at_ms: int) -> None:
    in_time = sorted(trade for trade in trades if trade <= at_ms)
    assert told(sorted(trades)).is_silent(at_ms) is told(in_time).is_silent(at_ms)


def test_without_any_trade_all_is_silent() -> None:
    assert TradeSilence(LONGEST_MS).is_silent(1_000)
