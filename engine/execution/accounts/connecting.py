"""Use cases about a trader's own account: connect it, set its limits, erase it, rotate keys."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal
from typing import Final

from domain.accounts import Account, ExecutionMode
from domain.errors import ConfigurationError, ConflictError, NotFoundError
from domain.intents import IntentEvent
from domain.plans import Denied
from engine.execution.accounts.candidate import (
    Candidate,
    OpenCandidate,
    check_permissions,
    check_same_account,
    try_key,
)
from engine.execution.accounts.traders import check_trader, deny, trader_account_name
from engine.execution.requests import Connected
from engine.execution.telling.offer_cards import end_offer
from engine.only_writer import become_only_writer
from engine.ports.clock import Clock
from engine.ports.execution_storage import SealedKey
from engine.ports.keys import ApiKey, KeySealer
from engine.ports.presenting import Presenter
from engine.ports.storage import Storage, UnitOfWork

KEY_TAKEN: Final = (
    "this key is in use here already, for another account; make a key of an exchange account of "
    "your own"
)

OnConnected = Callable[[Account], Awaitable[None]]
"""Told of an account with a new key: an open broker of it is stale."""

OnDisconnected = Callable[[str], Awaitable[None]]
"""Told the name of an account that is no more."""


class ConnectAccount:
    """Takes a trader's own key, once it has been proved to be able to trade and nothing worse.

    `is_withdrawal_told` is false only for a venue that never tells whether a key may withdraw;
    `operator_key` is the id of the key in the settings. One account at the venue may have one name
    here only: under two, each would take the other's orders for strays.
    """

    def __init__(
        self,
        *,
        storage: Storage,
        clock: Clock,
        sealer: KeySealer,
        open_candidate: OpenCandidate,
        on_connected: OnConnected,
        is_withdrawal_told: bool = True,
        operator_key: str | None = None,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._sealer = sealer
        self._open_candidate = open_candidate
        self._on_connected = on_connected
        self._is_withdrawal_told = is_withdrawal_told
        self._operator_key = operator_key

    async def __call__(self, user_id: int, api_key: str, api_secret: str) -> Connected | Denied:
        """The connected account; a refused key is kept nowhere."""
        async with self._storage() as unit:
            denied = await check_trader(unit, user_id)
        if denied is not None:
            return denied
        key = ApiKey(key=api_key.strip(), secret=api_secret.strip())
        if not (key.key and key.secret):
            return deny("no_key", "a key and its secret are needed: /connect KEY SECRET")
        candidate = await try_key(self._open_candidate, key)
        if isinstance(candidate, Denied):
            return candidate
        refused = check_permissions(
            candidate.permissions, is_withdrawal_told=self._is_withdrawal_told
        )
        return Denied(denials=refused) if refused else await self._keep(user_id, key, candidate)

    async def _keep(self, user_id: int, key: ApiKey, candidate: Candidate) -> Connected | Denied:
        name = trader_account_name(user_id)
        sealed = SealedKey(user_id=user_id, sealed=self._sealer.seal(key.key, key.secret))
        async with self._storage() as unit:
            await become_only_writer(unit)
            if await self._is_taken(unit, user_id, key):
                return deny("key_taken", KEY_TAKEN)
            other = check_same_account(await unit.positions.list_live(name), candidate)
            if other:
                return Denied(denials=other)
            earlier = await unit.accounts.find_of(user_id)
            account = earlier or Account(name=name, mode=ExecutionMode.LIVE, user_id=user_id)
            account = replace(account, connected_at=self._clock.now())
            await unit.accounts.connect(account, sealed)
            await unit.commit()
        await self._on_connected(account)
        return Connected(
            account=name,
            equity=candidate.standing.equity,
            is_new=earlier is None,
            position_mode=candidate.standing.position_mode,
        )

    async def _is_taken(self, unit: UnitOfWork, user_id: int, key: ApiKey) -> bool:
        """Whether the key is the operator's, or connected by another trader."""
        if key.key == self._operator_key:
            return True
        others = [
            account.user_id
            for account in await unit.accounts.list_connected()
            if account.user_id not in (None, user_id)
        ]
        return key.key in [await self._read_key_id(unit, other) for other in others if other]

    async def _read_key_id(self, unit: UnitOfWork, user_id: int) -> str | None:
        stored = await unit.accounts.find_key(user_id)
        if stored is None:
            return None
        try:
            return self._sealer.open(stored.sealed).key
        except ConfigurationError:
            return None  # a key that nobody can open trades nothing


