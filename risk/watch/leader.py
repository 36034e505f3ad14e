"""Rule: the market leader moves against trades whose pairs move with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.advice import Advice, AdvisedAction, WatchWarning
from domain.candles import Candle
from domain.instruments import to_decimal
from domain.parameters import Parameters, parameter
from risk.watch.tightening import TighteningParameters, advise_tightening
from risk.watch.values import LeaderMove, WatchedTrade
from risk.watch.words import signed_percent

MARKET_LEADER: Final = "BTCUSDT"
"""The pair that the market follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderParameters(Parameters):
    """What counts as a strong move of it, and who moves with it."""

    move_minutes: int = parameter(
        5,
        doc="newest minutes within which a move counts",
        unit="minutes",
        source="portfolio watch, market leaders",
        low=1,
        high=60,
    )
    move_percent: float = parameter(
        1.5,
        doc="least move of the leader that endangers others",
        unit="percent",
        source="portfolio watch, market leaders",
        low=0.1,
        high=50,
    )
    close_correlation: float = parameter(
        0.7,
        doc="a trade that is more alike the leader than this should be closed",
        unit="correlation",
        source="portfolio watch, market leaders",
        low=0,
        high=1,
    )
    tighten_correlation: float = parameter(
        0.4,
        doc="a trade that is at least so much alike the leader should get a tighter stop",
        unit="correlation",
        source="portfolio watch, market leaders",
        low=0,
        high=1,
    )
    correlation_returns: int = parameter(
        288,
        doc="newest 5-minute returns that are compared",
        unit="returns",
        source="24 hours",
        low=12,
        high=2000,
    )
    least_common_returns: int = parameter(
        144,
        doc="5-minute returns that both must have; with fewer it is unknown how alike they are",
        unit="returns",
        source="own choice: half a day",
        low=12,
        high=2000,
    )

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        if self.least_common_returns > self.correlation_returns:
            raise ValueError(
                f"least_common_returns is {self.least_common_returns}; it must not exceed "
                f"correlation_returns, {self.correlation_returns}"
            )
        if self.tighten_correlation > self.close_correlation:
            raise ValueError(
                f"tighten_correlation is {self.tighten_correlation}; it must not exceed "
                f"close_correlation, {self.close_correlation}"
            )


def find_leader_move(candles: Sequence[Candle], parameters: LeaderParameters) -> LeaderMove | None:
    """The strongest move of the newest closed minutes, None where it is not strong enough.

    From the open of any of the newest minutes to the newest close, in percent of the oldest of
    these opens. `candles` are the leader's closed 1-minute candles, oldest first; with fewer than
    needed those that are there count.
    """
    newest = candles[-parameters.move_minutes :]
    if not newest:
        return None
    # Subtracted as decimals: a fall and its mirror, the rise, are then the same number.
    opens = [to_decimal(candle.open) for candle in newest]
    close = to_decimal(newest[-1].close)
    percent = float(max((close - each for each in opens), key=abs) / opens[0] * 100)
    if abs(percent) < parameters.move_percent:
        return None
    return LeaderMove(symbol=MARKET_LEADER, percent=percent, minutes=parameters.move_minutes)


def advise_leader(
    trade: WatchedTrade,
    move: LeaderMove,
    at: datetime,
    parameters: LeaderParameters,
    tightening: TighteningParameters,
) -> Advice | None:
    """Advice to close or to tighten a trade that the move goes against; None for any other.

    A pair that moves opposite to the leader mirrors one that moves with it. Without a known
    correlation nothing is said: which way the pair follows is then unknown, too.
    """
    correlation = 1.0 if trade.symbol == move.symbol else trade.leader_correlation
    if correlation is None or trade.direction.sign * correlation * move.percent >= 0:
        return None
    strength = abs(correlation)
    reasons = _reasons(trade, move, correlation)
    if strength > parameters.close_correlation:
        return Advice(
            warning=WatchWarning.LEADER,
            action=AdvisedAction.CLOSE,
            at=at,
            reasons=reasons,
            signal_id=trade.signal_id,
        )
    if strength < parameters.tighten_correlation:
        return None
    return advise_tightening(trade, WatchWarning.LEADER, at, reasons, tightening)


def _reasons(trade: WatchedTrade, move: LeaderMove, correlation: float) -> tuple[str, ...]:
    moved = f"{move.symbol} {signed_percent(move.percent)} within {move.minutes} minutes"
    if trade.symbol == move.symbol:
        return (moved,)
    way = "with" if correlation > 0 else "opposite to"
    follows = f"this pair moves {way} it: correlation {correlation:.2f} over 24 hours".replace(
        "-", "−"
    )
    return (moved, follows)
