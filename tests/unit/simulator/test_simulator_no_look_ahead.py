"""What a client can see at an instant does not hang on what trades later."""

from collections.abc import Callable

import numpy as np
import pytest

from exchanges.simulator.market.bars import MinuteBars
from exchanges.simulator.market.pairs import Market, Pair
from exchanges.simulator.rest import all_endpoints
from exchanges.simulator.rest.endpoints import Query
from tests.unit.simulator.conftest import DAY_MINUTES, Standing, random_pair

NOW_MINUTE = 2 * DAY_MINUTES


def markets() -> tuple[Market, Market]:
    """Two markets with the same past and another future."""
    pair = random_pair(4, count=3 * DAY_MINUTES)
    columns = pair.bars.columns.copy()
    columns[:, NOW_MINUTE + 1 :] = np.array([[70], [90], [60], [80], [9_999], [11]])
    other = Pair(pair.contract, MinuteBars(pair.bars.first_minute, columns))
    start_ms = pair.bars.start_ms + NOW_MINUTE * 60_000
    first, second = (
        Market(pairs=(one,), start_ms=start_ms, origin="test") for one in (pair, other)
    )
    return first, second


@pytest.mark.parametrize("seconds", [0.0, 31.7])
def test_no_endpoint_shows_the_future(
    standing: Callable[[Market], Standing], seconds: float
) -> None:
    query = Query({"symbol": "ABCUSDT", "interval": "15m", "period": "5m"})
    answers = []
    for market in markets():
        floor = standing(market).at(market.start_ms + round(seconds * 1000))
        endpoints = {e.path: e for e in all_endpoints(floor)}
        answers.append({path: e.answer(query) for path, e in endpoints.items()})

    assert len(answers[0]) > 12
    assert answers[0] == answers[1]
