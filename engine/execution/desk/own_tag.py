"""The mark of this database's orders: chosen once, kept for good."""

from collections.abc import Callable

from domain.errors import ConfigurationError
from engine.ports.storage import Storage


class OwnTag:
    """Six hexadecimal digits. `new_tag` makes them up for a new database."""

    def __init__(self, storage: Storage, new_tag: Callable[[], str]) -> None:
        self._storage = storage
        self._new_tag = new_tag
        self._tag: str | None = None

    async def load(self) -> None:
        """Read the mark, or choose it."""
        async with self._storage() as unit:
            self._tag = await unit.state.get_tag()
            if self._tag is None:
                self._tag = self._new_tag()
                await unit.state.set_tag(self._tag)
                await unit.commit()

    def __call__(self) -> str:
        """The mark. Raises `ConfigurationError` before it was loaded."""
        if self._tag is None:
            raise ConfigurationError("orders have no mark yet: start the desk up before it runs")
        return self._tag
