"""What a backtest may be told from outside: observations beside candles, and recorded times."""

from datetime import datetime
from typing import Final, Protocol

from domain.errors import InvalidDataError
from engine.backtest.values import Observation


class Observations(Protocol):
    """What was known of pairs at boundaries beside their candles, as it was recorded then."""

    def observation(self, symbol: str, as_of: datetime) -> Observation | None:
        """What was known of a pair at a 15-minute boundary; None where nothing was."""


class NothingObserved(Observations):
    """There are candles and nothing else."""

    def observation(self, symbol: str, as_of: datetime) -> None:
        """Nothing was known of any pair at any time."""


NOTHING_OBSERVED: Final = NothingObserved()


def observed_at(observations: Observations, symbol: str, as_of: datetime) -> Observation | None:
    """What was known at a boundary. Raises `InvalidDataError` for what was only known later."""
    found = observations.observation(symbol, as_of)
    if found is not None and found.known_at > as_of:
        raise InvalidDataError(
            f"an observation of {symbol} for the close at {as_of.isoformat()} was only known at "
            f"{found.known_at.isoformat()}: a decision must not see it; check how observations "
            "were recorded or imported"
        )
    return found


class RecordedTimes(Protocol):
    """When a run whose record is to be reproduced wrote it down.

    Times are the only part of a record that depends on how quick a machine was. With those of a
    live run in place of the assumed ones, the ledger of a backtest repeats its hashes.
    """

    def published_at(self, as_of: datetime) -> datetime | None:
        """When the signals of a boundary were published; None where the record has none of it."""

    def written_at(self, sequence: int) -> datetime | None:
        """When the first outcome from that number of the ledger on was written; None without any.

        Where that number is a signal's, the outcome after it was written after it, however early
        what it tells of happened.
        """


class AssumedTimes(RecordedTimes):
    """No record is reproduced: every time is the one assumed by `BacktestParameters`."""

    def published_at(self, as_of: datetime) -> None:
        """Nothing is recorded."""

    def written_at(self, sequence: int) -> None:
        """Nothing is recorded."""


ASSUMED_TIMES: Final = AssumedTimes()
