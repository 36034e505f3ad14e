"""RequestPool: never more than the share in any span, wherever it begins."""

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.timeframes import to_ms
from exchanges.request_pool import RequestPool
from tests.unit.exchanges.fakes import ManualClock


def pool_of(clock: ManualClock, requests: int | None = 10, share: float = 0.8) -> RequestPool:
    return RequestPool(clock, requests=requests, share=share, seconds=300)


async def test_requests_pass_until_the_share_is_used_and_then_wait_for_the_oldest() -> None:
    clock = ManualClock()
    pool = pool_of(clock)

    await pool.spend(3)
    clock.advance(100)
    await pool.spend(3)
    assert clock.slept == []
    await pool.spend(3)

    assert clock.slept == [200.0]
    assert pool.used == 6


async def test_waiting_goes_on_until_enough_has_ended() -> None:
    clock = ManualClock()
    pool = pool_of(clock)
    await pool.spend(3)
    clock.advance(100)
    await pool.spend(3)

    await pool.spend(7)

    assert clock.slept == [200.0, 100.0]
    assert pool.used == 7


async def test_room_counts_whole_calls() -> None:
    clock = ManualClock()
    pool = pool_of(clock)

    assert pool.room(9, cost=3) == 2
    assert pool.room(1, cost=3) == 1
    await pool.spend(6)
    assert pool.room(9, cost=3) == 0
    clock.advance(299.999)
    assert pool.room(9, cost=3) == 0
    clock.advance(0.001)
    assert pool.room(9, cost=3) == 2


async def test_more_than_the_whole_share_passes_alone() -> None:
    clock = ManualClock()
    pool = pool_of(clock)

    await pool.spend(20)
    assert pool.room(1, cost=1) == 0
    await pool.spend(1)

    assert clock.slept == [300.0]


async def test_a_venue_without_such_a_limit_always_has_room() -> None:
    clock = ManualClock()
    pool = pool_of(clock, requests=None)

    for _ in range(100):
        await pool.spend(100)

    assert pool.room(40, cost=3) == 40
    assert (clock.slept, pool.used) == ([], 0)


@settings(max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 200), st.integers(1, 8)), max_size=40))
async def test_no_span_of_the_period_ever_holds_more_than_the_share(
    steps: list[tuple[int, int]],
) -> None:
    clock = ManualClock()
    pool = pool_of(clock)
    sent: list[tuple[int, int]] = []
    for pause, requests in steps:
        clock.advance(pause)
        await pool.spend(requests)
        sent.append((to_ms(clock.now()), requests))

    for end, _ in sent:
        assert sum(count for at, count in sent if end - 300_000 < at <= end) <= 8
