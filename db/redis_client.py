"""How Redis is reached, and its errors as ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from domain.errors import ConfigurationError, StorageUnavailableError

_ANSWER_SECONDS = 2.0
# Enough for a connection that the server had closed while idle. The client's own default, ten
# attempts with growing pauses, would outlast the lease of a lock.
_RETRIES = 1


def open_redis(url: str) -> Redis:
    """A client for `redis://`, `rediss://` or `unix://`; connects at its first command.

    Raises `ConfigurationError`, never with a password.
    """
    try:
        return Redis.from_url(
            url,
            socket_timeout=_ANSWER_SECONDS,
            socket_connect_timeout=_ANSWER_SECONDS,
            retry=Retry(NoBackoff(), _RETRIES),
        )
    except ValueError:
        # The cause may quote the URL, and the URL may hold a password.
        raise ConfigurationError(
            "REDIS_URL is not understood; allowed are redis://user:password@host:6379/0, "
            "rediss:// (encrypted) and unix:///path/to/socket"
        ) from None


@contextmanager
def translated_redis_errors(url: str) -> Iterator[None]:
    """Raise `StorageUnavailableError` for whatever Redis or the way to it does wrong."""
    try:
        yield
    except (RedisError, OSError) as error:
        raise StorageUnavailableError(
            f"Redis at {_place_of(url)} does not answer: {error}. "
            "Check REDIS_URL and that the server runs"
        ) from error


def _place_of(url: str) -> str:
    parts = urlsplit(url)
    return parts.netloc.rpartition("@")[2] + parts.path
