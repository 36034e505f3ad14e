"""Listen keys: by which an account's private stream is found, and how long each lives."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class _Lease:
    key: str
    until: float


class ListenKeys:
    """One listen key per account at most. `wall` returns seconds that only ever grow."""

    def __init__(self, wall: Callable[[], float], life_seconds: float) -> None:
        self._wall = wall
        self._life = life_seconds
        self._leases: dict[str, _Lease] = {}
        self._made = 0

    def ask(self, api_key: str) -> str:
        """The key of an account, made new where it has none; its life begins again."""
        lease = self._leases.get(api_key)
        if lease is None:
            self._made += 1
            name = hashlib.sha256(f"{api_key} {self._made}".encode()).hexdigest()
            lease = self._leases[api_key] = _Lease(name, 0.0)
        lease.until = self._wall() + self._life
        return lease.key

    def renew(self, api_key: str) -> str | None:
        """Let the life of an account's key begin again; None where there is no key."""
        return self.ask(api_key) if api_key in self._leases else None

    def end(self, api_key: str) -> None:
        """Forget the key of an account."""
        self._leases.pop(api_key, None)

    def current(self, api_key: str) -> str | None:
        """The key of an account."""
        lease = self._leases.get(api_key)
        return None if lease is None else lease.key

    def expired(self) -> list[tuple[str, str]]:
        """Accounts whose keys have come to their end, with the keys, which are forgotten here."""
        now = self._wall()
        gone = [(api_key, each.key) for api_key, each in self._leases.items() if each.until <= now]
        for api_key, _ in gone:
            del self._leases[api_key]
        return gone
