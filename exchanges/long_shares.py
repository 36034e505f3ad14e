"""Reads which share of a pair is long over REST: each way a venue can be asked."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final

from domain.derivatives import Positioning
from domain.errors import InvalidDataError

LongShares = Mapping[int, float]
"""Share of longs in [0, 1], by the exchange ms at which the venue's period ended."""

_NEWEST: Final = 2
"""Two rows tell when one of several sources is a period ahead of the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareSource:
    """One request: `fetch(client, ccxt's name of the pair)` brings rows, `read` makes one of each.

    `read` raises `InvalidDataError`, `LookupError`, `TypeError` or `ValueError` for nonsense.
    """

    fetch: Callable[[Any, str], Awaitable[Any]]
    read: Callable[[Any], tuple[int, float]]


def binance_sources() -> tuple[ShareSource, ...]:
    """All accounts, top traders' accounts, top traders' positions; each tells the share itself."""
    methods = (
        "fapiDataGetGlobalLongShortAccountRatio",
        "fapiDataGetTopLongShortAccountRatio",
        "fapiDataGetTopLongShortPositionRatio",
    )
    return tuple(_binance_source(method) for method in methods)


def unified_source(period: str) -> ShareSource:
    """All accounts, as ccxt tells them of any venue; `period` is the venue's word for 5 minutes."""

    async def fetch(client: Any, name: str) -> Any:
        return await client.fetch_long_short_ratio_history(name, period, limit=_NEWEST)

    return ShareSource(fetch=fetch, read=_unified_share)


def positioning_of(
    crowd: LongShares,
    top_accounts: LongShares | None = None,
    top_positions: LongShares | None = None,
) -> Positioning | None:
    """The newest shares that belong to one instant; None where nothing is told.

    The instant is the newest that all of those that tell anything have in common; without one it
    is the newest of all, and who does not tell it stays unknown.
    """
    kinds = (crowd, top_accounts or {}, top_positions or {})
    told = [set(shares) for shares in kinds if shares]
    if not told:
        return None
    at_ms = max(set.intersection(*told) or set.union(*told))
    return Positioning(
        exchange_ms=at_ms,
        crowd_long_share=kinds[0].get(at_ms),
        top_accounts_long_share=kinds[1].get(at_ms),
        top_positions_long_share=kinds[2].get(at_ms),
    )


def _binance_source(method: str) -> ShareSource:
    async def fetch(client: Any, name: str) -> Any:
        query = {"symbol": client.market_id(name), "period": "5m", "limit": _NEWEST}
        return await getattr(client, method)(query)

    return ShareSource(fetch=fetch, read=_binance_share)


def _binance_share(row: Any) -> tuple[int, float]:
    share = float(row["longAccount"])
    if not 0 <= share <= 1:
        raise InvalidDataError(f"share of longs is {share}")
    return _instant(row), share


def _unified_share(row: Any) -> tuple[int, float]:
    ratio = float(row["longShortRatio"])
    if not (isfinite(ratio) and ratio >= 0):
        raise InvalidDataError(f"longs per short are {ratio}")
    return _instant(row), ratio / (1 + ratio)


def _instant(row: Any) -> int:
    at_ms = int(row["timestamp"])
    if at_ms <= 0:
        raise InvalidDataError(f"timestamp is {at_ms}")
    return at_ms
