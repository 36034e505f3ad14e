"""Positions with their orders and fills, on every storage."""

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from domain.errors import ConflictError, NotFoundError
from domain.intents import IntentState
from domain.orders import OrderEvent, OrderRole, OrderState
from domain.positions import PositionEvent, PositionState
from engine.ports.storage import Storage
from tests.contract.storage.execution_books import (
    ACCOUNT,
    CREATED_AT,
    SECOND,
    books_of,
    closed,
    keep_books,
    make_books,
    make_fill,
    make_intent,
    make_order,
    make_position,
)


async def test_ids_count_from_one(storage: Storage) -> None:
    async with storage() as unit:
        assert await unit.positions.next_id() == 1
    await keep_books(storage, make_books(4))
    async with storage() as unit:
        assert await unit.positions.next_id() == 5


async def test_an_unknown_position_has_no_books(storage: Storage) -> None:
    assert await books_of(storage, 1) is None


async def test_books_come_back_equal_in_every_field(storage: Storage) -> None:
    books = make_books()
    position = replace(
        books.position,
        state=PositionState.OPEN,
        extreme=Decimal("65000.10"),
        adjusted_quantity=Decimal("-0.010"),
        entered_at=CREATED_AT + SECOND,
    )
    stop = replace(make_order(position, OrderRole.STOP), venue_id="55", engine_id="8389765")
    full = replace(
        books,
        position=position,
        orders=(make_order(position), stop),
        fills=(make_fill("1"), make_fill("2")),
    )
    await keep_books(storage, full)
    assert await books_of(storage, 1) == full


async def test_books_of_one_position_hold_nothing_of_another(storage: Storage) -> None:
    one, other = make_books(1), make_books(2, base="ETH")
    one = replace(one, orders=(make_order(one.position),), fills=(make_fill(),))
    await keep_books(storage, one, other)
    assert await books_of(storage, 1) == one
    assert await books_of(storage, 2) == other


async def test_orders_and_fills_come_oldest_first(storage: Storage) -> None:
    books = make_books()
    late = make_order(books.position, created_at=CREATED_AT + 9 * SECOND)
    targets = tuple(make_order(books.position, OrderRole.TARGET, rung=k) for k in (3, 1, 2))
    fills = (make_fill("9", at=CREATED_AT + SECOND), make_fill("10"), make_fill("8"))
    await keep_books(storage, replace(books, orders=(late, *targets), fills=fills[::-1]))
    found = await books_of(storage, 1)
    assert found is not None
    assert found.orders == (*targets, late)
    assert [fill.trade_id for fill in found.fills] == ["9", "8", "10"]


async def test_a_position_of_an_unknown_intent_is_refused(storage: Storage) -> None:
    async with storage() as unit:
        with pytest.raises(NotFoundError):
            await unit.positions.add(make_position(make_intent()))


async def test_an_intent_has_one_position(storage: Storage) -> None:
    books = make_books()
    await keep_books(storage, replace(books, position=closed(books.position, CREATED_AT)))
    async with storage() as unit:
        with pytest.raises(ConflictError):
            await unit.positions.add(make_position(books.intent, 2))


async def test_an_id_is_taken_once(storage: Storage) -> None:
    await keep_books(storage, make_books(1))
    other = make_intent(2, signal_id=13, base="ETH")
    async with storage() as unit:
        await unit.intents.add(other)
        with pytest.raises(ConflictError):
            await unit.positions.add(make_position(other, 1))


@pytest.mark.parametrize(
    "state", [PositionState.OPENING, PositionState.OPEN, PositionState.CLOSING]
)
async def test_account_and_pair_have_one_position_that_is_not_closed(
    storage: Storage, state: PositionState
) -> None:
    first = make_books(1)
    await keep_books(storage, replace(first, position=replace(first.position, state=state)))
    with pytest.raises(ConflictError):
        await keep_books(storage, make_books(2))
    await keep_books(storage, make_books(3, base="ETH"), make_books(4, account="operator"))


async def test_after_a_closed_position_the_pair_is_free(storage: Storage) -> None:
    first = make_books(1)
    await keep_books(storage, replace(first, position=closed(first.position, CREATED_AT)))
    await keep_books(storage, make_books(2))


