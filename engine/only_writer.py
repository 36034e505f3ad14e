"""Taking turns: work that reads before it writes, and must not be overtaken in between."""

from engine.ports.storage import UnitOfWork


async def become_only_writer(unit: UnitOfWork) -> None:
    """Wait until nobody else who asks for it is writing; holds until the unit of work ends.

    The ledger's head is the one thing that a storage gives out to one unit of work at a time.
    """
    await unit.ledger.find_head()
