"""Every movement once, as whoever told of it first did."""

from collections import defaultdict
from typing import NamedTuple

from domain.transfers import Transfer
from layers.onchain.readings.forgetting import drop_oldest, drop_oldest_of_each


class Told(NamedTuple):
    """A transfer, and when it became known."""

    known_ms: int
    transfer: Transfer


class TransferLog:
    """Keys of all transfers, and the recent ones whole, by coin.

    Answers may come in any order: the earliest one that told of a movement is the one that counts,
    of one instant that of the first provider by name.
    """

    def __init__(self) -> None:
        self._first: dict[int, tuple[int, str, int]] = {}
        self._recent: defaultdict[str, dict[int, Told]] = defaultdict(dict)

    def __len__(self) -> int:
        return len(self._first)

    def take(self, key: int, transfer: Transfer, known_ms: int) -> bool:
        """Take in a transfer under its key; whether it was not known before."""
        first = self._first.get(key)
        if first is not None and first[:2] <= (known_ms, transfer.provider):
            return False
        self._first[key] = (known_ms, transfer.provider, transfer.happened_ms)
        self._recent[transfer.asset][key] = Told(known_ms, transfer)
        return first is None

    def between(self, asset: str, since_ms: int, at_ms: int) -> list[Transfer]:
        """Transfers of a coin that happened in (since, at] and were known then, in no order."""
        return [
            told.transfer
            for told in self._recent.get(asset, {}).values()
            if since_ms < told.transfer.happened_ms <= at_ms and told.known_ms <= at_ms
        ]

    def forget_before(self, oldest_ms: int, recent_ms: int) -> None:
        """Drop what happened before the first instant, and all but the key before the second."""
        drop_oldest(self._first, lambda _, first: first[2] < oldest_ms)
        drop_oldest_of_each(
            self._recent, lambda _, told: max(told.known_ms, told.transfer.happened_ms) < recent_ms
        )
