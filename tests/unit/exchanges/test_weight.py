"""WeightBudget: the share of a minute, and the silence after a refusal."""

import asyncio

import pytest

from domain.errors import RateLimitedError
from domain.timeframes import to_ms
from exchanges.weight import DEFAULT_PAUSE_SECONDS, WeightBudget
from tests.unit.exchanges.fakes import ManualClock, WallClock


async def test_requests_pass_until_the_share_of_the_minute_is_used() -> None:
    clock = ManualClock()
    clock.advance(20)
    budget = WeightBudget(clock, weight_per_minute=100, share=0.5)

    for _ in range(5):
        await budget.spend(10)
    assert clock.slept == []
    await budget.spend(10)

    assert clock.slept == [40.0]
    assert budget.used == 10


async def test_the_venues_own_count_is_believed_when_it_is_higher() -> None:
    clock = ManualClock()
    budget = WeightBudget(clock, weight_per_minute=100, share=0.5)

    budget.observe(200, {"x-mbx-USED-weight-1m": "45"}, "")
    budget.observe(200, {"X-MBX-USED-WEIGHT-1M": "12"}, "")
    await budget.spend(10)

    assert clock.slept == [60.0]


async def test_a_request_above_the_whole_share_passes_alone() -> None:
    clock = ManualClock()
    budget = WeightBudget(clock, weight_per_minute=100, share=0.5)

    await budget.spend(80)
    await budget.spend(1)

    assert clock.slept == [60.0]


async def test_a_venue_that_counts_otherwise_sets_no_pace() -> None:
    clock = ManualClock()
    budget = WeightBudget(clock, weight_per_minute=None)

    for _ in range(100):
        await budget.spend(1000)

    assert clock.slept == []


async def test_a_429_silences_everybody_until_retry_after() -> None:
    clock = WallClock()
    budget = WeightBudget(clock)

    budget.observe(429, {"Retry-After": "1"}, '{"code":-1003}')
    assert 0.9 < budget.silent_seconds <= 1.0
    begun = clock.monotonic()
    await asyncio.gather(budget.spend(1), budget.spend(1))

    assert clock.monotonic() - begun >= 0.9
    assert budget.refusals == 1


async def test_a_418_silences_until_the_ban_ends() -> None:
    clock = ManualClock()
    budget = WeightBudget(clock)
    until = to_ms(clock.now()) + 120_000

    budget.observe(418, {}, f"Way too many requests; IP(1.2.3.4) banned until {until}.")
    await budget.spend(1)

    assert clock.slept == [120.0]


@pytest.mark.parametrize("status", [429, 403])
def test_a_refusal_that_names_no_time_means_a_minute(status: int) -> None:
    budget = WeightBudget(ManualClock())

    budget.observe(status, {}, "")

    assert budget.silent_seconds == DEFAULT_PAUSE_SECONDS


async def test_a_silence_beyond_ones_patience_is_an_error_at_once() -> None:
    clock = ManualClock()
    budget = WeightBudget(clock)
    budget.observe(418, {}, f"banned until {to_ms(clock.now()) + 120_000}")

    with pytest.raises(RateLimitedError) as refused:
        await budget.spend(1, patience_seconds=2.0)

    assert refused.value.retry_after_seconds == 120.0
    assert clock.slept == []


async def test_a_silence_within_ones_patience_is_waited_out() -> None:
    clock = ManualClock()
    budget = WeightBudget(clock)
    budget.observe(418, {}, f"banned until {to_ms(clock.now()) + 1_500}")

    await budget.spend(1, patience_seconds=2.0)

    assert clock.slept == [1.5]


async def test_a_late_answer_tells_nothing_of_the_minute_it_comes_in() -> None:
    clock = ManualClock()
    clock.advance(59.9)
    budget = WeightBudget(clock, weight_per_minute=100)
    await budget.spend(1)
    clock.advance(0.2)

    budget.observe(200, {"x-mbx-used-weight-1m": "95"}, "")

    assert budget.used == 0


@pytest.mark.parametrize("header", ["", "-3", "soon"])
async def test_an_odd_weight_header_is_ignored(header: str) -> None:
    budget = WeightBudget(ManualClock(), weight_per_minute=100)

    budget.observe(200, {"X-MBX-USED-WEIGHT-1M": header}, "")

    assert budget.used == 0


async def test_what_weighs_nothing_waits_for_silence_alone() -> None:
    clock = ManualClock()
    budget = WeightBudget(clock, weight_per_minute=100, share=0.5)
    budget.observe(200, {"x-mbx-used-weight-1m": "90"}, "")

    await budget.spend(0)
    assert clock.slept == []
    budget.observe(418, {}, f"banned until {to_ms(clock.now()) + 5_000}")
    await budget.spend(0)

    assert clock.slept == [5.0]


async def test_the_free_share_is_what_is_left_of_what_is_allowed() -> None:
    clock = ManualClock()
    budget = WeightBudget(clock, weight_per_minute=100, share=0.5)

    assert budget.free_share == 1.0
    await budget.spend(20)
    assert budget.free_share == 0.6
    budget.observe(200, {"x-mbx-used-weight-1m": "90"}, "")
    assert budget.free_share == 0.0
    clock.advance(60)
    assert budget.free_share == 1.0


def test_in_a_silence_nothing_is_free() -> None:
    clock = ManualClock()
    budget = WeightBudget(clock, weight_per_minute=None)

    assert budget.free_share == 1.0
    budget.observe(429, {"Retry-After": "9"}, "")
    assert budget.free_share == 0.0
    clock.advance(9)
    assert budget.free_share == 1.0
