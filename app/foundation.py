"""What everything else is built on, and what has to be closed when nothing runs any more."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from app.clock import ExchangeClock
from app.ground import Ground, Hide
from app.instance import InstanceGuard
from app.jobs import JobSchedule
from app.market_data import open_market_data
from app.outside import build_outside_state
from app.redaction import Redactor
from app.settings import Settings, secrets_of
from app.settings.sections import ExchangeSettings, StorageSettings
from bot.presenters.html_presenter import HtmlPresenter
from db.cache import FallbackCache, MemoryCache, RedisCache
from db.engine import create_database_engine, is_sqlite
from db.instance_lock import lock_scope
from db.unit_of_work import SqlStorage
from engine.market_state import MarketState
from engine.order_flow import OrderFlowState
from engine.statistics import LedgerReader

_VENUE_DIGITS: Final = 12

Progress = Callable[[int, int], None]
"""Told how many pairs' history is loaded, of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foundation:
    """The ground that every part knows, and what only those who wire the parts do."""

    ground: Ground
    storage: SqlStorage
    database: AsyncEngine
    cache: MemoryCache | FallbackCache
    guard: InstanceGuard
    jobs: JobSchedule
    presenter: HtmlPresenter
    reader: LedgerReader
    redactor: Redactor

    @property
    def database_name(self) -> str:
        """As people call it."""
        return "SQLite" if is_sqlite(self.database.url) else "PostgreSQL"

    async def close(self) -> None:
        """Give up what is held open, the right to be the only bot last."""
        await self.cache.close()
        await self.database.dispose()
        await self.guard.release()


def lay_foundation(
    settings: Settings,
    clock: ExchangeClock,
    *,
    wake: Callable[[], None],
    on_progress: Progress,
    hide: Hide,
) -> Foundation:
    """Connects to nothing yet."""
    database = create_database_engine(settings.storage.database_url.get_secret_value())
    storage, presenter = SqlStorage(database), HtmlPresenter()
    redactor = Redactor(secrets_of(settings))
    market = MarketState(
        OrderFlowState(settings.strategy.orderflow, clock, speed=clock.speed),
        build_outside_state(settings),
    )
    data = open_market_data(
        settings.exchange,
        settings.strategy.market_data,
        clock,
        on_progress,
        pool_share=settings.strategy.polling.pool_share,
    )
    return Foundation(
        ground=Ground(
            settings=settings,
            market=market,
            data=data,
            storage=storage,
            presenter=presenter,
            clock=clock,
            wake=wake,
            hide=lambda secrets: _hide(secrets, hide, redactor.learn),
        ),
        storage=storage,
        database=database,
        cache=_open_cache(settings, clock),
        guard=InstanceGuard(settings.storage, clock),
        jobs=JobSchedule(clock),
        presenter=presenter,
        reader=LedgerReader(),
        redactor=redactor,
    )


def _hide(secrets: Sequence[str], *ways: Hide) -> None:
    for hide in ways:
        hide(secrets)


def _open_cache(settings: Settings, clock: ExchangeClock) -> MemoryCache | FallbackCache:
    url = settings.storage.redis_url
    if url is None:
        return MemoryCache(clock)
    scope = cache_scope(settings.storage, settings.exchange)
    return FallbackCache(RedisCache(url.get_secret_value(), scope=scope), clock)


def cache_scope(storage: StorageSettings, exchange: ExchangeSettings) -> str:
    """Whose values a cache keeps: those of one database, of one exchange at one address."""
    venue = sha256(repr((exchange.name, exchange.rest_url)).encode()).hexdigest()[:_VENUE_DIGITS]
    return f"{lock_scope(storage.database_url.get_secret_value())}:{venue}"
