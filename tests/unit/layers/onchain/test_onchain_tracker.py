"""What the tracker makes of answers: windows, ages, duplicates, refusals, memory."""

import math
from dataclasses import replace

import pytest

from domain.onchain import OnChain, SmartMoneyReading
from domain.sentiment import FearGreed
from domain.transfers import Party
from layers.onchain import OnChainParameters, OnChainTracker
from tests.unit.layers.onchain.chains import (
    ANYBODY,
    AT_MS,
    BINANCE,
    HOUR,
    KRAKEN,
    MINUTE,
    SOMEBODY,
    deposited,
    listened_hours,
    make_dex,
    make_supply,
    moved,
    read,
    told,
    tracker,
)


def test_large_transfers_of_half_an_hour_are_counted_less_the_older_they_are() -> None:
    whales = read(
        told(
            moved("fresh", minutes_ago=2, usd=1e6),
            moved("recent", minutes_ago=5, usd=1e6),
            moved("late", minutes_ago=29.9, usd=1e6),
            moved("too old", minutes_ago=30, usd=9e6),
            moved("too small", minutes_ago=2, usd=499_999.0),
            deposited("in", minutes_ago=20, usd=5e6),
            moved("between exchanges", receiver=KRAKEN),
            moved("between wallets", sender=ANYBODY),
        )
    ).whales
    assert whales is not None
    assert (whales.withdrawals, whales.deposits) == (3, 1)
    assert whales.withdrawn_usd == pytest.approx(1e6 + 0.7e6 + 0.4e6)
    assert whales.deposited_usd == pytest.approx(2e6)
    assert (whales.withdrawals_in_a_row, whales.deposits_in_a_row) == (2, 0)
    assert whales.largest is not None
    assert whales.largest.transaction == "in"


def test_a_block_that_holds_both_kinds_ends_the_row() -> None:
    mixed = read(told(moved("out"), deposited("in"), moved("before", minutes_ago=9))).whales
    assert mixed is not None
    assert (mixed.withdrawals_in_a_row, mixed.deposits_in_a_row) == (0, 0)


def test_watched_silence_is_known_and_no_watch_is_not() -> None:
    reading = read(told())
    assert reading.whales is not None
    assert reading.whales.largest is None
    assert reading.exchange_flow is not None
    assert reading.answered_ms == AT_MS - MINUTE
    assert read(told(), asset="PEPE").whales is None
    assert read(told(watched=())).whales is None


@pytest.mark.parametrize(("minutes_ago", "is_known"), [(0, True), (29.9, True), (30, False)])
def test_a_provider_that_was_silent_for_half_an_hour_is_not_believed(
    minutes_ago: float, is_known: bool
) -> None:
    assert (read(told(minutes_ago=minutes_ago)).whales is not None) is is_known


def test_supply_and_dexes_have_ages_of_their_own() -> None:
    dex, supply = make_dex(10, 5), make_supply(0.4)
    reading = read(
        told(dex, provider="dex", watched=(), minutes_ago=59),
        told(supply, provider="supply", watched=(), minutes_ago=11.9 * 60),
    )
    assert reading.dex == dex
    assert reading.stablecoins is not None
    assert reading.stablecoins.supply_change_percent == pytest.approx(0.4)
    assert reading.stablecoins.to_exchanges_usd is None
    assert reading.answered_ms == AT_MS - 59 * MINUTE
    late = read(
        told(dex, provider="dex", watched=(), minutes_ago=60),
        told(supply, provider="supply", watched=(), minutes_ago=12 * 60),
    )
    assert late == OnChain(
        at_ms=AT_MS, smart_money=SmartMoneyReading(watched=0, buyers=0, sellers=0)
    )


def test_a_supply_without_yesterday_covers_nothing() -> None:
    reading = read(told(make_supply(None), watched=())).stablecoins
    assert reading is not None
    assert reading.supply_change_percent is None


def test_dollars_of_all_stablecoins_are_summed_once() -> None:
    tether = deposited("t", asset="USDT", usd=3e6, minutes_ago=50)
    reading = read(
        told(tether, deposited("c", asset="USDC", usd=2e6), moved("o", asset="USDT", usd=1e6)),
        told(replace(tether, provider="other"), provider="other"),
        asset="BTC",
    ).stablecoins
    assert reading is not None
    assert (reading.to_exchanges_usd, reading.from_exchanges_usd) == (5e6, 1e6)


def test_a_movement_that_two_providers_tell_counts_once_as_first_told() -> None:
    first = moved("x", usd=2e6)
    second = replace(first, usd=3e6, provider="other")
    made = tracker()
    assert made.observe(told(second, provider="other", minutes_ago=1)) == [second]
    assert made.observe(told(first, minutes_ago=2)) == []
    assert made.observe(told(first, minutes_ago=0)) == []
    whales = made.reading("SOL", AT_MS).whales
    assert whales is not None
    assert whales.withdrawals == 1
    assert whales.withdrawn_usd == pytest.approx(0.7 * 2e6)


