"""What each of aiogram's exceptions says about the message that was under way."""

from unittest.mock import sentinel

import pytest
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    RestartingTelegram,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import SendMessage
from aiohttp import ClientConnectorError, ClientOSError, ServerDisconnectedError
from aiohttp.client_reqrep import ConnectionKey

from bot.messenger import (
    DeliveryError,
    MarkupRefusedError,
    NotConnectedError,
    OutcomeUnknownError,
    RetryLaterError,
    UndeliverableError,
)
from bot.telegram_errors import translate, translated_errors

METHOD = SendMessage(chat_id=1, text="x")
TOKEN = "123456789:AAE-abcdefghijklmnopqrstuvwxyz_0123"


def network_error(cause: Exception) -> TelegramNetworkError:
    error = TelegramNetworkError(method=METHOD, message=f"failed for http://x/bot{TOKEN}/send")
    error.__cause__ = cause
    return error


def never_connected() -> ClientConnectorError:
    key = ConnectionKey("127.0.0.1", 1, False, True, None, None, None)
    return ClientConnectorError(key, OSError(111, "refused"))


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (TelegramRetryAfter(METHOD, "Too Many Requests", 30), RetryLaterError),
        (TelegramBadRequest(METHOD, "Bad Request: chat not found"), UndeliverableError),
        (TelegramBadRequest(METHOD, "Bad Request: can't parse entities: x"), MarkupRefusedError),
        (TelegramForbiddenError(METHOD, "Forbidden: bot was kicked"), UndeliverableError),
        (TelegramMigrateToChat(METHOD, "upgraded", -100), UndeliverableError),
        (TelegramUnauthorizedError(METHOD, "Unauthorized"), NotConnectedError),
        (TelegramNotFound(METHOD, "Not Found"), NotConnectedError),
        (TelegramServerError(METHOD, "Internal Server Error"), OutcomeUnknownError),
        (RestartingTelegram(METHOD, "restart"), OutcomeUnknownError),
        (ClientDecodeError("no JSON", ValueError("x"), "<html>"), OutcomeUnknownError),
        (TelegramAPIError(METHOD, "something new"), RetryLaterError),
        (network_error(never_connected()), NotConnectedError),
        (network_error(TimeoutError()), OutcomeUnknownError),
        (network_error(ServerDisconnectedError()), OutcomeUnknownError),
        (network_error(ClientOSError(104, "reset")), OutcomeUnknownError),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else type(value).__name__,
)
def test_exception_becomes_an_outcome(error: AiogramError, outcome: type[DeliveryError]) -> None:
    assert type(translate(error)) is outcome


def test_pause_is_as_long_as_telegram_asks() -> None:
    outcome = translate(TelegramRetryAfter(METHOD, "Too Many Requests", 30))
    assert isinstance(outcome, RetryLaterError)
    assert outcome.seconds == 30


def test_outcome_never_carries_the_token() -> None:
    assert TOKEN not in str(translate(network_error(ClientOSError(104, "reset"))))


def test_exceptions_of_others_pass_untouched() -> None:
    with pytest.raises(KeyError), translated_errors():
        raise KeyError(sentinel)
