"""An account as plain values, and back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from domain.accounts import PositionMode
from domain.errors import InvalidDataError
from exchanges.matching.events import PositionNow
from exchanges.matching.records import ConditionalOrder, Execution, VenueOrder
from exchanges.matching.register import AccountState

N = TypeVar("N", VenueOrder, ConditionalOrder)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dump:
    wallet: Decimal
    mode: PositionMode
    positions: list[PositionNow]
    orders: list[VenueOrder]
    conditionals: list[ConditionalOrder]
    executions: list[Execution]
    leverages: dict[str, int]
    isolated: dict[str, bool]
    marks: dict[str, Decimal]
    lasts: dict[str, Decimal]
    order_count: int
    conditional_count: int
    execution_count: int
    event_count: int


def dump_state(state: AccountState) -> dict[str, Any]:
    """Dictionaries, lists, texts and whole numbers; decimals are texts, so nothing is rounded."""
    dump = _Dump(
        wallet=state.wallet,
        mode=state.mode,
        positions=[
            PositionNow(symbol=symbol, position_side=side, held=held)
            for (symbol, side), held in state.positions.items()
        ],
        orders=[*state.ended_orders.values(), *state.open_orders.values()],
        conditionals=[*state.ended_conditionals.values(), *state.open_conditionals.values()],
        executions=state.executions,
        leverages=state.leverages,
        isolated=state.isolated,
        marks=state.marks,
        lasts=state.lasts,
        order_count=state.order_count,
        conditional_count=state.conditional_count,
        execution_count=state.execution_count,
        event_count=state.event_count,
    )
    plain: dict[str, Any] = msgspec.to_builtins(dump)
    return plain


def load_state(dumped: Mapping[str, Any]) -> AccountState:
    """The state again. Raises `InvalidDataError` when it is not what `dump_state` made."""
    try:
        dump = msgspec.convert(dumped, _Dump)
    except msgspec.ValidationError as error:
        raise InvalidDataError(f"the dump of a trading account is damaged: {error}") from error
    return AccountState(
        wallet=dump.wallet,
        mode=dump.mode,
        positions={
            (each.symbol, each.position_side): each.held
            for each in dump.positions
            if each.held is not None
        },
        open_orders=_numbered(dump.orders, is_open=True),
        ended_orders=_numbered(dump.orders, is_open=False),
        open_conditionals=_numbered(dump.conditionals, is_open=True),
        ended_conditionals=_numbered(dump.conditionals, is_open=False),
        executions=dump.executions,
        leverages=dump.leverages,
        isolated=dump.isolated,
        marks=dump.marks,
        lasts=dump.lasts,
        order_count=dump.order_count,
        conditional_count=dump.conditional_count,
        execution_count=dump.execution_count,
        event_count=dump.event_count,
    )


def _numbered(records: Iterable[N], *, is_open: bool) -> dict[int, N]:
    return {each.number: each for each in records if each.is_open is is_open}
