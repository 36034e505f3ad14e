"""Which pairs are worth watching: filter, opportunity score and hysteresis (design 4.1). Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.counting import many
from domain.market import Ticker
from domain.parameters import Parameters, parameter
from domain.watchlist import WatchChange, WatchChangeKind, WatchedPair

_SOURCE = "design 4.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannerParameters(Parameters):
    """Filter, score and hysteresis of the scanner."""

    minimum_quote_volume: float = parameter(
        500_000.0, doc="24 h volume a pair must exceed", unit="USDT", source=_SOURCE, low=0
    )
    maximum_spread_percent: float = parameter(
        0.10, doc="spread a pair must stay under", unit="percent", source=_SOURCE, low=0, high=5
    )
    minimum_change_percent: float = parameter(
        0.5,
        doc="absolute 24 h change a pair must exceed",
        unit="percent",
        source=_SOURCE,
        low=0,
        high=100,
    )
    minimum_candles: int = parameter(
        200, doc="closed 15m candles a pair must have", unit="candles", source=_SOURCE, low=50
    )
    full_volume: float = parameter(
        5_000_000.0, doc="24 h volume that scores 100", unit="USDT", source=_SOURCE, low=1
    )
    full_atr_percent: float = parameter(
        1.0, doc="ATR that scores 100", unit="percent of price", source=_SOURCE, low=0.01
    )
    full_change_percent: float = parameter(
        3.0,
        doc="absolute 24 h change that scores 100",
        unit="percent",
        source=_SOURCE,
        low=0.1,
    )
    volume_weight: float = parameter(
        0.35, doc="weight of volume", unit="share", source=_SOURCE, low=0, high=1
    )
    spread_weight: float = parameter(
        0.25, doc="weight of a narrow spread", unit="share", source=_SOURCE, low=0, high=1
    )
    volatility_weight: float = parameter(
        0.25, doc="weight of volatility", unit="share", source=_SOURCE, low=0, high=1
    )
    momentum_weight: float = parameter(
        0.15, doc="weight of the 24 h change", unit="share", source=_SOURCE, low=0, high=1
    )
    join_score: float = parameter(
        50.0, doc="score from which a pair may join", unit="points", source=_SOURCE, low=0, high=100
    )
    leave_score: float = parameter(
        45.0, doc="score below which a pair leaves", unit="points", source=_SOURCE, low=0, high=100
    )
    failed_scans_to_leave: int = parameter(
        3,
        doc="scans in a row a pair may fail before it leaves",
        unit="scans",
        source=_SOURCE,
        low=1,
    )
    refresh_instruments_seconds: float = parameter(
        900.0,
        doc="how long the venue's list of instruments is used before it is read again",
        unit="seconds",
        source="one 15m candle",
        low=60,
        high=86_400,
    )
    maximum_pairs: int = parameter(
        40, doc="pairs watched and streamed at most", unit="pairs", source=_SOURCE, low=1, high=400
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Opportunity:
    """What one scan found out about a pair: its score, or why it has none."""

    symbol: str
    score: float | None
    reason: str


def find_filter_failure(ticker: Ticker, parameters: ScannerParameters) -> str | None:
    """Why a pair fails the cheap filter on tickers; None when it passes."""
    if not (0 < ticker.bid <= ticker.ask):
        return "no usable bid and ask"
    if not ticker.quote_volume_24h > parameters.minimum_quote_volume:
        return f"24 h volume {ticker.quote_volume_24h:,.0f} USDT is too low"
    if not ticker.spread_percent < parameters.maximum_spread_percent:
        return f"spread {ticker.spread_percent:.3f} % is too wide"
    if not abs(ticker.change_24h_percent) > parameters.minimum_change_percent:
        return f"24 h change {ticker.change_24h_percent:+.2f} % is too small"
    return None


def opportunity_score(ticker: Ticker, atr_percent: float, parameters: ScannerParameters) -> float:
    """Score in [0, 100]: weighted volume, spread, volatility and momentum, each capped at 100."""
    spread_share = ticker.spread_percent / parameters.maximum_spread_percent
    change_share = abs(ticker.change_24h_percent) / parameters.full_change_percent
    return 100.0 * (
        parameters.volume_weight * min(1.0, ticker.quote_volume_24h / parameters.full_volume)
        + parameters.spread_weight * max(0.0, 1.0 - spread_share)
        + parameters.volatility_weight * min(1.0, atr_percent / parameters.full_atr_percent)
        + parameters.momentum_weight * min(1.0, change_share)
    )


def update_watchlist(
    watched: Sequence[WatchedPair],
    opportunities: Mapping[str, Opportunity],
    at: datetime,
    parameters: ScannerParameters,
) -> tuple[list[WatchedPair], list[WatchChange]]:
    """The next watchlist, best score first, and the changes that lead to it.

    A member stays until its score falls below `leave_score` or it fails `failed_scans_to_leave`
    scans in a row. A newcomer needs `join_score` and a free seat, or beats the weakest member by
    the distance between the two scores, so that two pairs of like score do not swap seats.
    """
    changes: list[WatchChange] = []
    stayed: list[WatchedPair] = []
    for pair in watched:
        opportunity = opportunities.get(pair.symbol) or _vanished(pair.symbol)
        kept, why_not = _keep(pair, opportunity, parameters)
        if kept is None:
            changes.append(_change(pair.symbol, WatchChangeKind.LEAVE, at, opportunity, why_not))
        else:
            stayed.append(kept)
    seated, seat_changes = _seat_newcomers(stayed, opportunities, at, parameters)
    return seated, changes + seat_changes


def _vanished(symbol: str) -> Opportunity:
    return Opportunity(symbol=symbol, score=None, reason="no longer traded")


def _keep(
    pair: WatchedPair, opportunity: Opportunity, parameters: ScannerParameters
) -> tuple[WatchedPair | None, str]:
    if opportunity.score is None:
        failed = pair.failed_scans + 1
        if failed >= parameters.failed_scans_to_leave:
            return None, f"failed {many(failed, 'scan')} in a row: {opportunity.reason}"
        return replace(pair, failed_scans=failed), ""
    if opportunity.score < parameters.leave_score:
        return None, f"score {opportunity.score:.1f} fell below {parameters.leave_score:g}"
    return WatchedPair(symbol=pair.symbol, score=opportunity.score), ""


def _seat_newcomers(
    stayed: Sequence[WatchedPair],
    opportunities: Mapping[str, Opportunity],
    at: datetime,
    parameters: ScannerParameters,
) -> tuple[list[WatchedPair], list[WatchChange]]:
    seated, changes = _shed(stayed, opportunities, at, parameters)
    margin = parameters.join_score - parameters.leave_score
    for newcomer in _newcomers(stayed, opportunities, parameters):
        opportunity = opportunities[newcomer.symbol]
        if len(seated) >= parameters.maximum_pairs:
            weakest = seated[-1]
            if newcomer.score < weakest.score + margin:
                break
            reason = f"displaced by {newcomer.symbol} with score {newcomer.score:.1f}"
            displaced = opportunities.get(weakest.symbol) or _vanished(weakest.symbol)
            changes.append(_change(weakest.symbol, WatchChangeKind.LEAVE, at, displaced, reason))
            seated.pop()
        reason = f"score {newcomer.score:.1f}: {opportunity.reason}"
        changes.append(_change(newcomer.symbol, WatchChangeKind.JOIN, at, opportunity, reason))
        seated = sorted([*seated, newcomer], key=_by_score)
    return seated, changes


def _shed(
    stayed: Sequence[WatchedPair],
    opportunities: Mapping[str, Opportunity],
    at: datetime,
    parameters: ScannerParameters,
) -> tuple[list[WatchedPair], list[WatchChange]]:
    """The members that have a seat, best first; more of them than seats after a new setting."""
    ranked, seats = sorted(stayed, key=_by_score), parameters.maximum_pairs
    reason = f"no seat left: {many(seats, 'pair is', 'pairs are')} watched at most"
    changes = []
    for pair in ranked[seats:]:
        opportunity = opportunities.get(pair.symbol) or _vanished(pair.symbol)
        changes.append(_change(pair.symbol, WatchChangeKind.LEAVE, at, opportunity, reason))
    return ranked[:seats], changes


def _newcomers(
    stayed: Sequence[WatchedPair],
    opportunities: Mapping[str, Opportunity],
    parameters: ScannerParameters,
) -> list[WatchedPair]:
    members = {pair.symbol for pair in stayed}
    newcomers = [
        WatchedPair(symbol=found.symbol, score=found.score)
        for found in opportunities.values()
        if found.score is not None
        and found.score >= parameters.join_score
        and found.symbol not in members
    ]
    return sorted(newcomers, key=_by_score)


def _by_score(pair: WatchedPair) -> tuple[float, str]:
    return (-pair.score, pair.symbol)


def _change(
    symbol: str, kind: WatchChangeKind, at: datetime, opportunity: Opportunity, reason: str
) -> WatchChange:
    return WatchChange(symbol=symbol, kind=kind, at=at, score=opportunity.score, reason=reason)
