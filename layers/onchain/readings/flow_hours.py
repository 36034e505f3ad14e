"""One provider's net flow out of exchanges, by coin and clock hour.

Sums are whole dollars, so that they are exact in whatever order transfers come and can be read as
of an instant by taking away what was told after it.
"""

from collections import defaultdict
from collections.abc import Collection
from typing import Final, NamedTuple

from domain.transfers import Transfer, TransferKind
from layers.onchain.readings.forgetting import drop_oldest, drop_oldest_of_each
from layers.onchain.readings.spans import HOUR_MS

_SIGNS: Final = {TransferKind.WITHDRAWAL: 1, TransferKind.DEPOSIT: -1}


class _Telling(NamedTuple):
    known_ms: int
    happened_ms: int
    asset: str
    net_usd: int


class FlowHours:
    """What this provider told, each movement once, as it told it first."""

    def __init__(self) -> None:
        self._tellings: dict[int, _Telling] = {}
        self._recent: defaultdict[str, dict[int, _Telling]] = defaultdict(dict)
        self._hours: defaultdict[str, dict[int, int]] = defaultdict(dict)

    def take(self, key: int, transfer: Transfer, known_ms: int) -> None:
        """Take in a transfer; one that did not enter or leave exchanges is no flow."""
        sign = _SIGNS.get(transfer.kind)
        earlier = self._tellings.get(key)
        if sign is None or (earlier is not None and earlier.known_ms <= known_ms):
            return
        if earlier is not None:
            self._add(earlier, -earlier.net_usd)
        telling = _Telling(
            known_ms, transfer.happened_ms, transfer.asset, sign * round(transfer.usd)
        )
        self._tellings[key] = self._recent[transfer.asset][key] = telling
        self._add(telling, telling.net_usd)

    def net_usd(self, asset: str, since_ms: int, at_ms: int) -> int:
        """What left exchanges less what came to them in (since, at], as known then."""
        return sum(
            told.net_usd
            for told in self._recent.get(asset, {}).values()
            if since_ms < told.happened_ms <= at_ms and told.known_ms <= at_ms
        )

    def moments(self, asset: str, hours: Collection[int], at_ms: int) -> tuple[int, int]:
        """Sum and sum of squares of the net flows of some clock hours, as known at an instant."""
        nets = {hour: net for hour, net in self._hours.get(asset, {}).items() if hour in hours}
        for told in self._recent.get(asset, {}).values():
            hour = told.happened_ms // HOUR_MS
            if told.known_ms > at_ms and hour in nets:
                nets[hour] -= told.net_usd
        return sum(nets.values()), sum(net * net for net in nets.values())

    def forget_before(self, oldest_ms: int, recent_ms: int) -> None:
        """Drop what happened before the first instant; after the second all is readable late."""
        drop_oldest(self._tellings, lambda _, told: told.happened_ms < oldest_ms)
        drop_oldest_of_each(
            self._recent, lambda _, told: max(told.happened_ms, told.known_ms) < recent_ms
        )
        drop_oldest_of_each(self._hours, lambda hour, _: hour < oldest_ms // HOUR_MS)

    def _add(self, told: _Telling, net_usd: int) -> None:
        hours, hour = self._hours[told.asset], told.happened_ms // HOUR_MS
        hours[hour] = hours.get(hour, 0) + net_usd
