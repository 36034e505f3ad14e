"""The storage of a backtest: what the live use cases touch, in memory and at once."""

from types import TracebackType
from typing import NoReturn, Self

from domain.errors import NotFoundError
from engine.backtest.decisions import CountedDecisions
from engine.backtest.outbox import DroppedMessages, Nobody, OnMessages
from engine.backtest.outcomes import RememberedOutcomes
from engine.backtest.repositories import KeptLedger, KeptSignals, KeptState
from engine.ports.storage import UnitOfWork


class BacktestStorage(UnitOfWork):
    """`storage()` opens a unit of work, which is the storage itself.

    One use case runs at a time, and an error ends the backtest: nothing is ever rolled back, so
    what is written counts at once.
    """

    def __init__(self, on_messages: OnMessages | None = None) -> None:
        self._decisions = CountedDecisions()
        self._signals = KeptSignals()
        self._ledger = KeptLedger()
        self._outbox = DroppedMessages(on_messages)
        self._state = KeptState()
        self._users = Nobody()
        self._outcomes = RememberedOutcomes()

    def __call__(self) -> Self:
        """Open a unit of work."""
        return self

    @property
    def decisions(self) -> CountedDecisions:
        """Decisions, as counts."""
        return self._decisions

    @property
    def signals(self) -> KeptSignals:
        """Signals."""
        return self._signals

    @property
    def ledger(self) -> KeptLedger:
        """The record."""
        return self._ledger

    @property
    def outbox(self) -> DroppedMessages:
        """Messages, which are not kept."""
        return self._outbox

    @property
    def state(self) -> KeptState:
        """Pause and breakers."""
        return self._state

    @property
    def users(self) -> Nobody:
        """Nobody."""
        return self._users

    @property
    def outcomes(self) -> RememberedOutcomes:
        """What became of setups."""
        return self._outcomes

    @property
    def watchlist(self) -> NoReturn:
        """Not kept."""
        raise _not_kept("watchlist")

    @property
    def shadows(self) -> NoReturn:
        """Not kept."""
        raise _not_kept("shadows")

    @property
    def intents(self) -> NoReturn:
        """Not kept."""
        raise _not_kept("intents")

    @property
    def positions(self) -> NoReturn:
        """Not kept."""
        raise _not_kept("positions")

    @property
    def accounts(self) -> NoReturn:
        """Not kept."""
        raise _not_kept("accounts")

    @property
    def transfers(self) -> NoReturn:
        """Not kept."""
        raise _not_kept("transfers")

    @property
    def sentiment(self) -> NoReturn:
        """Not kept."""
        raise _not_kept("sentiment")

    @property
    def readiness(self) -> NoReturn:
        """Not kept."""
        raise _not_kept("verdicts")

    @property
    def parameter_sets(self) -> NoReturn:
        """Not kept."""
        raise _not_kept("parameter sets")

    @property
    def inputs(self) -> NoReturn:
        """Not kept."""
        raise _not_kept("inputs of decisions")

    async def commit(self) -> None:
        """Everything counts already."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """There is nothing to let go of."""


def _not_kept(what: str) -> NotFoundError:
    return NotFoundError(f"a backtest keeps no {what}: no use case that it runs asks for them")
