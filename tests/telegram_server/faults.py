"""What can go wrong between the bot and Telegram, and when.

A fault either comes before the server acts or after it (`delivers`): to the bot both look the
same, and that is the point.
"""

import asyncio
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web

from tests.telegram_server.journal import Outcome
from tests.telegram_server.refusals import Refusal, too_many_requests


class Fault(Protocol):
    """One way to spoil a call."""

    @property
    def delivers(self) -> bool:
        """Tell whether the server carries the call out all the same."""

    async def respond(self, request: web.Request, outcome: Outcome | None) -> web.Response:
        """Answer in the spoilt way; the outcome is None when nothing was carried out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse:
    """Answer with an error in Telegram's envelope; with `delivers` it was done all the same."""

    refusal: Refusal
    delivers: bool = False

    async def respond(self, request: web.Request, outcome: Outcome | None) -> web.Response:
        """Send the refusal."""
        return web.json_response(self.refusal.as_json(), status=self.refusal.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPlain:
    """Answer with something that is no JSON, as a gateway in front of Telegram does."""

    status: int = 502
    body: str = "<html><body><h1>502 Bad Gateway</h1></body></html>"
    delivers: bool = False

    async def respond(self, request: web.Request, outcome: Outcome | None) -> web.Response:
        """Send the page."""
        return web.Response(status=self.status, text=self.body, content_type="text/html")


@dataclass(frozen=True, slots=True, kw_only=True)
class DropConnection:
    """Close the connection instead of answering."""

    delivers: bool = False

    async def respond(self, request: web.Request, outcome: Outcome | None) -> web.Response:
        """Close; the returned answer has nowhere to go."""
        if request.transport is not None:
            request.transport.abort()
        return web.Response()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hang:
    """Accept the call and stay silent until the client gives up."""

    delivers: bool = True

    async def respond(self, request: web.Request, outcome: Outcome | None) -> web.Response:
        """Wait to be cancelled: the server does that when the client goes away."""
        await asyncio.Event().wait()
        return web.Response()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSlowly:
    """Answer rightly, `seconds` of real time late."""

    seconds: float
    delivers: bool = True

    async def respond(self, request: web.Request, outcome: Outcome | None) -> web.Response:
        """Sleep, then send what the server decided."""
        await asyncio.sleep(self.seconds)
        return respond_with(outcome or Outcome())


def respond_with(outcome: Outcome) -> web.Response:
    """Answer as Telegram does: the envelope, and its code as HTTP status."""
    status = outcome.refusal.code if outcome.refusal else 200
    return web.json_response(outcome.as_json(), status=status)


def retry_after(seconds: int) -> Refuse:
    """Refuse with 429 and that many seconds to wait."""
    return Refuse(refusal=too_many_requests(seconds))


def migrated(chat_id: int) -> Refuse:
    """Refuse because the group has become the supergroup with that id."""
    reason = "Bad Request: group chat was upgraded to a supergroup chat"
    return Refuse(refusal=Refusal(code=400, description=reason, migrate_to_chat_id=chat_id))


def refuse(code: int, description: str, *, delivers: bool = False) -> Refuse:
    """Refuse with any code and sentence, such as 500 "Internal Server Error"."""
    return Refuse(refusal=Refusal(code=code, description=description), delivers=delivers)


@dataclass(slots=True, kw_only=True, eq=False)
class FaultRule:
    """A fault for chosen calls: `times` of them (None: until cleared), after `skip` good ones."""

    fault: Fault
    method: str | None = None
    chat_id: int | None = None
    times: int | None = 1
    skip: int = 0
    hits: int = 0

    def strikes(self, method: str, chat_id: int | None) -> bool:
        """Tell whether this call is spoilt, and count it."""
        if self.method not in (None, method) or self.chat_id not in (None, chat_id):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.times is not None and self.hits >= self.times:
            return False
        self.hits += 1
        return True


class FaultPlan:
    """The faults a test has ordered; the first that matches a call strikes."""

    def __init__(self) -> None:
        """Start without faults."""
        self._rules: list[FaultRule] = []

    def order(self, rule: FaultRule) -> FaultRule:
        """Add a fault; the returned rule counts its hits."""
        self._rules.append(rule)
        return rule

    def cancel(self, rule: FaultRule) -> None:
        """Take a fault back."""
        self._rules.remove(rule)

    def clear(self) -> None:
        """Take every fault back."""
        self._rules.clear()

    def striking(self, method: str, chat_id: int | None) -> Fault | None:
        """Return the fault for a call, if any."""
        return next((rule.fault for rule in self._rules if rule.strikes(method, chat_id)), None)
