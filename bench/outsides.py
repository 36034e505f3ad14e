"""Made-up chains, sentiment and outcomes for benchmarks: a week of answers, told as they came."""

import random
from collections.abc import Iterable, Iterator
from typing import Final

from bench.market import BOUNDARY, instrument, series
from domain.assets import canonical_asset
from domain.directions import Direction
from domain.feeds import FeedAnswer, Observation
from domain.market_regime import Regime
from domain.memory import Origin, PairClass, PastOutcome, Setup, Trend
from domain.onchain import DexActivity, StablecoinSupply
from domain.sentiment import (
    FearGreed,
    GlobalMarket,
    MacroQuote,
    MacroSeries,
    SocialVolume,
    Text,
    TextKind,
)
from domain.timeframes import Timeframe, to_ms
from domain.transfers import Party, Transfer, kind_between
from engine.outside import OutsideState
from layers.memory import OutcomeBook, score_band
from layers.onchain import OnChainParameters, OnChainTracker
from layers.sentiment import SentimentParameters, SentimentTracker

_DAYS: Final = 7
_DAY_MS: Final = 86_400_000
_HOUR_MS: Final = 3_600_000
_QUARTER_MS: Final = 900_000
_LAST_HOUR_EVERY_MS: Final = 60_000
_TEXTS_AN_ANSWER: Final = 6
_OUTCOMES: Final = 5_000
_WORDS: Final = (
    "{} rallies to a new high, bulls in control",
    "{} crashes after exploit, traders liquidated",
    "{} holders accumulate, breakout ahead",
    "Regulator looks into {} issuer, fear spreads",
)
_SOON_MS: Final = 5_000
_EXCHANGE: Final = Party(address="0xe", owner="Binance", is_exchange=True)
_SOMEBODY: Final = Party(address="0xa")


def empty_state() -> OutsideState:
    """Nothing is known yet."""
    return OutsideState(
        OnChainTracker(OnChainParameters(), smart_wallets=("0xa",)),
        SentimentTracker(SentimentParameters()),
        OutcomeBook(),
    )


def outside_state(pairs: int) -> OutsideState:
    """What is known at the boundary: a week of answers about all coins, and thousands of trades."""
    state = empty_state()
    coins = [canonical_asset(instrument(number).base) for number in range(pairs)]
    draw = random.Random(pairs)
    state.observe_bitcoin(series(0, BOUNDARY)[Timeframe.M15])
    for at_ms in _instants(to_ms(BOUNDARY)):
        for answer in answers(at_ms, coins, draw):
            state.observe(answer)
    return state


def tell_after_close(state: OutsideState) -> None:
    """What is told between a close and its round: nothing that was worked out before holds."""
    at_ms = to_ms(BOUNDARY) + _SOON_MS
    draw = random.Random(at_ms)
    for answer in (
        _answer("whales", at_ms, _transfers(at_ms, ["PAIR0"], draw), frozenset({"PAIR0", "USDT"})),
        _answer("volumes", at_ms, [_volume("PAIR0", draw)]),
        _answer("news", at_ms, _texts(at_ms, ["PAIR0"], draw)),
    ):
        state.observe(answer)
    state.remember([outcome(number, draw) for number in range(_OUTCOMES)])


def _instants(boundary_ms: int) -> Iterator[int]:
    """Every quarter of an hour, and every minute of the last hour and of the one to come."""
    recent_ms = boundary_ms - _HOUR_MS
    yield from range(boundary_ms - _DAYS * _DAY_MS, recent_ms, _QUARTER_MS)
    yield from range(recent_ms, boundary_ms + 2 * _LAST_HOUR_EVERY_MS, _LAST_HOUR_EVERY_MS)


