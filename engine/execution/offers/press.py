"""Use case: a trader presses *execute* under a signal."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from domain.accounts import Account
from domain.intents import Intent, IntentEvent, IntentState, number_at
from domain.plans import Denial, Denied, TradePlan
from domain.signals import FollowedSignal
from engine.execution.accounts.sight import AccountSight, look_at_account
from engine.execution.accounts.traders import check_trader, choose_account, deny
from engine.execution.offers.checks import ExecutionChecks, check_fresh
from engine.execution.offers.opening import open_position
from engine.execution.parameters import ExecutionParameters
from engine.execution.requests import Pressed
from engine.execution.telling.offer_cards import show_offer
from engine.only_writer import become_only_writer
from engine.ports.broker import OpenBroker
from engine.ports.clock import Clock
from engine.ports.presenting import Presenter
from engine.ports.storage import Storage, UnitOfWork
from engine.readiness.live_gate import LiveGate
from engine.redo import redo_on_conflict


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """A press that nothing stands against so far."""

    user_id: int
    account: Account
    followed: FollowedSignal


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """A new intent, and its position where nobody has to be asked."""

    intent: Intent
    position_id: int | None


class RequestExecution:
    """Makes an offer of a press, or a position at once where nothing has to be confirmed.

    The account's own figures are asked for outside the transaction, everything else is judged in
    it: of two presses at once, one finds the intent of the other. `on_confirmed` is told of a new
    position once it is stored.
    """

    def __init__(
        self,
        *,
        storage: Storage,
        presenter: Presenter,
        clock: Clock,
        checks: ExecutionChecks,
        open_broker: OpenBroker,
        on_confirmed: Callable[[int], None],
        parameters: ExecutionParameters,
        live: LiveGate,
        confirm: bool,
    ) -> None:
        self._storage = storage
        self._presenter = presenter
        self._clock = clock
        self._checks = checks
        self._open_broker = open_broker
        self._on_confirmed = on_confirmed
        self._parameters = parameters
        self._live = live
        self._confirm = confirm

    async def __call__(self, signal_id: int, user_id: int) -> Pressed | Denied:
        """What came of a press; a refusal names every reason, and nothing was sent then."""
        async with self._storage() as unit:
            wish = await self._find_wish(unit, signal_id, user_id)
        if not isinstance(wish, _Wish):
            return wish
        sight = await look_at_account(self._open_broker, wish.account)
        taken = await redo_on_conflict(lambda: self._take(wish, sight))
        if not isinstance(taken, _Taken):
            return taken
        if taken.position_id is not None:
            self._on_confirmed(taken.position_id)
        return Pressed(intent=taken.intent, is_repeat=False)

    async def _find_wish(
        self, unit: UnitOfWork, signal_id: int, user_id: int
    ) -> _Wish | Pressed | Denied:
        denied = await check_trader(unit, user_id)
        if denied is not None:
            return denied
        followed = await unit.signals.find(signal_id)
        if followed is None:
            return deny("unknown_signal", f"there is no signal #{signal_id}")
        account = await choose_account(unit, user_id, live=self._live)
        if isinstance(account, Denied):
            return account
        earlier = await unit.intents.find_open(signal_id, account.name)
        if earlier is not None:
            return _repeat(earlier, user_id)
        stale = check_fresh(followed, self._clock.now())
        if stale:
            return Denied(denials=stale)
        return _Wish(user_id=user_id, account=account, followed=followed)

    async def _take(self, asked: _Wish, sight: AccountSight | Denial) -> _Taken | Pressed | Denied:
        async with self._storage() as unit:
            # Two trades at once must not both be promised what is left of heat and margin.
            await become_only_writer(unit)
            signal = asked.followed.signal
            wish = await self._find_wish(unit, signal.id, asked.user_id)
            if not isinstance(wish, _Wish):
                return wish
            if wish.account.name != asked.account.name:
                return deny(
                    "account_changed", "mode or account were changed meanwhile: press again"
                )
            plan = await self._checks(unit, wish.account, signal, sight, self._clock.now())
            if isinstance(plan, Denied):
                return plan
            taken = await self._store(unit, wish, plan)
            await unit.commit()
        return taken

    async def _store(self, unit: UnitOfWork, wish: _Wish, plan: TradePlan) -> _Taken:
        now, signal = self._clock.now(), wish.followed.signal
        intent = Intent(
            id=number_at(now, await unit.intents.next_id()),
            signal_id=signal.id,
            account=wish.account.name,
            user_id=wish.user_id,
            instrument=signal.instrument,
            plan=plan,
            style=self._parameters.entry,
            share=Decimal(1),
            quantity=plan.quantity,
            leverage=int(plan.leverage),
            state=IntentState.OFFERED,
            created_at=now,
            expires_at=signal.valid_until,
        )
        if not self._confirm:
            intent = intent.after(IntentEvent.CONFIRM)
        await unit.intents.add(intent)
        position_id = None if self._confirm else await open_position(unit, intent, signal, now)
        await show_offer(unit, self._presenter, intent, now)
        return _Taken(intent=intent, position_id=position_id)


def _repeat(earlier: Intent, user_id: int) -> Pressed | Denied:
    if earlier.user_id == user_id:
        return Pressed(intent=earlier, is_repeat=True)
    text = f"signal #{earlier.signal_id} was taken with this account already, by another trader"
    return deny("taken", text)
