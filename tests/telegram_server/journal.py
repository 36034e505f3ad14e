"""Everything the bot asked of the server, in the order in which it was decided."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.telegram_server.call import Call
from tests.telegram_server.refusals import Refusal
from tests.telegram_server.watch import PATIENCE_SECONDS, Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a call: a result, or a refusal."""

    result: Any = None
    refusal: Refusal | None = None

    @property
    def is_ok(self) -> bool:
        """Tell whether it was carried out."""
        return self.refusal is None

    def as_json(self) -> dict[str, Any]:
        """Render the Bot API's envelope."""
        if self.refusal is not None:
            return self.refusal.as_json()
        return {"ok": True, "result": self.result}


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """One call. `at` is the server's monotonic time when it arrived.

    `outcome` is what the server did, also when a fault kept the answer from the bot; it is None
    when a fault came before the server did anything.
    """

    call: Call
    chat_id: int | None
    at: float
    outcome: Outcome | None
    fault: str | None

    @property
    def method(self) -> str:
        """Return the method's name as Telegram spells it."""
        return self.call.method

    @property
    def is_carried_out(self) -> bool:
        """Tell whether the call had its effect."""
        return self.outcome is not None and self.outcome.is_ok


class Journal:
    """The list of calls, and a way to wait for the next."""

    def __init__(self, watch: Watch) -> None:
        """Start empty."""
        self._watch = watch
        self._entries: list[JournalEntry] = []

    def __iter__(self) -> Iterator[JournalEntry]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def record(self, entry: JournalEntry) -> None:
        """Append a call."""
        self._entries.append(entry)

    def of(self, *methods: str, chat_id: int | None = None) -> list[JournalEntry]:
        """Return the calls of these methods (all when none is named), of one chat if given."""
        return [
            entry
            for entry in self._entries
            if (not methods or entry.method in methods) and chat_id in (None, entry.chat_id)
        ]

    async def wait(
        self,
        method: str,
        *,
        count: int = 1,
        chat_id: int | None = None,
        timeout_s: float = PATIENCE_SECONDS,
    ) -> list[JournalEntry]:
        """Wait until a method was called so often; return its calls.

        Raises:
            NothingHappenedError: it was not in `timeout_s` seconds.
        """
        return await self._watch.expect(
            lambda: calls if len(calls := self.of(method, chat_id=chat_id)) >= count else None,
            timeout_s=timeout_s,
            otherwise=lambda: (
                f"{method} was called {len(self.of(method, chat_id=chat_id))} times,"
                f" not {count}; calls were {[entry.method for entry in self._entries[-20:]]}"
            ),
        )
