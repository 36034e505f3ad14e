"""What every code a venue answers with means for the request that got it: the only such table."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from domain.errors import Refusal
from exchanges.weight import BANNED, TOO_MANY_REQUESTS


class Fate(StrEnum):
    """What became of a request that was neither carried out nor plainly refused."""

    UNKNOWN = "nobody knows whether it was carried out"
    NOT_DONE = "not carried out, may be tried again"
    RATE_LIMITED = "too many requests"
    TOO_MANY_ORDERS = "too many orders in a short time; other requests may pass"
    NO_ACCESS = "the key, its address or its permissions are refused"
    NO_CHANGE = "it was so already"
    WRONG_TIME = "dated outside the venue's window"
    NO_LISTEN_KEY = "the key of the user data stream is gone"


Verdict = Fate | Refusal
Verdicts = Mapping[str, Verdict]
"""By the venue's code, or "HTTP 403" where an answer has none."""

_BODILESS: Final = "HTTP {}"
_NO_ACCESS_STATUSES: Final = (401, 403, 451)
_REQUEST_TIMEOUT: Final = 408
_SERVER_ERROR: Final = 500


def verdict_on(
    verdicts: Verdicts, status: int, code: str | None, *, names_pause: bool = False
) -> Verdict:
    """The verdict on an answer; a code that is not listed counts as its HTTP status says.

    `names_pause`: the answer says how long to wait. Too many orders are told with the status of too
    many requests; as long as no pause is named, it is orders alone that have to wait.
    """
    listed = verdicts.get(_BODILESS.format(status) if code is None else code)
    if status in (TOO_MANY_REQUESTS, BANNED):
        is_of_orders = listed is Fate.TOO_MANY_ORDERS and status == TOO_MANY_REQUESTS
        return Fate.TOO_MANY_ORDERS if is_of_orders and not names_pause else Fate.RATE_LIMITED
    if listed is not None:
        return listed
    if status in _NO_ACCESS_STATUSES:
        return Fate.NO_ACCESS
    if status == _REQUEST_TIMEOUT or status >= _SERVER_ERROR:
        return Fate.UNKNOWN
    return Refusal.OTHER


BINANCE_VERDICTS: Final[Verdicts] = {
    "-1000": Fate.UNKNOWN,  # an unknown error occurred while processing
    "-1001": Fate.UNKNOWN,  # internal error, unable to process
    "-1002": Fate.NO_ACCESS,
    "-1003": Fate.RATE_LIMITED,
    "-1006": Fate.UNKNOWN,  # unexpected response from the message bus
    "-1007": Fate.UNKNOWN,  # time-out waiting for the backend
    "-1008": Fate.NOT_DONE,  # shed by the protection from overload
    "-1013": Refusal.MALFORMED,
    "-1015": Fate.TOO_MANY_ORDERS,
    "-1021": Fate.WRONG_TIME,
    "-1022": Fate.NO_ACCESS,
    "-1100": Refusal.MALFORMED,
    "-1102": Refusal.MALFORMED,
    "-1106": Refusal.MALFORMED,
    "-1111": Refusal.MALFORMED,
    "-1125": Fate.NO_LISTEN_KEY,
    "-2008": Fate.NO_ACCESS,
    "-2011": Refusal.UNKNOWN_ORDER,
    "-2013": Refusal.UNKNOWN_ORDER,
    "-2014": Fate.NO_ACCESS,
    "-2015": Fate.NO_ACCESS,
    "-2017": Fate.NO_ACCESS,
    "-2018": Refusal.MARGIN,
    "-2019": Refusal.MARGIN,
    "-2021": Refusal.WOULD_TRIGGER,
    "-2022": Refusal.NOTHING_TO_REDUCE,
    "-2024": Refusal.NOTHING_TO_REDUCE,
    "-2025": Refusal.TOO_MANY,
    "-2027": Refusal.TOO_LARGE,
    "-4003": Refusal.MALFORMED,
    "-4004": Refusal.TOO_SMALL,
    "-4005": Refusal.TOO_LARGE,
    "-4014": Refusal.MALFORMED,
    "-4016": Refusal.MALFORMED,  # too far above the mark price
    "-4023": Refusal.MALFORMED,
    "-4024": Refusal.MALFORMED,  # too far below it
    "-4045": Refusal.TOO_MANY,
    "-4046": Fate.NO_CHANGE,
    "-4059": Fate.NO_CHANGE,
    "-4060": Refusal.WRONG_MODE,
    "-4061": Refusal.WRONG_MODE,
    "-4111": Refusal.DUPLICATE_ID,
    "-4116": Refusal.DUPLICATE_ID,
    "-4118": Refusal.NOTHING_TO_REDUCE,
    "-4120": Refusal.MALFORMED,
    "-4131": Refusal.THIN_BOOK,
    "-4164": Refusal.TOO_SMALL,
    "-5022": Refusal.WOULD_TAKE,
    "HTTP 403": Fate.RATE_LIMITED,  # the firewall before the venue: too much from one address
}
"""API documentation of USDⓈ-M futures, "Error Codes"."""

BYBIT_VERDICTS: Final[Verdicts] = {
    "10000": Fate.UNKNOWN,  # server time-out
    "10001": Refusal.MALFORMED,
    "10002": Fate.WRONG_TIME,
    "10003": Fate.NO_ACCESS,
    "10004": Fate.NO_ACCESS,
    "10005": Fate.NO_ACCESS,
    "10006": Fate.RATE_LIMITED,
    "10010": Fate.NO_ACCESS,
    "10016": Fate.UNKNOWN,  # internal server error
    "10018": Fate.RATE_LIMITED,
    "33004": Fate.NO_ACCESS,
    "HTTP 403": Fate.RATE_LIMITED,  # access too frequent
    "110001": Refusal.UNKNOWN_ORDER,
    "110003": Refusal.THIN_BOOK,
    "110004": Refusal.MARGIN,
    "110007": Refusal.MARGIN,
    "110008": Refusal.UNKNOWN_ORDER,  # completed or cancelled before
    "110009": Refusal.TOO_MANY,
    "110010": Refusal.UNKNOWN_ORDER,  # cancelled before
    "110012": Refusal.MARGIN,
    "110014": Refusal.MARGIN,
    "110017": Refusal.NOTHING_TO_REDUCE,
    "110020": Refusal.TOO_MANY,
    "110021": Refusal.TOO_LARGE,
    "110025": Fate.NO_CHANGE,
    "110026": Fate.NO_CHANGE,
    "110043": Fate.NO_CHANGE,
    "110044": Refusal.MARGIN,
    "110045": Refusal.MARGIN,
    "110072": Refusal.DUPLICATE_ID,
    "110090": Refusal.TOO_LARGE,
    "110092": Refusal.WOULD_TRIGGER,
    "110093": Refusal.WOULD_TRIGGER,
    "110094": Refusal.TOO_SMALL,
}
"""API documentation v5, "Error Codes"."""
