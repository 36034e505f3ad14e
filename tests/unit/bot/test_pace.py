"""The limits hold in every window, and pauses are kept."""

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery_parameters import DeliveryParameters
from bot.pace import Pace, is_group
from domain.messages import CHANNEL

LIMITS = DeliveryParameters()


def send_times(recipients: list[str], pace: Pace) -> list[float]:
    """When each of many messages that wait from the start may leave."""
    now, times = 0.0, []
    for recipient in recipients:
        now += pace.delay(recipient, now)
        pace.take(recipient, now)
        times.append(now)
    return times


def most_within(times: list[float], seconds: float) -> int:
    return max(sum(start <= at < start + seconds for at in times) for start in times)


def test_private_chat_gets_a_burst_then_one_a_second() -> None:
    times = send_times(["4711"] * 6, Pace(LIMITS))
    assert times[2] < 0.2
    assert times[5] - times[2] > 2.8


def test_channel_never_gets_more_than_twenty_in_any_minute() -> None:
    times = send_times([CHANNEL] * 80, Pace(LIMITS))
    assert most_within(times, 60.0) == 20
    assert times[19] < 20


def test_all_chats_together_never_get_more_than_thirty_a_second() -> None:
    times = send_times([str(user) for user in range(100)], Pace(LIMITS))
    assert most_within(times, 0.999) <= 30


@given(st.lists(st.floats(0, 5), max_size=60))
def test_burst_never_exceeds_three_a_chat_whatever_the_arrivals(gaps: list[float]) -> None:
    pace, now, times = Pace(LIMITS), 0.0, []
    for gap in gaps:
        now += gap
        now += pace.delay("4711", now)
        pace.take("4711", now)
        times.append(now)
    assert not times or most_within(times, 0.999) <= 3


def test_pause_of_one_chat_leaves_the_others_alone() -> None:
    pace = Pace(LIMITS)
    pace.pause(CHANNEL, until=30.0)
    assert pace.delay(CHANNEL, 0.0) == 30.0
    assert pace.delay("4711", 0.0) == 0.0
    assert pace.delay(CHANNEL, 30.0) == 0.0


def test_channel_and_negative_ids_are_groups() -> None:
    assert is_group(CHANNEL)
    assert is_group("-1001234")
    assert not is_group("4711")


def test_back_off_doubles_up_to_its_longest() -> None:
    assert [LIMITS.back_off(n) for n in (1, 2, 3, 6, 5000)] == [1, 2, 4, 30, 30]
