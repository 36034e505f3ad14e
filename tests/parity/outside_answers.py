"""What providers might have told while the parity market ran: seeded, and of every kind."""

import random
from collections.abc import Iterable, Iterator
from typing import Final

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
from domain.timeframes import Timeframe
from domain.transfers import Party, Transfer, kind_between

COINS: Final = ("BTC", "ETH", "SOL", "XRP", "USDT")
_MINUTE_MS: Final = 60_000
_BEFORE_MINUTES: Final = 30 * 60
_EVERY_MINUTES: Final = 3
_JUST_AFTER_MS: Final = 1_000
"""Answers of that delay after a boundary are heard before the close is decided on, and too late."""

_WORDS: Final = (
    "{} rallies to a new high, bulls in control",
    "{} crashes after exploit, traders liquidated",
    "Exchange lists new {} products",
    "{} holders accumulate, bullish breakout ahead",
    "Regulator sues {} issuer, fear spreads",
)


def answers(start_ms: int, until_ms: int) -> list[FeedAnswer]:
    """Answers of all providers from a day before the start on, in the order they were known."""
    draw = random.Random(20_251_121)
    first_ms = start_ms - _BEFORE_MINUTES * _MINUTE_MS
    told = list(_all(first_ms, until_ms, draw))
    return sorted(told, key=lambda answer: (answer.answered_ms, answer.provider))


def outcomes(start_ms: int) -> list[PastOutcome]:
    """Enough trades to be remembered, some of them known only while the market runs."""
    draw = random.Random(7)
    return [
        PastOutcome(
            symbol=f"PAIR{number}USDT",
            setup=Setup(
                direction=draw.choice(list(Direction)),
                regime=draw.choice(list(Regime)),
                trend=draw.choice(list(Trend)),
                score_band=draw.choice((55, 60, 65, 70)),
                pair_class=draw.choice(list(PairClass)),
            ),
            origin=draw.choice(list(Origin)),
            realised_r=draw.uniform(-1.2, 2.0),
            decided_ms=start_ms - 7_200_000 + number * 60_000,
            known_ms=start_ms - 3_600_000 + number * 60_000,
        )
        for number in range(150)
    ]


def _all(first_ms: int, until_ms: int, draw: random.Random) -> Iterator[FeedAnswer]:
    cap, dominance = 3.1e12, 56.0
    levels = {MacroSeries.SP500: 6_000.0, MacroSeries.DOLLAR: 104.0, MacroSeries.US10Y: 4.2}
    for at_ms in _instants(first_ms, until_ms):
        cap *= draw.uniform(0.998, 1.002)
        dominance += draw.uniform(-0.05, 0.05)
        market = GlobalMarket(
            btc_dominance_percent=dominance,
            total_cap_usd=cap,
            cap_change_day_percent=0.4,
            published_ms=at_ms,
        )
        for series in levels:
            levels[series] *= draw.uniform(0.9995, 1.0005)
        quotes = [
            MacroQuote(series=series, value=value, at_ms=at_ms) for series, value in levels.items()
        ]
        yield _answer("whale_alert", at_ms, _transfers(at_ms, draw), watched=frozenset(COINS))
        yield _answer("news_coindesk", at_ms, [_text(at_ms, draw)])
        yield _answer("coingecko", at_ms, [market])
        yield _answer("yahoo", at_ms, quotes)
        yield _answer(
            "fear_greed", at_ms, [FearGreed(value=draw.randrange(101), published_ms=at_ms)]
        )
        yield _answer("defillama", at_ms, [_supply(draw)])
        yield _answer("dexscreener", at_ms, [_dex(draw)])
        yield _answer("lunarcrush", at_ms, [_volume(draw)])


def _instants(first_ms: int, until_ms: int) -> Iterable[int]:
    step = _EVERY_MINUTES * _MINUTE_MS
    regular = range(first_ms + 40_000, until_ms, step)
    quarter = Timeframe.M15.milliseconds
    return sorted({*regular, *(at + _JUST_AFTER_MS for at in range(first_ms, until_ms, quarter))})


def _answer(
    provider: str,
    at_ms: int,
    observations: Iterable[Observation],
    watched: frozenset[str] = frozenset(),
) -> FeedAnswer:
    return FeedAnswer(
        provider=provider, answered_ms=at_ms, observations=tuple(observations), watched=watched
    )


def _transfers(at_ms: int, draw: random.Random) -> Iterator[Transfer]:
    for number in range(draw.randrange(3)):
        exchange = Party(address="0xe", owner="Binance", is_exchange=True)
        sides = [exchange, Party(address="0xa")]
        draw.shuffle(sides)
        usd = draw.uniform(6e5, 2e7)
        yield Transfer(
            provider="whale_alert",
            chain="ethereum",
            transaction=f"{at_ms}:{number}",
            asset=draw.choice(COINS),
            amount=usd,
            usd=usd,
            sender=sides[0],
            receiver=sides[1],
            kind=kind_between(*sides),
            happened_ms=at_ms - draw.randrange(600_000),
        )


def _text(at_ms: int, draw: random.Random) -> Text:
    coin = draw.choice(("Bitcoin", "Ethereum", "Solana", "XRP", "crypto"))
    return Text(
        provider="news_coindesk",
        id=str(at_ms),
        kind=TextKind.HEADLINE,
        author="",
        text=draw.choice(_WORDS).format(coin) + f" ({at_ms % 997})",
        published_ms=at_ms - draw.randrange(60_000),
        reach=draw.randrange(1000),
    )


def _supply(draw: random.Random) -> StablecoinSupply:
    return StablecoinSupply(
        total_usd=3e11 * draw.uniform(0.99, 1.01), day_ago_usd=3e11, week_ago_usd=2.98e11
    )


def _dex(draw: random.Random) -> DexActivity:
    return DexActivity(
        asset=draw.choice(COINS[1:3]),
        buys=draw.randrange(400),
        sells=draw.randrange(400),
        volume_usd=draw.uniform(1e5, 1e7),
        liquidity_usd=2e7,
    )


def _volume(draw: random.Random) -> SocialVolume:
    return SocialVolume(
        asset=draw.choice(COINS[:4]), mentions=draw.randrange(5000), tone=draw.uniform(-1, 1)
    )
