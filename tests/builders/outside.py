"""Transfers, macro readings, sentiment and outcomes for tests."""

from collections.abc import Mapping
from datetime import timedelta

from domain.directions import Direction
from domain.feeds import FeedHealth, FeedState
from domain.market_regime import Regime
from domain.memory import Origin, PairClass, PastOutcome, Setup, Trend
from domain.sentiment import (
    MacroReading,
    MacroSeries,
    MacroState,
    SentimentSnapshot,
    TalkCount,
)
from domain.timeframes import to_ms
from domain.transfers import Party, Transfer, TransferKind
from tests.builders.signals import CLOSED_AT

CLOSED_MS = to_ms(CLOSED_AT)
MINUTE_MS = 60_000

BINANCE = Party(address="3exchange", owner="Binance", is_exchange=True)
SOMEBODY = Party(address="bc1somebody")

A_SETUP = Setup(
    direction=Direction.LONG,
    regime=Regime.RISK_ON,
    trend=Trend.UP,
    score_band=75,
    pair_class=PairClass.MAJOR,
)

_PARTIES = {
    TransferKind.DEPOSIT: (SOMEBODY, BINANCE),
    TransferKind.WITHDRAWAL: (BINANCE, SOMEBODY),
    TransferKind.BETWEEN_EXCHANGES: (BINANCE, BINANCE),
    TransferKind.BETWEEN_WALLETS: (SOMEBODY, SOMEBODY),
    TransferKind.MINT: (Party(address="0x0", owner="Treasury"), SOMEBODY),
    TransferKind.BURN: (SOMEBODY, Party(address="0x0", owner="Treasury")),
}


def make_transfer(
    transaction: str = "tx1",
    *,
    kind: TransferKind = TransferKind.WITHDRAWAL,
    asset: str = "BTC",
    usd: float = 23_400_000.0,
    happened_ms: int = CLOSED_MS,
    provider: str = "whale_alert",
    owner: str = "Binance",
) -> Transfer:
    sender, receiver = _PARTIES[kind]
    return Transfer(
        provider=provider,
        chain="bitcoin",
        transaction=transaction,
        asset=asset,
        amount=usd / 64_000 if asset == "BTC" else usd,
        usd=usd,
        sender=_called(sender, owner),
        receiver=_called(receiver, owner),
        kind=kind,
        happened_ms=happened_ms,
    )


def _called(party: Party, owner: str) -> Party:
    if not party.is_exchange:
        return party
    return Party(address=party.address, owner=owner, is_exchange=True)


def make_macro(
    state: MacroState = MacroState.DANGER,
    *,
    since_ms: int = CLOSED_MS,
    changes: Mapping[MacroSeries, float] | None = None,
    cause: str = "S&P 500 -2.3% in an hour",
) -> MacroReading:
    moved = {MacroSeries.SP500: -2.31, MacroSeries.DOLLAR: 0.84}
    return MacroReading(
        state=state,
        since_ms=since_ms,
        changes=moved if changes is None else changes,
        cause=cause if state is MacroState.DANGER else "",
    )


def make_sentiment_snapshot(at_ms: int = CLOSED_MS, *, fear_greed: int = 22) -> SentimentSnapshot:
    return SentimentSnapshot(
        at_ms=at_ms,
        fear_greed=fear_greed,
        btc_dominance_percent=57.3,
        total_cap_usd=3.9e12,
        regime=Regime.RISK_ON,
        regime_since_ms=at_ms - 60 * MINUTE_MS,
        macro=MacroState.CALM,
        macro_since_ms=at_ms - 30 * MINUTE_MS,
        talk={"BTC": TalkCount(texts=12, tone=0.25), "SOL": TalkCount(texts=1, tone=-0.5)},
        heard=("reddit", "rss_coindesk"),
    )


def make_outcome(
    symbol: str = "BTCUSDT",
    *,
    origin: Origin = Origin.LIVE,
    realised_r: float = 1.25,
    decided_ms: int = CLOSED_MS,
    known_ms: int = CLOSED_MS + 60 * MINUTE_MS,
) -> PastOutcome:
    return PastOutcome(
        symbol=symbol,
        setup=A_SETUP,
        origin=origin,
        realised_r=realised_r,
        decided_ms=decided_ms,
        known_ms=known_ms,
    )


def make_feed_health(
    provider: str = "fear_greed",
    state: FeedState = FeedState.GOOD,
    *,
    reason: str = "",
    minutes_ago: int | None = 3,
    failures: int = 0,
    malformed: int = 0,
) -> FeedHealth:
    last = None if minutes_ago is None else CLOSED_AT - timedelta(minutes=minutes_ago)
    return FeedHealth(
        provider=provider,
        state=state,
        reason=reason,
        last_good_at=last,
        answers=0 if last is None else 120,
        failures=failures,
        malformed=malformed,
    )