@pytest.mark.parametrize(
    ("transfer", "reason"),
    [
        (moved("future", minutes_ago=-3), "dated in the future"),
        (moved("old", minutes_ago=8 * 24 * 60 + 2), "older than 8 days"),
        (moved("nan", usd=math.nan), "value makes no sense"),
        (moved("negative", usd=-1.0), "value makes no sense"),
    ],
)
def test_transfers_that_cannot_be_are_refused_and_counted(transfer: object, reason: str) -> None:
    made = tracker()
    assert made.notes() == []
    assert made.observe(told(transfer)) == []  # type: ignore[arg-type]  # parametrized
    assert made.notes() == [f"1 transfer left out: {reason}"]
    whales = made.reading("SOL", AT_MS).whales
    assert whales is not None
    assert whales.withdrawals == 0


def test_what_is_not_about_chains_is_left_alone() -> None:
    made = tracker()
    assert made.observe(told(FearGreed(value=20, published_ms=AT_MS), watched=())) == []
    assert made.reading("SOL", AT_MS).answered_ms == 0


def test_an_hour_is_compared_with_the_same_providers_hours() -> None:
    nets = [1e6, -1e6] * 15
    flow = read(*listened_hours(40, nets), told(moved("now", usd=3e6))).exchange_flow
    assert flow is not None
    assert flow.net_usd == 3e6
    assert flow.hours_known == 40
    deviation = math.sqrt(30 * 1e12 / 39)
    assert flow.z_score == pytest.approx(3e6 / deviation)


def test_an_hour_in_which_nobody_listened_is_not_a_zero() -> None:
    every = listened_hours(40, [1e6, -1e6] * 15)
    hole = [each for each in every if not 30 * HOUR < AT_MS - each.answered_ms < 35 * HOUR]
    flow = read(*hole, told()).exchange_flow
    assert flow is not None
    assert flow.hours_known in {34, 35}


def test_too_few_hours_give_no_comparison() -> None:
    flow = read(*listened_hours(23, [1e6] * 20), told()).exchange_flow
    assert flow is not None
    assert (flow.hours_known, flow.z_score) == (23, None)


def test_an_hour_that_was_heard_in_part_is_not_compared() -> None:
    answers = [
        each for each in listened_hours(40, [1e6] * 30) if AT_MS - each.answered_ms > 100 * MINUTE
    ]
    flow = read(*answers, told()).exchange_flow
    assert flow is not None
    assert flow.hours_known >= 24
    assert flow.z_score is None


def test_one_large_transfer_of_a_quiet_coin_is_not_a_thousand() -> None:
    flow = read(*listened_hours(40), told(moved("now", usd=600_000.0))).exchange_flow
    assert flow is not None
    assert flow.z_score == pytest.approx(1.2)


def test_of_two_providers_the_one_that_can_compare_is_read() -> None:
    answers = listened_hours(40, [1e6, -1e6], provider="long")
    reading = read(*answers, told(provider="long"), told(moved("x"), provider="a new one"))
    assert reading.exchange_flow is not None
    assert reading.exchange_flow.provider == "long"


def test_followed_wallets_count_once_each_by_their_net() -> None:
    wallets = [Party(address=f"0xS{each}") for each in range(5)]
    reading = read(
        told(
            moved("a", receiver=wallets[0], usd=20_000.0, minutes_ago=40),
            moved("b", receiver=wallets[0], usd=20_000.0),
            moved("c", sender=wallets[1], receiver=ANYBODY, usd=50_000.0),
            moved("dust", sender=SOMEBODY, receiver=wallets[2], usd=9_999.0),
            moved("dust out", sender=wallets[4], receiver=ANYBODY, usd=9_999.0),
            moved("d", sender=wallets[3], receiver=BINANCE, usd=50_000.0),
            moved("e", receiver=wallets[3], usd=50_000.0),
            moved("old", receiver=wallets[2], usd=50_000.0, minutes_ago=60),
        ),
        wallets=[" 0xs0", *(each.address for each in wallets)],
    )
    assert reading.smart_money == SmartMoneyReading(watched=5, buyers=1, sellers=1)


def test_followed_wallets_say_nothing_of_a_coin_that_nobody_watches() -> None:
    assert read(told(), asset="PEPE", wallets=["0xs"]).smart_money is None


def test_patience_stretches_how_long_a_provider_may_be_silent() -> None:
    patient = OnChainTracker(OnChainParameters(), patience=10.0)
    patient.observe(told(minutes_ago=250))
    assert patient.reading("SOL", AT_MS).whales is not None
    with pytest.raises(ValueError, match="patience is 0"):
        OnChainTracker(OnChainParameters(), patience=0.0)


def test_memory_stays_bounded_over_months() -> None:
    made = tracker()
    sizes = []
    for hour in range(24 * 40):
        shift = hour * HOUR
        answers = (moved(f"{hour}-{each}", minutes_ago=0) for each in range(3))
        shifted = tuple(replace(each, happened_ms=AT_MS + shift) for each in answers)
        made.observe(replace(told(*shifted), answered_ms=AT_MS + shift))
        facts = made._facts
        provider = facts.providers["whales"]
        sizes.append(
            len(facts.log)
            + len(provider.flows._tellings)
            + len(provider.flows._hours["SOL"])
            + len(provider.attendance._halves)
            + len(provider.attendance._recent)
        )
    assert max(sizes[-24:]) <= max(sizes[: 24 * 12])
