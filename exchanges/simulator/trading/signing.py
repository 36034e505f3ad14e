"""Signatures of requests: HMAC-SHA256 over the text that was sent, without the signature itself."""

import hashlib
import hmac
from typing import Final

_MARK: Final = "signature="


def signature_of(payload: str, secret: str) -> str:
    """The signature of a query or form text, in hexadecimal digits."""
    return hmac.new(secret.encode(), payload.encode(), hashlib.sha256).hexdigest()


def is_signed(query: str, body: str, secret: str) -> bool:
    """Whether query and body, as they came over the wire, carry the signature of all the rest.

    The signature is the last parameter of the body, or of the query where there is no body.
    """
    before, mark, given = (query + body).rpartition(_MARK)
    if not mark:
        return False
    payload = before.removesuffix("&")
    return hmac.compare_digest(signature_of(payload, secret), given)
