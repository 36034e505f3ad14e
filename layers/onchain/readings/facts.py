"""Everything that was told, kept as long as a reading may ask for it."""

from collections import defaultdict
from hashlib import blake2b
from typing import Final

from domain.onchain import DexActivity, StablecoinSupply
from domain.transfers import Transfer
from layers.onchain.readings.attendance import Coins
from layers.onchain.readings.latest import Latest
from layers.onchain.readings.limits import Limits
from layers.onchain.readings.provider import Provider
from layers.onchain.readings.spans import HOUR_MS
from layers.onchain.readings.transfer_log import TransferLog

_KEY_BYTES: Final = 7
"""Two of 100,000 movements share a number once in ten million times."""


class Facts:
    """Transfers by coin, by provider and by hour; the newest supply and DEX trades."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._newest_ms = 0
        self.log = TransferLog()
        self.providers: dict[str, Provider] = {}
        self.supply = Latest[StablecoinSupply]()
        self.dex: defaultdict[str, Latest[DexActivity]] = defaultdict(Latest)

    def note_answer(self, provider: str, answered_ms: int, watched: Coins) -> None:
        """Take in that a provider answered; one that watches no coin has no attendance."""
        if watched:
            self._provider(provider).attendance.note(answered_ms, watched)
        self._forget(answered_ms)

    def take(self, provider: str, transfer: Transfer, known_ms: int) -> bool:
        """Take in a transfer; whether nobody had told of it before."""
        key = _number_of(transfer.key)
        self._provider(provider).flows.take(key, transfer, known_ms)
        return self.log.take(key, transfer, known_ms)

    def _provider(self, name: str) -> Provider:
        return self.providers.setdefault(name, Provider(name))

    def _forget(self, answered_ms: int) -> None:
        """Once an hour, drop what is too old to be asked for."""
        is_same_hour = answered_ms // HOUR_MS <= self._newest_ms // HOUR_MS
        self._newest_ms = max(self._newest_ms, answered_ms)
        if is_same_hour:
            return
        limits, now_ms = self._limits, self._newest_ms
        oldest_ms, recent_ms = now_ms - limits.kept_ms, now_ms - limits.recent_ms
        self.log.forget_before(oldest_ms, recent_ms)
        for provider in self.providers.values():
            provider.attendance.forget_before(oldest_ms, recent_ms)
            provider.flows.forget_before(oldest_ms, recent_ms)
        self.supply.forget_before(now_ms - limits.supply_ms - limits.lateness_ms)
        for activity in self.dex.values():
            activity.forget_before(now_ms - limits.dex_ms - limits.lateness_ms)


def _number_of(key: str) -> int:
    """A number for a key of 120 letters: a week of them is kept, and it takes a fifth of that."""
    return int.from_bytes(blake2b(key.encode(), digest_size=_KEY_BYTES).digest())
