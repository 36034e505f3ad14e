"""Known users in SQL: who has which role, since when and by what right."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select

from db.tables import users
from db.transaction import Transaction
from domain.access import Role


class SqlUserRepository:
    """Users by numeric id; whoever is not here is a guest."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def role_of(self, user_id: int) -> Role:
        """The role of a user; GUEST for a stranger."""
        found = await self._transaction.execute(select(users.c.role).where(users.c.id == user_id))
        role = found.scalar_one_or_none()
        return Role.GUEST if role is None else Role(role)

    async def grant(self, user_id: int, role: Role, *, at: datetime, how: str) -> None:
        """Give a role in place of an earlier one."""
        values = {"role": role, "granted_at": at, "how": how}
        statement = self._transaction.insert(users).values(id=user_id, **values)
        await self._transaction.execute(
            statement.on_conflict_do_update(index_elements=[users.c.id], set_=values)
        )

    async def keep_only(self, how: str, user_ids: Collection[int]) -> None:
        """Take their role from everybody else who was granted it in this way."""
        is_other = users.c.id.not_in(user_ids)
        await self._transaction.execute(delete(users).where(users.c.how == how, is_other))

    async def list_with(self, role: Role) -> list[int]:
        """Ids of the users with a role, in order of their grant."""
        statement = (
            select(users.c.id).where(users.c.role == role).order_by(users.c.granted_at, users.c.id)
        )
        return list((await self._transaction.execute(statement)).scalars())
