"""Keeps secrets out of every text that leaves the process: log lines, error messages, tables.

Known secrets are cut wherever they appear, in any of the spellings a library may give them;
the shapes of tokens, passwords and signatures catch what was never registered.
"""

import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from html import escape
from urllib.parse import quote, quote_plus

from bot.redaction import redact
from domain.errors import QuorumError

HIDDEN = "***"

_SHORTEST_SECRET = 6
_QUOTE = r"[\\'\"]*"  # with the backslashes of a text within a text
_NAMED_SECRET = re.compile(
    r"(?<![a-z])((?:signature|listenKey|api[_-]?key|api[_-]?secret|secret|password|passphrase"
    rf"|access_token|X-MBX-APIKEY){_QUOTE}\s*[=:]\s*b?{_QUOTE})[\w%+/-]{{8,}}",
    re.IGNORECASE | re.ASCII,
)
"""Queries, headers and arguments that are called like something secret."""

_AUTHORIZATION = re.compile(
    rf"(authorization{_QUOTE}\s*[=:,]\s*b?{_QUOTE}(?:basic|bearer)\s+)[^\s'\",}}\\]+",
    re.IGNORECASE | re.ASCII,
)
_ESCAPED_BYTE = re.compile(r"%[0-9A-F]{2}")


class Redactor:
    """Replaces secrets in a text by `***`."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._all: set[str] = set()
        self._known: re.Pattern[str] | None = None
        self.learn(secrets)

    def learn(self, secrets: Iterable[str]) -> None:
        """Hide these as well from now on: keys that became known while the bot runs."""
        spellings = {spelling for secret in secrets for spelling in _spellings(secret)}
        if spellings <= self._all:
            return
        self._all |= spellings
        longest_first = sorted(self._all, key=lambda spelling: (-len(spelling), spelling))
        self._known = re.compile("|".join(map(re.escape, longest_first)))

    def __call__(self, text: str) -> str:
        """The text without secrets."""
        if self._known is not None:
            text = self._known.sub(HIDDEN, text)
        for shape in (_AUTHORIZATION, _NAMED_SECRET):
            text = shape.sub(rf"\1{HIDDEN}", text)
        return redact(text)


@contextmanager
def redacted_errors(redact: Redactor) -> Iterator[None]:
    """Keeps secrets out of errors of ours that leave the block: a command ends with their words."""
    try:
        yield
    except QuorumError as error:
        error.args = tuple(redact(each) if isinstance(each, str) else each for each in error.args)
        raise


def _spellings(secret: str) -> set[str]:
    """The secret as plain text, in a repr, in HTML, in an address, in Base64; each also in JSON."""
    if len(secret) < _SHORTEST_SECRET:
        return set()
    encoded = secret.encode(errors="surrogatepass")
    in_addresses = {quote(encoded, safe=""), quote_plus(encoded)}
    plain = {
        secret,
        repr(secret)[1:-1],
        repr(encoded)[2:-1],
        escape(secret),
        *in_addresses,
        *(_ESCAPED_BYTE.sub(lambda byte: byte[0].lower(), each) for each in in_addresses),
        b64encode(encoded).decode(),
        urlsafe_b64encode(encoded).decode(),
    }
    return plain | {json.dumps(spelling)[1:-1] for spelling in plain}
