"""BackOff: doubling, bounded, moved by jitter, started over by success."""

from exchanges.back_off import BackOff


def test_pauses_double_up_to_the_longest() -> None:
    back_off = BackOff(lambda: 0.5)

    pauses = [back_off.next_seconds() for _ in range(7)]

    assert pauses == [1, 2, 4, 8, 16, 30, 30]


def test_jitter_moves_a_pause_by_a_quarter_at_most() -> None:
    low, high = BackOff(lambda: 0.0), BackOff(lambda: 1.0)

    assert (low.next_seconds(), high.next_seconds()) == (0.75, 1.25)


def test_success_starts_over() -> None:
    back_off = BackOff(lambda: 0.5, first=2.0)
    back_off.next_seconds()
    back_off.next_seconds()

    back_off.reset()

    assert back_off.next_seconds() == 2.0
