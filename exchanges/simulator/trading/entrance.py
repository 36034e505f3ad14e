"""Who asks: the key, the signature and the time of a request, with the venue's complaints."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from exchanges.simulator.clock import SimulatorClock
from exchanges.simulator.rest.endpoints import Query, VenueError
from exchanges.simulator.trading.signing import is_signed
from exchanges.simulator.trading.trader import Trader

_KEY: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")
_USUAL_WINDOW_MS: Final = 5_000
_LONGEST_WINDOW_MS: Final = 60_000
_AHEAD_MS: Final = 1_000


@dataclass(frozen=True, slots=True)
class SentRequest:
    """What came over the wire: the key, and query and body exactly as they were sent."""

    api_key: str | None
    query: str
    body: str

    @property
    def parameters(self) -> Query:
        """What query and body say."""
        return Query(dict(parse_qsl(self.query) + parse_qsl(self.body)))


class Entrance:
    """Lets requests in. A request's age is counted in wall time, whatever the speed."""

    def __init__(self, clock: SimulatorClock) -> None:
        self._clock = clock

    def keyed(self, sent: SentRequest, traders: Mapping[str, Trader]) -> Trader:
        """The account of a request's key. Raises `VenueError`."""
        if sent.api_key is None or not _KEY.fullmatch(sent.api_key):
            raise VenueError(-2014, "API-key format invalid.", 401)
        trader = traders.get(sent.api_key)
        if trader is None:
            raise no_permission()
        return trader

    def signed(self, sent: SentRequest, traders: Mapping[str, Trader]) -> Trader:
        """The account of a signed request. Raises `VenueError`."""
        trader = self.keyed(sent, traders)
        query = sent.parameters
        timestamp = query.integer("timestamp")
        if timestamp is None:
            query.required("timestamp")
        elif is_signed(sent.query, sent.body, trader.account.secret):
            self._check_time(timestamp, query.integer("recvWindow"))
            return trader
        raise VenueError(-1022, "Signature for this request is not valid.")

    def _check_time(self, timestamp: int, window: int | None) -> None:
        window_ms = _USUAL_WINDOW_MS if window is None else window
        if not 0 < window_ms <= _LONGEST_WINDOW_MS:
            raise VenueError(-1131, "recvWindow must be less than 60000.")
        scale, now_ms = max(1.0, self._clock.speed), self._clock.now_ms()
        if timestamp < now_ms - window_ms * scale:
            raise VenueError(-1021, "Timestamp for this request is outside of the recvWindow.")
        if timestamp > now_ms + _AHEAD_MS * scale and not self._clock.held:
            raise VenueError(
                -1021, "Timestamp for this request was 1000ms ahead of the server's time."
            )


def no_permission() -> VenueError:
    """The complaint about a key that is unknown or may not do what it is used for."""
    return VenueError(-2015, "Invalid API-key, IP, or permissions for action.", 401)
