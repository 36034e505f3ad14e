"""depth."""

from typing import Any, Final

from exchanges.simulator.floor import TradingFloor
from exchanges.simulator.market.book import levels_text
from exchanges.simulator.rest.endpoints import Endpoint, Query, VenueError
from exchanges.simulator.rest.listing import required_pair

_WEIGHTS: Final = {5: 2, 10: 2, 20: 2, 50: 2, 100: 5, 500: 10, 1000: 20}
_USUAL_LIMIT: Final = 500


def endpoints(floor: TradingFloor) -> list[Endpoint]:
    """Endpoints for order books."""

    def depth(query: Query) -> dict[str, Any]:
        pair = required_pair(floor, query)
        book = floor.book(pair, min(_limit(query), floor.settings.book_levels))
        return {
            "lastUpdateId": book.update_id,
            "E": floor.now_ms(),
            "T": book.update_id,
            "bids": levels_text(pair, book.bids),
            "asks": levels_text(pair, book.asks),
        }

    return [
        Endpoint(path="/fapi/v1/depth", answer=depth, weight=lambda query: _WEIGHTS[_limit(query)])
    ]


def _limit(query: Query) -> int:
    limit = query.integer("limit") or _USUAL_LIMIT
    if limit not in _WEIGHTS:
        raise VenueError(-4021, f"'{limit}' is not valid depth limit.")
    return limit
