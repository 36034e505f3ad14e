"""Looks at Redis, when one is configured."""

from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.doctor.check import Examination, failure, ok

_NAME = "Redis"
_MEND = "start Redis or mend REDIS_URL; without REDIS_URL everything is kept in the process"


async def examine_redis(url: str, *, connect_seconds: float = 3.0) -> Examination:
    """One line: whether it answers."""
    client = Redis.from_url(
        url, socket_connect_timeout=connect_seconds, socket_timeout=connect_seconds
    )
    try:
        await client.ping()
        yield ok(_NAME, "answers")
    except (RedisError, OSError) as error:
        yield failure(_NAME, f"does not answer: {error}", _MEND)
    finally:
        await client.aclose()
