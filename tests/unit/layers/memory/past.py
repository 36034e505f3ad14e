"""Trades that have ended, in a few words."""

from datetime import UTC, datetime

from domain.directions import Direction
from domain.market_regime import Regime
from domain.memory import Origin, PairClass, PastOutcome, Setup, Trend
from domain.timeframes import to_ms
from layers.memory import OutcomeBook

AS_OF = datetime(2026, 1, 5, 12, tzinfo=UTC)
AS_OF_MS = to_ms(AS_OF)
MINUTE = 60_000


def setup(
    direction: Direction = Direction.LONG,
    *,
    regime: Regime = Regime.RISK_ON,
    trend: Trend = Trend.UP,
    score_band: int = 70,
    pair_class: PairClass = PairClass.LARGE,
) -> Setup:
    return Setup(
        direction=direction,
        regime=regime,
        trend=trend,
        score_band=score_band,
        pair_class=pair_class,
    )


def outcome(
    number: int,
    realised_r: float = 1.0,
    *,
    like: Setup | None = None,
    origin: Origin = Origin.LIVE,
    decided_ms: int | None = None,
    known_ms: int | None = None,
) -> PastOutcome:
    """A trade of long before; another number is another trade."""
    decided = AS_OF_MS - (number + 100) * 15 * MINUTE if decided_ms is None else decided_ms
    return PastOutcome(
        symbol="SOLUSDT",
        setup=like or setup(),
        origin=origin,
        realised_r=realised_r,
        decided_ms=decided,
        known_ms=decided + 120 * MINUTE if known_ms is None else known_ms,
    )


def trades(
    won: int,
    lost: int,
    *,
    like: Setup | None = None,
    origin: Origin = Origin.LIVE,
    gain: float = 1.5,
    first: int = 0,
) -> list[PastOutcome]:
    """So many won by `gain` and so many lost by 1 R."""
    results = [gain] * won + [-1.0] * lost
    return [
        outcome(first + number, result, like=like, origin=origin)
        for number, result in enumerate(results)
    ]


def book(*outcomes: PastOutcome) -> OutcomeBook:
    kept = OutcomeBook()
    for each in outcomes:
        kept.add(each)
    return kept
