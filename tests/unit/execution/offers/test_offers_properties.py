"""Whatever traders press in whatever order: one intent each, one position each, heat in bounds."""

import asyncio
from collections import Counter
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.accounts import ExecutionMode
from domain.intents import OPEN_INTENTS, Intent, IntentState
from tests.unit.execution.offers.trading_floor import ANN, BEN, STRANGER, Floor, make_signal_on

USERS = st.sampled_from([ANN, BEN, STRANGER])
SIGNALS = st.integers(1, 4)
INTENTS = st.integers(0, 6)
ACTIONS = st.one_of(
    st.tuples(st.just("press"), SIGNALS, USERS),
    st.tuples(st.just("press at once"), SIGNALS, USERS),
    st.tuples(st.just("confirm"), INTENTS, USERS),
    st.tuples(st.just("decline"), INTENTS, USERS),
    st.tuples(st.just("half"), INTENTS, USERS),
    st.tuples(st.just("equity"), st.integers(100, 20_000), st.none()),
    st.tuples(st.just("wait"), st.integers(1, 300), st.none()),
    st.tuples(st.just("mode"), st.sampled_from(list(ExecutionMode)), st.none()),
)


async def do(floor: Floor, name: str, subject: int, user_id: int) -> None:
    if name.startswith("press"):
        await floor.press(subject, user_id, confirm=name == "press")
    elif name == "confirm":
        await floor.confirm(subject, user_id)
    elif name == "decline":
        await floor.decline(subject, user_id)
    elif name == "half":
        await floor.adjust("0.5", subject, user_id)


async def run(actions: list[tuple[str, object, int | None]]) -> None:
    floor = Floor(is_live_allowed=True)
    await floor.begin(*(make_signal_on(f"C{number}", number) for number in range(1, 5)))
    for name, subject, user_id in actions:
        if isinstance(subject, ExecutionMode):
            await floor.set_mode(subject)
        elif name == "equity" and isinstance(subject, int):
            floor.broker.equity = Decimal(subject)
        elif name == "wait" and isinstance(subject, int):
            floor.clock.advance(subject)
            await floor.lapse()
        elif isinstance(subject, int) and user_id is not None:
            before = floor.broker.equity
            known = {books.position.id for books in await floor.positions()}
            await do(floor, name, subject, user_id)
            await check_new_positions(floor, known, before)
        await check_intents(floor)


async def check_new_positions(floor: Floor, known: set[int], equity: Decimal) -> None:
    for books in await floor.positions():
        if books.position.id in known:
            continue
        plan, intent = books.position.plan, books.intent
        loss = plan.risk_amount * intent.quantity / plan.quantity
        assert loss <= equity * Decimal("0.015") * Decimal("1.000001")
        assert plan.margin * intent.quantity / plan.quantity <= equity / 5
        assert floor.clock.now() < intent.expires_at


async def check_intents(floor: Floor) -> None:
    intents = [found for number in range(1, 60) if (found := await floor.find(number))]
    open_ones = Counter((each.signal_id, each.account) for each in intents if is_open(each))
    assert all(count == 1 for count in open_ones.values())
    assert all(0 < each.quantity <= each.plan.quantity for each in intents)
    assert all(each.user_id != STRANGER for each in intents)
    positions = await floor.positions()
    confirmed = [each.id for each in intents if each.state is IntentState.CONFIRMED]
    assert sorted(books.intent.id for books in positions) == confirmed
    assert sorted(floor.desk.woken) == sorted(books.position.id for books in positions)
    held = Counter((books.position.account, books.position.symbol) for books in positions)
    assert all(count == 1 for count in held.values())


def is_open(intent: Intent) -> bool:
    return intent.state in OPEN_INTENTS


@settings(max_examples=60)
@given(st.lists(ACTIONS, max_size=14))
def test_no_sequence_of_presses_doubles_or_exceeds_anything(
    actions: list[tuple[str, object, int | None]],
) -> None:
    asyncio.run(run(actions))
