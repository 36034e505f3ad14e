"""What may be lost, kept for a while: in this process, or in Redis for several."""

import logging
from collections.abc import Coroutine
from typing import Any, Final, NamedTuple, TypeVar

from db.redis_client import open_redis, translated_redis_errors
from domain.errors import StorageUnavailableError
from engine.monitoring.values import StoreReading
from engine.ports.clock import Clock

_log = logging.getLogger(__name__)

_KEY: Final = "quorum:cache"

_PAUSE_SECONDS: Final = 5.0
"""How long a Redis that does not answer is left alone: a question to it may take seconds."""

_Answer = TypeVar("_Answer")


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

    def forget(self, key: str) -> None:
        """Keep a value no longer."""
        self._kept.pop(key, None)

    async def read(self) -> StoreReading:
        """How it is doing: always well."""
        return StoreReading(name="in process", error=None, milliseconds=None)

    async def close(self) -> None:
        """Nothing is open."""

    def _is_alive(self, kept: _Kept) -> bool:
        return self._clock.monotonic() < kept.expires_at


class RedisCache:
    """Outlives the process. `scope` names what its values belong to, for several bots may share a
    Redis. Its methods raise `StorageUnavailableError`.
    """

    def __init__(self, url: str, *, scope: str) -> None:
        self._url = url
        self._redis = open_redis(url)
        self._prefix = f"{_KEY}:{scope}:"

    async def get(self, key: str) -> bytes | None:
        """The value, None when absent or expired."""
        with translated_redis_errors(self._url):
            value = await self._redis.get(self._prefix + key)
        return value if isinstance(value, bytes) else None

    async def put(self, key: str, value: bytes, *, seconds: float) -> None:
        """Keep a value for a while, at least a millisecond."""
        milliseconds = max(1, round(seconds * 1000))
        with translated_redis_errors(self._url):
            await self._redis.set(self._prefix + key, value, px=milliseconds)

    async def ping(self) -> None:
        """Ask for nothing but an answer."""
        with translated_redis_errors(self._url):
            await self._redis.get(self._prefix)

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.aclose()


class FallbackCache:
    """Redis, and this process's memory for as long as Redis is away. Never raises."""

    def __init__(self, redis: RedisCache, clock: Clock) -> None:
        self._redis = redis
        self._clock = clock
        self._memory = MemoryCache(clock)
        self._left_alone_until = clock.monotonic()
        self._error: str | None = None

    async def get(self, key: str) -> bytes | None:
        """The value, None when absent, expired, or out of reach."""
        kept = await self._memory.get(key)  # newer than what Redis may still have from before
        return kept if kept is not None else await self._ask(self._redis.get(key))

    async def put(self, key: str, value: bytes, *, seconds: float) -> None:
        """Keep a value for a while: in Redis, or in memory while Redis does not answer."""
        await self._ask(self._redis.put(key, value, seconds=seconds))
        if self._error is None:
            self._memory.forget(key)
        else:
            await self._memory.put(key, value, seconds=seconds)

    async def read(self) -> StoreReading:
        """How Redis is doing, found out by asking it."""
        self._left_alone_until = began_at = self._clock.monotonic()
        await self._ask(self._redis.ping())
        milliseconds = (self._clock.monotonic() - began_at) * 1000
        return StoreReading(
            name="Redis",
            error=self._error,
            milliseconds=milliseconds if self._error is None else None,
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.close()

    async def _ask(self, question: Coroutine[Any, Any, _Answer]) -> _Answer | None:
        if self._clock.monotonic() < self._left_alone_until:
            question.close()
            return None
        try:
            answer = await question
        except StorageUnavailableError as error:
            self._note_loss(str(error))
            return None
        if self._error is not None:
            _log.info("Redis answers again, caches are shared")
            self._error = None
        return answer

    def _note_loss(self, error: str) -> None:
        if self._error is None:
            _log.warning("caches live in the process: %s", error)
        self._error = error
        self._left_alone_until = self._clock.monotonic() + _PAUSE_SECONDS
