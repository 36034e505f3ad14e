"""A state machine as a table: what is not in it cannot happen."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from domain.errors import IllegalTransitionError

S = TypeVar("S", bound=StrEnum)
T = TypeVar("T", bound=StrEnum)


class Transitions(Generic[S, T]):
    """Named transitions between states: `table[state][transition]` is the state that follows."""

    def __init__(self, subject: str, table: Mapping[S, Mapping[T, S]]) -> None:
        self._subject = subject
        self._table = table

    def after(self, state: S, transition: T) -> S:
        """The state that follows. Raises `IllegalTransitionError` where the table has none."""
        try:
            return self._table[state][transition]
        except KeyError:
            raise IllegalTransitionError(
                f"{self._subject}: {transition!s} is not possible in state {state!s}"
            ) from None

    def allows(self, state: S, transition: T) -> bool:
        """Whether the transition is in the table."""
        return transition in self._table.get(state, {})

    def is_final(self, state: S) -> bool:
        """Whether nothing leads out of a state."""
        return not self._table.get(state)
