"""The workers: one for each live position, made where a position is first seen."""

from domain.positions import PositionBooks
from engine.execution.desk.account_venue import AccountVenue
from engine.execution.desk.errands import Errands, OnRefusedAccess
from engine.execution.desk.position_worker import PositionWorker, Surroundings


class Workforce:
    """The workers by position."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._around = surroundings
        self._workers: dict[int, PositionWorker] = {}

    def hire(
        self, books: PositionBooks, venue: AccountVenue, on_refused_access: OnRefusedAccess
    ) -> PositionWorker:
        """The worker of a position, a new one where there is none."""
        found = self._workers.get(books.position.id)
        if found is not None:
            return found
        errands = Errands(
            venue=venue,
            clock=self._around.clock,
            parameters=self._around.parameters,
            on_refused_access=on_refused_access,
        )
        worker = PositionWorker(books, venue=venue, errands=errands, surroundings=self._around)
        self._workers[books.position.id] = worker
        return worker

    def get(self, position_id: int) -> PositionWorker | None:
        """The worker of a position."""
        return self._workers.get(position_id)

    def all(self) -> list[PositionWorker]:
        """Every worker."""
        return list(self._workers.values())

    def of(self, account: str) -> list[PositionWorker]:
        """The workers of an account."""
        return [one for one in self.all() if one.books.position.account == account]

    def dismiss(self, position_id: int) -> None:
        """The position has ended."""
        self._workers.pop(position_id, None)
        self._around.keeper.forget(position_id)