def answers(at_ms: int, coins: list[str], draw: random.Random) -> Iterator[FeedAnswer]:
    """What all providers tell at an instant."""
    everything = frozenset(coins) | {"USDT"}
    yield _answer("whales", at_ms, _transfers(at_ms, coins, draw), everything)
    yield _answer("news", at_ms, _texts(at_ms, coins, draw))
    yield _answer("markets", at_ms, [_market(at_ms, draw)])
    yield _answer("quotes", at_ms, _quotes(at_ms, draw))
    yield _answer("mood", at_ms, [FearGreed(value=draw.randrange(101), published_ms=at_ms)])
    supply = StablecoinSupply(total_usd=3.01e11, day_ago_usd=3e11, week_ago_usd=2.9e11)
    yield _answer("supply", at_ms, [supply])
    if at_ms % _QUARTER_MS == 0:
        yield _answer("pools", at_ms, [_swaps(coin, draw) for coin in coins])
        yield _answer("volumes", at_ms, [_volume(coin, draw) for coin in coins])


def _answer(
    provider: str,
    at_ms: int,
    observations: Iterable[Observation],
    watched: frozenset[str] = frozenset(),
) -> FeedAnswer:
    return FeedAnswer(
        provider=provider, answered_ms=at_ms, observations=tuple(observations), watched=watched
    )


def _transfers(at_ms: int, coins: list[str], draw: random.Random) -> Iterator[Transfer]:
    """One for every twentieth coin or so, and one of dollars."""
    for asset in ["USDT", *draw.choices(coins, k=1 + len(coins) // 20)]:
        sender, receiver = draw.sample((_EXCHANGE, _SOMEBODY), 2)
        usd = draw.uniform(6e5, 2e7)
        yield Transfer(
            provider="whales",
            chain="ethereum",
            transaction=f"{asset}:{at_ms}",
            asset=asset,
            amount=usd,
            usd=usd,
            sender=sender,
            receiver=receiver,
            kind=kind_between(sender, receiver),
            happened_ms=at_ms - draw.randrange(300_000),
        )


def _texts(at_ms: int, coins: list[str], draw: random.Random) -> Iterator[Text]:
    for number in range(_TEXTS_AN_ANSWER):
        words = draw.choice(_WORDS).format(f"${draw.choice(coins)}")
        yield Text(
            provider="news",
            id=f"{at_ms}:{number}",
            kind=draw.choice(list(TextKind)),
            author="",
            text=f"{words}, chapter {draw.randrange(10_000)} of {draw.randrange(10_000)}",
            published_ms=at_ms - draw.randrange(60_000),
            reach=draw.randrange(1000),
        )


def _market(at_ms: int, draw: random.Random) -> GlobalMarket:
    return GlobalMarket(
        btc_dominance_percent=draw.uniform(55.9, 56.1),
        total_cap_usd=draw.uniform(3.0e12, 3.1e12),
        cap_change_day_percent=None,
        published_ms=at_ms,
    )


def _quotes(at_ms: int, draw: random.Random) -> Iterator[MacroQuote]:
    for macro, value in zip(MacroSeries, (6_000.0, 104.0, 4.2), strict=True):
        yield MacroQuote(series=macro, value=value * draw.uniform(0.998, 1.002), at_ms=at_ms)


def _swaps(coin: str, draw: random.Random) -> DexActivity:
    buys, sells = draw.randrange(400), draw.randrange(400)
    return DexActivity(asset=coin, buys=buys, sells=sells, volume_usd=3e6, liquidity_usd=2e7)


def _volume(coin: str, draw: random.Random) -> SocialVolume:
    return SocialVolume(asset=coin, mentions=draw.randrange(5000), tone=draw.uniform(-1.0, 1.0))


def outcome(number: int, draw: random.Random) -> PastOutcome:
    """One of any number of trades, all of them before the boundary."""
    decided_ms = to_ms(BOUNDARY) - (number + 8) * _QUARTER_MS
    return PastOutcome(
        symbol=f"PAIR{number % 400}USDT",
        setup=Setup(
            direction=draw.choice(list(Direction)),
            regime=draw.choice(list(Regime)),
            trend=draw.choice(list(Trend)),
            score_band=score_band(draw.uniform(40.0, 90.0)),
            pair_class=draw.choice(list(PairClass)),
        ),
        origin=draw.choice(list(Origin)),
        realised_r=draw.uniform(-1.2, 2.0),
        decided_ms=decided_ms,
        known_ms=decided_ms + _QUARTER_MS,
    )
