"""Chains for tests: transfers, answers, readings, and the mirror of each."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from domain.evidence import Evidence, LayerScore
from domain.feeds import FeedAnswer, Observation
from domain.onchain import (
    DexActivity,
    ExchangeFlowReading,
    OnChain,
    SmartMoneyReading,
    StablecoinReading,
    StablecoinSupply,
    WhaleReading,
)
from domain.timeframes import to_ms
from domain.transfers import Party, Transfer, TransferKind, kind_between
from layers.onchain import OnChainParameters, OnChainTracker, score_onchain
from layers.onchain.parameters import COMPONENT_NAMES

AS_OF = datetime(2026, 3, 5, 14, 15, tzinfo=UTC)
AT_MS = to_ms(AS_OF)
MINUTE = 60_000
HOUR = 60 * MINUTE
PARAMETERS = OnChainParameters()

BINANCE = Party(address="0xb1", owner="Binance", is_exchange=True)
KRAKEN = Party(address="0xb2", owner="Kraken", is_exchange=True)
SOMEBODY = Party(address="0xa1")
ANYBODY = Party(address="0xa2")
WATCHED = frozenset({"SOL", "USDT"})


def moved(
    transaction: str,
    *,
    minutes_ago: float = 8.0,
    usd: float = 2_300_000.0,
    sender: Party = BINANCE,
    receiver: Party = SOMEBODY,
    asset: str = "SOL",
    provider: str = "whales",
) -> Transfer:
    """A withdrawal, unless the parties say otherwise."""
    return Transfer(
        provider=provider,
        chain="solana",
        transaction=transaction,
        asset=asset,
        amount=usd / 150.0,
        usd=usd,
        sender=sender,
        receiver=receiver,
        kind=kind_between(sender, receiver),
        happened_ms=AT_MS - round(minutes_ago * MINUTE),
    )


def deposited(transaction: str, **changes: Any) -> Transfer:
    return moved(transaction, sender=SOMEBODY, receiver=BINANCE, **changes)


def told(
    *observations: Observation,
    minutes_ago: float = 1.0,
    provider: str = "whales",
    watched: Iterable[str] = WATCHED,
) -> FeedAnswer:
    return FeedAnswer(
        provider=provider,
        answered_ms=AT_MS - round(minutes_ago * MINUTE),
        observations=observations,
        watched=frozenset(watched),
    )


def tracker(*answers: FeedAnswer, wallets: Iterable[str] = ()) -> OnChainTracker:
    made = OnChainTracker(PARAMETERS, smart_wallets=tuple(wallets))
    for answer in answers:
        made.observe(answer)
    return made


def read(*answers: FeedAnswer, asset: str = "SOL", wallets: Iterable[str] = ()) -> OnChain:
    return tracker(*answers, wallets=wallets).reading(asset, AT_MS)


def score(onchain: OnChain | None) -> LayerScore:
    return score_onchain(onchain, AS_OF, PARAMETERS)


def component(onchain: OnChain, name: str) -> Evidence:
    return score(onchain).evidence[COMPONENT_NAMES.index(name)]


def listened_hours(
    hours: int, nets: Iterable[float] = (), *, provider: str = "whales"
) -> list[FeedAnswer]:
    """An answer in each half of the last hours; the whole hours before the last have these nets."""
    start_ms = AT_MS // HOUR * HOUR
    answers = [
        FeedAnswer(
            provider=provider,
            answered_ms=start_ms - half * 30 * MINUTE + 15 * MINUTE - 1,
            observations=(),
            watched=WATCHED,
        )
        for half in range(2 * hours + 2, -1, -1)
    ]
    for back, net in enumerate(nets, start=2):
        happened = start_ms - back * HOUR + 20 * MINUTE
        flow = (moved if net > 0 else deposited)(f"{provider}-{back}", usd=abs(net))
        flow = replace(flow, happened_ms=happened, provider=provider)
        answers.append(
            FeedAnswer(
                provider=provider,
                answered_ms=happened + MINUTE,
                observations=(flow,),
                watched=WATCHED,
            )
        )
    return answers


def make_whales(
    withdrawn_usd: float = 0.0, deposited_usd: float = 0.0, **changes: Any
) -> WhaleReading:
    largest = moved("largest") if withdrawn_usd >= deposited_usd else deposited("largest")
    counts = {
        "withdrawals": int(withdrawn_usd > 0),
        "deposits": int(deposited_usd > 0),
        "withdrawals_in_a_row": 0,
        "deposits_in_a_row": 0,
        "largest": largest if withdrawn_usd or deposited_usd else None,
    }
    return WhaleReading(
        withdrawn_usd=withdrawn_usd, deposited_usd=deposited_usd, **{**counts, **changes}
    )


def make_flow(
    net_usd: float, z_score: float | None = None, hours_known: int = 168
) -> ExchangeFlowReading:
    return ExchangeFlowReading(
        provider="whales", net_usd=net_usd, z_score=z_score, hours_known=hours_known
    )


def make_dex(
    buys: int, sells: int, liquidity_usd: float = 4_000_000.0, asset: str = "SOL"
) -> DexActivity:
    return DexActivity(
        asset=asset, buys=buys, sells=sells, volume_usd=900_000.0, liquidity_usd=liquidity_usd
    )


def make_dollars(
    to_exchanges: float | None = 0.0,
    from_exchanges: float | None = 0.0,
    supply: float | None = 0.0,
) -> StablecoinReading:
    return StablecoinReading(
        to_exchanges_usd=to_exchanges,
        from_exchanges_usd=from_exchanges,
        supply_change_percent=supply,
    )


def make_supply(change_percent: float | None) -> StablecoinSupply:
    before = None if change_percent is None else 250e9
    total = 250e9 * (1.0 + (change_percent or 0.0) / 100.0)
    return StablecoinSupply(total_usd=total, day_ago_usd=before, week_ago_usd=None)


def make_onchain(**changes: Any) -> OnChain:
    """Everything is watched and nothing happens, unless told otherwise."""
    quiet = OnChain(
        at_ms=AT_MS,
        answered_ms=AT_MS - MINUTE,
        whales=make_whales(),
        exchange_flow=make_flow(0.0, 0.0),
        dex=make_dex(100, 100),
        stablecoins=make_dollars(),
        smart_money=SmartMoneyReading(watched=12, buyers=0, sellers=0),
    )
    return replace(quiet, **changes)


def mirrored_transfer(transfer: Transfer) -> Transfer:
    """The same coins the other way."""
    sender, receiver = transfer.receiver, transfer.sender
    kind = transfer.kind
    if kind not in {TransferKind.MINT, TransferKind.BURN}:
        kind = kind_between(sender, receiver)
    return replace(transfer, sender=sender, receiver=receiver, kind=kind)


def mirrored(onchain: OnChain) -> OnChain:
    """What left came, who bought sold, and dollars went the other way."""
    whales, flow, dex = onchain.whales, onchain.exchange_flow, onchain.dex
    dollars, smart = onchain.stablecoins, onchain.smart_money
    return replace(
        onchain,
        whales=None if whales is None else _mirrored_whales(whales),
        exchange_flow=None
        if flow is None
        else replace(
            flow,
            net_usd=-flow.net_usd,
            z_score=None if flow.z_score is None else -flow.z_score,
        ),
        dex=None if dex is None else replace(dex, buys=dex.sells, sells=dex.buys),
        stablecoins=None if dollars is None else _mirrored_dollars(dollars),
        smart_money=None
        if smart is None
        else replace(smart, buyers=smart.sellers, sellers=smart.buyers),
    )


def _mirrored_whales(whales: WhaleReading) -> WhaleReading:
    return WhaleReading(
        deposits=whales.withdrawals,
        withdrawals=whales.deposits,
        deposited_usd=whales.withdrawn_usd,
        withdrawn_usd=whales.deposited_usd,
        deposits_in_a_row=whales.withdrawals_in_a_row,
        withdrawals_in_a_row=whales.deposits_in_a_row,
        largest=None if whales.largest is None else mirrored_transfer(whales.largest),
    )


def _mirrored_dollars(dollars: StablecoinReading) -> StablecoinReading:
    change = dollars.supply_change_percent
    return replace(
        dollars,
        to_exchanges_usd=dollars.from_exchanges_usd,
        from_exchanges_usd=dollars.to_exchanges_usd,
        supply_change_percent=None if change is None else -change,
    )
