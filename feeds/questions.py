"""One provider's HTTP: own pace, retries, redirects, bounded answers, conditional requests.

Every error text is our own: the exceptions of httpx hold whole addresses, keys included.
"""

import asyncio
from collections.abc import Mapping
from typing import Final

import httpx
from aiolimiter import AsyncLimiter

from feeds.patience import Jitter, NoAnswerError, Patience, asked_silence, retrying
from feeds.remembered_answers import Body, RememberedAnswers

_MINUTE: Final = 60.0
_TOO_MANY: Final = 429
_NOT_MODIFIED: Final = 304
_HIGHEST_PORT: Final = 65_535
_FOR_ANY_HOST: Final = frozenset({"user-agent", "accept", "accept-language"})
"""Headers that may follow a redirect to another host; keys may not."""


class Questions:
    """Asks one provider. `base_url` and `headers` are those of its plan."""

    def __init__(
        self,
        *,
        http: httpx.AsyncClient,
        base_url: str,
        headers: Mapping[str, str],
        requests_per_minute: float,
        patience: Patience,
        jitter: Jitter,
    ) -> None:
        self._http = http
        self._base_url = base_url.rstrip("/")
        self._headers = dict(headers)
        self._patience = patience
        self._jitter = jitter
        self._pace = AsyncLimiter(1, _MINUTE / requests_per_minute)
        self._remembered = RememberedAnswers()

    async def ask(self, path: str, params: Mapping[str, str]) -> Body:
        """The body of an answer of status 200; raises NoAnswerError when attempts run out."""
        url = self._address(path, params)
        return await retrying(self._patience, self._jitter)(self._attempt, url)

    def forget(self) -> None:
        """A body made no sense: ask for whole ones from now on."""
        self._remembered.clear()

    def _address(self, path: str, params: Mapping[str, str]) -> httpx.URL:
        try:
            url = httpx.URL(self._base_url + path)
        except httpx.InvalidURL:
            raise NoAnswerError("the base URL makes no address; mend it", may_pass=False) from None
        return url.copy_merge_params(dict(params)) if params else url

    async def _attempt(self, url: httpx.URL) -> Body:
        await self._pace.acquire()
        seconds = self._patience.timeout_seconds
        try:
            async with asyncio.timeout(seconds):
                return await self._follow(url)
        except (TimeoutError, httpx.TimeoutException):
            raise NoAnswerError(f"no answer within {seconds:g} s", may_pass=True) from None
        except httpx.TransportError as error:
            kind = type(error).__name__
            raise NoAnswerError(f"the connection failed ({kind})", may_pass=True) from None
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            # A redirect may name an address that httpx only finds wrong when it goes there.
            kind = type(error).__name__
            raise NoAnswerError(f"the answer cannot be read ({kind})", may_pass=False) from None

    async def _follow(self, url: httpx.URL) -> Body:
        """The answer behind at most a few redirects, none of which may leave https."""
        asked = url
        for _ in range(self._patience.most_redirects + 1):
            headers = self._headers_for(asked, url) | self._remembered.conditions(str(url))
            seconds = self._patience.timeout_seconds
            async with self._http.stream(
                "GET", asked, headers=headers, timeout=seconds, follow_redirects=False
            ) as response:
                if response.next_request is None:
                    return await self._read(str(url), response)
                asked = _allowed(asked, response.next_request.url)
        raise NoAnswerError("redirected too often", may_pass=False)

    def _headers_for(self, asked: httpx.URL, url: httpx.URL) -> dict[str, str]:
        if _same_host(asked, url):
            return self._headers
        return {name: text for name, text in self._headers.items() if name.lower() in _FOR_ANY_HOST}

    async def _read(self, address: str, response: httpx.Response) -> Body:
        if response.status_code == _NOT_MODIFIED:
            return self._unchanged(address)
        if not response.is_success:
            raise _refused(response)
        if "," in response.headers.get("Content-Encoding", ""):
            # Each layer multiplies what a few bytes can swell to by a thousand.
            raise NoAnswerError("the answer is compressed more than once", may_pass=False)
        body = Body(await self._content(response), response.charset_encoding or "")
        self._remembered.keep(address, response.headers, body)
        return body

    async def _content(self, response: httpx.Response) -> bytes:
        most = self._patience.largest_answer_bytes
        content = bytearray()
        async for piece in response.aiter_bytes():
            content += piece
            if len(content) > most:
                raise NoAnswerError(f"the answer is larger than {most:,} bytes", may_pass=False)
        return bytes(content)

    def _unchanged(self, address: str) -> Body:
        body = self._remembered.body(address)
        if body is None:
            raise NoAnswerError("HTTP 304 to a question that was not conditional", may_pass=False)
        return body


def _refused(response: httpx.Response) -> NoAnswerError:
    status = response.status_code
    return NoAnswerError(
        f"HTTP {status}",
        may_pass=status == _TOO_MANY or response.is_server_error,
        silence_seconds=asked_silence(
            response.headers.get("Retry-After"), response.headers.get("Date")
        ),
    )


def _allowed(asked: httpx.URL, target: httpx.URL) -> httpx.URL:
    if not target.host or (target.port or 0) > _HIGHEST_PORT:
        raise NoAnswerError("redirected to what is no address", may_pass=False)
    if target.scheme == "https" or _same_host(asked, target):
        return target
    raise NoAnswerError("redirected to an address without https, not followed", may_pass=False)


def _same_host(one: httpx.URL, other: httpx.URL) -> bool:
    return (one.scheme, one.host, one.port) == (other.scheme, other.host, other.port)
