"""Opens the broker of an account: paper, the operator's own, or one that a trader connected."""

import random  # noqa: TID251 - app owns randomness
from collections.abc import Callable, Sequence

from pydantic import SecretStr

from app.account_locks import AccountLocks
from app.clock import ExchangeClock
from app.locked_broker import LockedBroker
from app.settings.sections import ExchangeSettings
from db.key_sealer import FernetKeySealer
from domain.accounts import OPERATOR, Account, ExecutionMode
from domain.errors import AccessRefusedError, ConfigurationError
from engine.execution.parameters import StopTrigger
from engine.ports.broker import Broker
from engine.ports.keys import ApiKey, KeySealer
from engine.ports.storage import Storage
from exchanges.ccxt_broker.opening import open_ccxt_broker
from exchanges.ccxt_broker.pair_list import PairList
from exchanges.paper.venue import PaperVenue
from exchanges.rejected_rows import RejectedRows
from exchanges.venues import venue
from exchanges.weight import WeightBudget


class Brokers:
    """The one place where keys meet the exchange."""

    def __init__(
        self,
        settings: ExchangeSettings,
        *,
        storage: Storage,
        clock: ExchangeClock,
        budget: WeightBudget,
        paper: PaperVenue,
        sealer: KeySealer | None,
        locks: AccountLocks,
        rejected: RejectedRows,
        stop_trigger: StopTrigger,
        hide: Callable[[Sequence[str]], None],
    ) -> None:
        self._settings = settings
        self._storage = storage
        self._clock = clock
        self._budget = budget
        self._paper = paper
        self._sealer = sealer
        self._locks = locks
        self._rejected = rejected
        self._pairs = PairList()
        self._stop_trigger = stop_trigger
        self._hide = hide

    async def open(self, account: Account) -> Broker:
        """The broker of an account; a live one belongs to this process until it is closed.

        Raises `AccessRefusedError` where there is no usable key, or another Quorum uses it.
        """
        if account.mode is ExecutionMode.PAPER:
            return await self._paper.open(account)
        key = await self._key_of(account)
        place = f"{self._settings.name} {self._settings.rest_url or ''}"
        async with await self._locks.take(account.name, place, key.key) as lock:
            return LockedBroker(await self.open_with(key), lock.pop_all())

    async def open_with(self, key: ApiKey) -> Broker:
        """A broker for whoever owns the key, to look at the account with."""
        self._hide([key.key, key.secret])
        return open_live_broker(
            self._settings,
            key,
            clock=self._clock,
            budget=self._budget,
            stop_trigger=self._stop_trigger,
            rejected=self._rejected,
            pairs=self._pairs,
        )

    async def _key_of(self, account: Account) -> ApiKey:
        if account.name == OPERATOR:
            return operator_key(self._settings)
        if self._sealer is None or account.user_id is None:
            raise AccessRefusedError(
                f"{account.name}: its key cannot be opened without ACCOUNT_MASTER_KEYS"
            )
        async with self._storage() as unit:
            stored = await unit.accounts.find_key(account.user_id)
        if stored is None:
            raise AccessRefusedError(f"{account.name}: no key is connected; /connect it again")
        try:
            return self._sealer.open(stored.sealed)
        except ConfigurationError as error:
            raise AccessRefusedError(f"{account.name}: {error}") from error


def open_live_broker(
    settings: ExchangeSettings,
    key: ApiKey,
    *,
    clock: ExchangeClock,
    budget: WeightBudget,
    stop_trigger: StopTrigger,
    rejected: RejectedRows | None = None,
    pairs: PairList | None = None,
) -> Broker:
    """A broker at the exchange of the settings; connects nowhere yet.

    `rejected` and `pairs` are those of the whole process; None where there is but this broker.
    """
    return open_ccxt_broker(
        venue(settings.name),
        key.key,
        key.secret,
        clock=clock,
        budget=budget,
        rejected=RejectedRows() if rejected is None else rejected,
        pairs=PairList() if pairs is None else pairs,
        jitter=random.random,
        stop_trigger=stop_trigger,
        rest_url=settings.rest_url,
        ws_url=settings.ws_url,
    )


def open_sealer(master_keys: Sequence[SecretStr]) -> KeySealer | None:
    """What guards traders' keys; None without a master key."""
    if not master_keys:
        return None
    return FernetKeySealer([key.get_secret_value() for key in master_keys])


def operator_key(settings: ExchangeSettings) -> ApiKey:
    """The key of the operator's own account. Raises `AccessRefusedError` where there is none."""
    if settings.api_key is None or settings.api_secret is None:
        raise AccessRefusedError(
            "operator: BINANCE_API_KEY and BINANCE_API_SECRET are not set, so there is no account"
            " of the operator to trade with"
        )
    return ApiKey(
        key=settings.api_key.get_secret_value(), secret=settings.api_secret.get_secret_value()
    )
