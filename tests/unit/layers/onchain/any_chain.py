"""Any readings and any answers, for properties of the on-chain layer."""

from hypothesis import strategies as st

from domain.feeds import FeedAnswer
from domain.onchain import (
    DexActivity,
    ExchangeFlowReading,
    OnChain,
    SmartMoneyReading,
    StablecoinReading,
    StablecoinSupply,
    WhaleReading,
)
from domain.transfers import Party, Transfer
from tests.unit.layers.onchain.chains import (
    AT_MS,
    BINANCE,
    KRAKEN,
    MINUTE,
    SOMEBODY,
    make_dex,
    make_supply,
    moved,
    told,
)

FOLLOWED = Party(address="0xSmart")
PARTIES = (BINANCE, KRAKEN, SOMEBODY, FOLLOWED)
PROVIDERS = ("whales", "flows")

amounts = st.just(0.0) | st.floats(0.0, 1e9)
counts = st.integers(0, 2_000)
names = st.text(max_size=60) | st.sampled_from(["<b>Binance</b>", "Kra\u202eken\n", "x" * 500])


@st.composite
def whale_readings(draw: st.DrawFn) -> WhaleReading:
    deposits, withdrawals = draw(st.integers(0, 9)), draw(st.integers(0, 9))
    row = draw(st.integers(0, 9))
    withdrawals_lead = draw(st.booleans())
    owner = Party(address="0xb1", owner=draw(names), is_exchange=True)
    sender, receiver = draw(st.sampled_from([(owner, SOMEBODY), (SOMEBODY, owner)]))
    largest = moved(
        "largest",
        minutes_ago=draw(st.floats(0.0, 30.0)),
        usd=draw(st.floats(5e5, 1e10)),
        sender=sender,
        receiver=receiver,
        asset=draw(names),
    )
    return WhaleReading(
        deposits=deposits,
        withdrawals=withdrawals,
        deposited_usd=draw(amounts) if deposits else 0.0,
        withdrawn_usd=draw(amounts) if withdrawals else 0.0,
        deposits_in_a_row=0 if withdrawals_lead else min(row, deposits),
        withdrawals_in_a_row=min(row, withdrawals) if withdrawals_lead else 0,
        largest=largest if deposits or withdrawals else None,
    )


def flow_readings() -> st.SearchStrategy[ExchangeFlowReading]:
    return st.builds(
        ExchangeFlowReading,
        provider=st.just("whales"),
        net_usd=st.just(0.0) | st.floats(-1e9, 1e9),
        z_score=st.none() | st.floats(-99.0, 99.0),
        hours_known=st.integers(0, 168),
    )


def dex_activities() -> st.SearchStrategy[DexActivity]:
    return st.builds(make_dex, buys=counts, sells=counts, liquidity_usd=st.floats(0.0, 1e8))


@st.composite
def stablecoin_readings(draw: st.DrawFn) -> StablecoinReading:
    is_watched = draw(st.booleans())
    return StablecoinReading(
        to_exchanges_usd=draw(amounts) if is_watched else None,
        from_exchanges_usd=draw(amounts) if is_watched else None,
        supply_change_percent=draw(st.none() | st.floats(-5.0, 5.0)),
    )


def smart_readings() -> st.SearchStrategy[SmartMoneyReading]:
    few = st.integers(0, 6)
    return st.builds(SmartMoneyReading, watched=st.integers(0, 40), buyers=few, sellers=few)


def onchains() -> st.SearchStrategy[OnChain]:
    return st.builds(
        OnChain,
        at_ms=st.just(AT_MS),
        answered_ms=st.just(0) | st.integers(AT_MS - 60 * MINUTE, AT_MS),
        whales=st.none() | whale_readings(),
        exchange_flow=st.none() | flow_readings(),
        dex=st.none() | dex_activities(),
        stablecoins=st.none() | stablecoin_readings(),
        smart_money=st.none() | smart_readings(),
    )


@st.composite
def transfers(draw: st.DrawFn, oldest_minutes_ago: float, provider: str) -> Transfer:
    """Few transactions and parties, so that many are told more than once."""
    return moved(
        draw(st.sampled_from("abcdefgh")),
        minutes_ago=oldest_minutes_ago + draw(st.sampled_from([0.0, 0.5, 4.0, 12.0, 40.0, 300.0])),
        usd=draw(st.sampled_from([4e5, 6e5, 1.25e6, 7e6, 1e8 / 3.0])),
        sender=draw(st.sampled_from(PARTIES)),
        receiver=draw(st.sampled_from(PARTIES)),
        asset=draw(st.sampled_from(["SOL", "SOL", "USDT"])),
        provider=provider,
    )


@st.composite
def answers(draw: st.DrawFn, *, earliest: float = 400.0, latest: float = -18.0) -> FeedAnswer:
    """Of some minute before the instant, or after it; no two of a provider at the same time."""
    minutes_ago = draw(st.floats(latest, earliest))
    provider = draw(st.sampled_from(PROVIDERS))
    observations: list[Transfer | DexActivity | StablecoinSupply] = list(
        draw(st.lists(transfers(minutes_ago, provider), max_size=4))
    )
    if draw(st.booleans()):
        observations.append(make_dex(draw(counts), draw(counts)))
        observations.append(make_supply(draw(st.floats(-1.0, 1.0))))
    watched = draw(st.sampled_from([("SOL", "USDT"), ("SOL",), ()]))
    return told(*observations, minutes_ago=minutes_ago, provider=provider, watched=watched)


def histories(*, latest: float = -18.0) -> st.SearchStrategy[list[FeedAnswer]]:
    return st.lists(
        answers(latest=latest),
        max_size=12,
        unique_by=lambda answer: (answer.provider, answer.answered_ms),
    )
