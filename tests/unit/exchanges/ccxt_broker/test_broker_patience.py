"""How long an answer is waited for: never so long that a position may be without its stop."""

import pytest

from domain.errors import OutcomeUnknownError, TemporaryVenueError
from engine.execution.parameters import ExecutionParameters
from exchanges.ccxt_broker.trading_client import ANSWER_SECONDS
from tests.unit.exchanges.ccxt_broker.order_rows import limit, plain_row, request
from tests.unit.exchanges.ccxt_broker.scripted_venue import ORDER, traded

QUICK, SLOW = 0.05, 0.3


def test_request_is_given_up_before_its_position_has_to_be_closed_for_want_of_a_stop() -> None:
    assert ExecutionParameters().unprotected_seconds > ANSWER_SECONDS


async def test_a_client_waits_as_long_as_is_stated() -> None:
    async with traded({}) as at:
        assert at.broker._client.answer_seconds == ANSWER_SECONDS


async def test_order_whose_answer_hangs_is_sent_once_and_its_outcome_is_unknown() -> None:
    async with traded({f"POST {ORDER}": plain_row(), f"DELETE {ORDER}": plain_row()}) as at:
        await at.broker.place(request())
        at.broker._client.answer_seconds, at.venue.delay_seconds = QUICK, SLOW
        with pytest.raises(OutcomeUnknownError, match="RequestTimeout"):
            await at.broker.place(request())
        with pytest.raises(OutcomeUnknownError, match="RequestTimeout"):
            await at.broker.cancel(limit())
        assert at.venue.count("POST", ORDER) == 2
        assert at.venue.count("DELETE", ORDER) == 1


async def test_list_of_pairs_may_take_longer_than_any_question_about_the_account() -> None:
    async with traded({"GET /fapi/v3/positionRisk": []}) as at:
        at.broker._client.answer_seconds, at.venue.delay_seconds = QUICK, SLOW
        with pytest.raises(TemporaryVenueError, match="read the positions") as raised:
            await at.broker.list_positions()
        assert type(raised.value) is TemporaryVenueError
        at.venue.delay_seconds = 0.0
        assert await at.broker.list_positions() == []
        assert at.venue.count("GET", "/fapi/v1/exchangeInfo") == 1
