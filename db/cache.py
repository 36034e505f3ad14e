"""What may be lost, kept for a while: in this process, or in Redis for several."""

from typing import NamedTuple

from db.redis_client import open_redis, translated_redis_errors
from engine.ports.clock import Clock

_PREFIX = "quorum:cache:"


class _Kept(NamedTuple):
    expires_at: float
    value: bytes


class MemoryCache:
    """Lives and dies with the process. Forgets what has expired whenever something is put."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: dict[str, _Kept] = {}

    async def get(self, key: str) -> bytes | None:
        """The value, None when absent or expired."""
        kept = self._kept.get(key)
        return kept.value if kept is not None and self._is_alive(kept) else None

    async def put(self, key: str, value: bytes, *, seconds: float) -> None:
        """Keep a value for a while."""
        self._kept = {k: kept for k, kept in self._kept.items() if self._is_alive(kept)}
        self._kept[key] = _Kept(self._clock.monotonic() + seconds, value)

    def _is_alive(self, kept: _Kept) -> bool:
        return self._clock.monotonic() < kept.expires_at


class RedisCache:
    """Shared by all processes on one Redis. Its methods raise `StorageUnavailableError`."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._redis = open_redis(url)

    async def get(self, key: str) -> bytes | None:
        """The value, None when absent or expired."""
        with translated_redis_errors(self._url):
            value = await self._redis.get(_PREFIX + key)
        return value if isinstance(value, bytes) else None

    async def put(self, key: str, value: bytes, *, seconds: float) -> None:
        """Keep a value for a while, at least a millisecond."""
        milliseconds = max(1, round(seconds * 1000))
        with translated_redis_errors(self._url):
            await self._redis.set(_PREFIX + key, value, px=milliseconds)

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.aclose()