async def test_a_saved_position_takes_the_place_of_the_earlier_one(storage: Storage) -> None:
    books = make_books()
    await keep_books(storage, books)
    opened = replace(
        books.position.after(PositionEvent.ENTER), entered_at=CREATED_AT, stop=Decimal("64300.0")
    )
    async with storage() as unit:
        await unit.positions.save(opened, was=PositionState.OPENING)
        await unit.commit()
    assert await books_of(storage, 1) == replace(books, position=opened)


async def test_a_position_in_another_state_is_not_changed(storage: Storage) -> None:
    books = make_books()
    await keep_books(storage, books)
    closing = replace(books.position, state=PositionState.CLOSING)
    async with storage() as unit:
        with pytest.raises(ConflictError, match="not open"):
            await unit.positions.save(closing, was=PositionState.OPEN)
    assert await books_of(storage, 1) == books


async def test_of_two_who_close_at_once_one_wins(storage: Storage) -> None:
    books = make_books()
    await keep_books(storage, books)
    both_have_read = asyncio.Barrier(2)

    async def close(state: PositionState) -> None:
        async with storage() as unit:
            assert await unit.positions.find_books(1) == books
            await both_have_read.wait()
            changed = replace(books.position, state=state)
            await unit.positions.save(changed, was=PositionState.OPENING)
            await unit.commit()

    results = await asyncio.gather(
        *(close(state) for state in (PositionState.CLOSING, PositionState.OPEN)),
        return_exceptions=True,
    )
    assert [type(result) for result in results if result is not None] == [ConflictError]


async def test_a_client_id_is_taken_once_also_by_another_position(storage: Storage) -> None:
    one, other = make_books(1), make_books(2, base="ETH")
    order = make_order(one.position)
    await keep_books(storage, replace(one, orders=(order,)), other)
    for position in (one.position, other.position):
        async with storage() as unit:
            with pytest.raises(ConflictError):
                await unit.positions.add_orders([replace(order, position_id=position.id)])


async def test_no_order_of_a_batch_is_kept_when_one_is_taken(storage: Storage) -> None:
    books = make_books()
    entry = make_order(books.position)
    await keep_books(storage, replace(books, orders=(entry,)))
    async with storage() as unit:
        with pytest.raises(ConflictError):
            await unit.positions.add_orders([make_order(books.position, attempt=2), entry])
        with pytest.raises(ConflictError, match="unit of work"):
            await unit.commit()
    assert await books_of(storage, 1) == replace(books, orders=(entry,))


async def test_orders_and_fills_of_an_unknown_position_are_refused(storage: Storage) -> None:
    async with storage() as unit:
        with pytest.raises(NotFoundError):
            await unit.positions.add_fills(1, [make_fill()])
    async with storage() as unit:
        with pytest.raises(NotFoundError):
            await unit.positions.add_orders([make_order(make_books().position)])


async def test_nothing_is_nothing_to_keep(storage: Storage) -> None:
    async with storage() as unit:
        await unit.positions.add_orders([])
        await unit.positions.add_fills(1, [])
        await unit.commit()


async def test_a_saved_order_takes_the_place_of_the_earlier_one(storage: Storage) -> None:
    books = make_books()
    entry = make_order(books.position)
    await keep_books(storage, replace(books, orders=(entry,)))
    resting = replace(entry.after(OrderEvent.REST), venue_id="8389765")
    filled = replace(
        resting.after(OrderEvent.FILL),
        filled_quantity=Decimal("0.093"),
        average_price=Decimal("64210.48"),
    )
    async with storage() as unit:
        await unit.positions.save_order(resting, was=OrderState.SENDING)
        await unit.positions.save_order(filled, was=OrderState.RESTING)
        await unit.commit()
    assert await books_of(storage, 1) == replace(books, orders=(filled,))


async def test_an_order_in_another_state_is_not_changed(storage: Storage) -> None:
    books = make_books()
    entry = make_order(books.position, state=OrderState.FILLED)
    await keep_books(storage, replace(books, orders=(entry,)))
    cancelling = replace(entry, state=OrderState.CANCELLING)
    unknown = make_order(books.position, attempt=2)
    async with storage() as unit:
        with pytest.raises(ConflictError, match="not resting"):
            await unit.positions.save_order(cancelling, was=OrderState.RESTING)
        with pytest.raises(ConflictError):
            await unit.positions.save_order(unknown, was=OrderState.SENDING)
    assert await books_of(storage, 1) == replace(books, orders=(entry,))


