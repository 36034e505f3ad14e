"""Connected accounts, their sealed keys and paper books, on every storage."""

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.accounts import Account, ExecutionMode, paper_account
from domain.errors import ConflictError, InvalidDataError, NotFoundError
from engine.ports.execution_storage import SealedKey
from engine.ports.storage import Storage
from tests.contract.storage.execution_books import CREATED_AT, SECOND, TRADER

SEALED = b"\x00gAAAA\xff"


def make_account(user_id: int = TRADER, *, seconds: int = 0) -> Account:
    return Account(
        name=f"trader:{user_id}",
        mode=ExecutionMode.LIVE,
        user_id=user_id,
        connected_at=CREATED_AT + seconds * SECOND,
    )


async def connect(storage: Storage, account: Account, sealed: bytes = SEALED) -> None:
    assert account.user_id is not None
    async with storage() as unit:
        await unit.accounts.connect(account, SealedKey(user_id=account.user_id, sealed=sealed))
        await unit.commit()


async def account_and_key(
    storage: Storage, user_id: int = TRADER
) -> tuple[Account | None, bytes | None]:
    async with storage() as unit:
        account = await unit.accounts.find_of(user_id)
        key = await unit.accounts.find_key(user_id)
    assert key is None or key.user_id == user_id
    return account, None if key is None else key.sealed


async def test_a_stranger_has_neither_account_nor_key(storage: Storage) -> None:
    await connect(storage, make_account(7))
    assert await account_and_key(storage) == (None, None)


async def test_an_account_and_its_key_come_back(storage: Storage) -> None:
    account = replace(make_account(), risk_share=Decimal("0.50"), maximum_positions=2)
    await connect(storage, account)
    assert await account_and_key(storage) == (account, SEALED)


async def test_a_second_connection_takes_the_place_of_the_first(storage: Storage) -> None:
    await connect(storage, replace(make_account(), maximum_positions=2))
    await connect(storage, make_account(seconds=5), b"new")
    assert await account_and_key(storage) == (make_account(seconds=5), b"new")


async def test_a_name_belongs_to_one_trader(storage: Storage) -> None:
    await connect(storage, make_account(7))
    with pytest.raises(ConflictError):
        await connect(storage, replace(make_account(8), name="trader:7"))


@pytest.mark.parametrize(
    "wrong", [{"user_id": 7}, {"user_id": None}, {"connected_at": None}], ids=str
)
async def test_an_account_that_is_not_the_key_owners_is_refused(
    storage: Storage, wrong: dict[str, int | None]
) -> None:
    account = replace(make_account(), **wrong)  # type: ignore[arg-type] # that is the point
    async with storage() as unit:
        with pytest.raises(InvalidDataError):
            await unit.accounts.connect(account, SealedKey(user_id=TRADER, sealed=SEALED))


async def test_accounts_are_listed_in_order_of_their_connection(storage: Storage) -> None:
    late, early = make_account(7, seconds=1), make_account(8)
    for account in (late, early):
        await connect(storage, account)
    async with storage() as unit:
        assert await unit.accounts.list_connected() == [early, late]


async def test_a_key_sealed_anew_takes_the_place_of_the_old_one(storage: Storage) -> None:
    await connect(storage, make_account())
    await connect(storage, make_account(7))
    async with storage() as unit:
        await unit.accounts.replace_key(SealedKey(user_id=TRADER, sealed=b"anew"))
        await unit.commit()
    assert await account_and_key(storage) == (make_account(), b"anew")
    assert await account_and_key(storage, 7) == (make_account(7), SEALED)


async def test_a_key_that_is_not_there_cannot_be_replaced(storage: Storage) -> None:
    async with storage() as unit:
        with pytest.raises(NotFoundError):
            await unit.accounts.replace_key(SealedKey(user_id=TRADER, sealed=b"anew"))


async def test_limits_change_and_nothing_else(storage: Storage) -> None:
    await connect(storage, make_account())
    limited = replace(
        make_account(seconds=99), risk_share=Decimal("0.25"), maximum_positions=1, user_id=None
    )
    async with storage() as unit:
        await unit.accounts.save_limits(limited)
        await unit.commit()
    expected = replace(make_account(), risk_share=Decimal("0.25"), maximum_positions=1)
    assert await account_and_key(storage) == (expected, SEALED)


async def test_limits_of_an_unknown_account_cannot_be_changed(storage: Storage) -> None:
    async with storage() as unit:
        with pytest.raises(NotFoundError, match="paper:7"):
            await unit.accounts.save_limits(paper_account(7))


async def test_whoever_disconnects_leaves_neither_account_nor_key(storage: Storage) -> None:
    await connect(storage, make_account(7))
    await connect(storage, make_account())
    for _ in range(2):
        async with storage() as unit:
            await unit.accounts.disconnect(TRADER)
            await unit.commit()
    assert await account_and_key(storage) == (None, None)
    assert await account_and_key(storage, 7) == (make_account(7), SEALED)


async def test_paper_books_are_what_was_saved_last(storage: Storage) -> None:
    for books in (b'{"cash": 1}', b"\x00\xff", b""):
        async with storage() as unit:
            await unit.accounts.save_paper("paper:7", books)
            await unit.commit()
        async with storage() as unit:
            assert await unit.accounts.load_paper("paper:7") == books
            assert await unit.accounts.load_paper("paper:8") is None