class DisconnectAccount:
    """Erases a trader's account and key."""

    def __init__(
        self,
        *,
        storage: Storage,
        presenter: Presenter,
        clock: Clock,
        on_disconnected: OnDisconnected,
    ) -> None:
        self._storage = storage
        self._presenter = presenter
        self._clock = clock
        self._on_disconnected = on_disconnected

    async def __call__(self, user_id: int) -> bool:
        """Whether there was one; offers made for it are declined.

        Raises `ConflictError`, in words for its owner, while the account has live positions:
        nobody could protect or close them without the key.
        """
        name = trader_account_name(user_id)
        async with self._storage() as unit:
            await become_only_writer(unit)
            if await unit.accounts.find_of(user_id) is None:
                return False
            live = await unit.positions.list_live(name)
            if live:
                pairs = ", ".join(books.position.instrument.pair for books in live)
                raise ConflictError(f"your account has live positions ({pairs}): close them first")
            await self._decline_offers(unit, user_id, name)
            await unit.accounts.disconnect(user_id)
            await unit.commit()
        await self._on_disconnected(name)
        return True

    async def _decline_offers(self, unit: UnitOfWork, user_id: int, account: str) -> None:
        now, reason = self._clock.now(), "the account was disconnected"
        for offer in await unit.intents.list_offered(user_id):
            if offer.account == account:
                event = IntentEvent.DECLINE
                await end_offer(unit, self._presenter, offer, event, now, reason)


class SetLimits:
    """Sets what the owner of a connected account wants to risk: never more than the operator."""

    def __init__(self, *, storage: Storage, maximum_positions: int) -> None:
        self._storage = storage
        self._maximum_positions = maximum_positions

    async def __call__(
        self, user_id: int, risk_share: Decimal, maximum_positions: int | None
    ) -> Account:
        """The account with its limits; `risk_share` in (0, 1], positions None for the operator's.

        Raises `ConfigurationError` for a limit out of range, `NotFoundError` without an account.
        """
        self._check(risk_share, maximum_positions)
        async with self._storage() as unit:
            account = await unit.accounts.find_of(user_id)
            if account is None:
                raise NotFoundError(f"user {user_id} has no connected account")
            limited = replace(account, risk_share=risk_share, maximum_positions=maximum_positions)
            await unit.accounts.save_limits(limited)
            await unit.commit()
        return limited

    def _check(self, risk_share: Decimal, maximum_positions: int | None) -> None:
        if not (risk_share.is_finite() and 0 < risk_share <= 1):
            raise ConfigurationError(
                f"the share of the risk is {risk_share}; allowed is above 0 and up to 1, "
                "where 1 is all that the operator risks per trade"
            )
        most = self._maximum_positions
        if maximum_positions is not None and not 1 <= maximum_positions <= most:
            raise ConfigurationError(
                f"positions at once are {maximum_positions}; allowed is 1 to {most}, "
                "the operator's own limit"
            )


class RotateKeys:
    """Seals every stored key anew under the newest master key."""

    def __init__(self, *, storage: Storage, sealer: KeySealer) -> None:
        self._storage = storage
        self._sealer = sealer

    async def __call__(self) -> int:
        """How many; all of them or none. Raises `ConfigurationError` where one can't be opened."""
        count = 0
        async with self._storage() as unit:
            # A key that is connected at this moment must not be replaced by the one before it.
            await become_only_writer(unit)
            for account in await unit.accounts.list_connected():
                key = (
                    None
                    if account.user_id is None
                    else await unit.accounts.find_key(account.user_id)
                )
                if key is None:
                    continue
                await unit.accounts.replace_key(
                    replace(key, sealed=self._sealer.rotate(key.sealed))
                )
                count += 1
            await unit.commit()
        return count