async def test_a_fill_is_kept_once_for_account_pair_and_trade(storage: Storage) -> None:
    books = [make_books(1), make_books(2, base="ETH"), make_books(3, account="operator")]
    await keep_books(storage, *books)
    first, again = make_fill("1"), replace(make_fill("1"), price=Decimal(1))
    elsewhere = make_fill("1", symbol="ETHUSDT")
    async with storage() as unit:
        await unit.positions.add_fills(1, [first, again, make_fill("2")])
        await unit.positions.add_fills(1, [again])
        await unit.positions.add_fills(2, [elsewhere])
        await unit.positions.add_fills(3, [again])
        await unit.commit()
    found = [await books_of(storage, number) for number in (1, 2, 3)]
    assert [each.fills for each in found if each] == [
        (first, make_fill("2")),
        (elsewhere,),
        (again,),
    ]


async def test_a_fill_stays_with_the_position_that_had_it_first(storage: Storage) -> None:
    first = make_books(1)
    ended = closed(first.position, CREATED_AT)
    await keep_books(storage, replace(first, position=ended, fills=(make_fill(),)))
    await keep_books(storage, replace(make_books(2), fills=(make_fill(), make_fill("902"))))
    found = await books_of(storage, 2)
    assert found is not None
    assert found.fills == (make_fill("902"),)


async def test_live_positions_come_oldest_first_of_all_or_of_one_account(
    storage: Storage,
) -> None:
    eth, paper = make_books(1, base="ETH"), make_books(2, account="paper:7")
    done, btc = make_books(3, base="SOL"), make_books(4)
    btc = replace(btc, orders=(make_order(btc.position),), fills=(make_fill(),))
    done = replace(done, position=closed(done.position, CREATED_AT))
    await keep_books(storage, btc, done, paper, eth)
    async with storage() as unit:
        assert await unit.positions.list_live() == [eth, paper, btc]
        assert await unit.positions.list_live(ACCOUNT) == [eth, btc]
        assert await unit.positions.list_live("operator") == []


async def test_closed_positions_of_a_period_come_in_order_of_their_end(storage: Storage) -> None:
    minutes = {1: 2, 2: 0, 3: 1, 4: -1, 5: 3}
    all_books = {
        number: replace(
            books,
            position=closed(books.position, CREATED_AT + minute * 60 * SECOND),
            orders=(make_order(books.position),),
        )
        for number, minute in minutes.items()
        for books in (make_books(number, account="operator" if number == 3 else ACCOUNT),)
    }
    await keep_books(storage, *all_books.values(), make_books(6))
    start, end = CREATED_AT, CREATED_AT + 180 * SECOND
    async with storage() as unit:
        every = await unit.positions.list_closed_between(start, end)
        own = await unit.positions.list_closed_between(start, end, account=ACCOUNT)
        closing = [
            await unit.positions.list_accounts_closing_between(start, until)
            for until in (end, start + 60 * SECOND, start)
        ]
        live = await unit.positions.list_accounts_with_live()
    assert every == [all_books[2], all_books[3], all_books[1]]
    assert own == [all_books[2], all_books[1]]
    assert closing == [sorted([ACCOUNT, "operator"]), [ACCOUNT], []]
    assert live == [make_books(6).position.account]


async def test_everything_of_a_step_is_kept_or_nothing(storage: Storage) -> None:
    books = make_books()
    await keep_books(storage, books)
    entered = replace(books.intent, state=IntentState.ENTERED)
    async with storage() as unit:
        await unit.positions.add_orders([make_order(books.position)])
        await unit.positions.add_fills(1, [make_fill()])
        await unit.intents.save(entered, was=IntentState.CONFIRMED)
    assert await books_of(storage, 1) == books


async def test_books_show_one_instant_while_others_write(storage: Storage) -> None:
    books = make_books()
    await keep_books(storage, books)

    async def write(attempt: int) -> None:
        moved = replace(books.position, stop=Decimal(attempt))
        async with storage() as unit:
            await unit.positions.save(moved, was=PositionState.OPENING)
            await unit.positions.add_orders([make_order(moved, attempt=attempt)])
            await unit.commit()

    async def write_all() -> None:
        for attempt in range(1, 21):
            await write(attempt)

    writing = asyncio.create_task(write_all())
    while not writing.done():
        found = await books_of(storage, 1)
        assert found is not None
        assert not found.orders or found.position.stop == len(found.orders)
        await asyncio.sleep(0)
    await writing
