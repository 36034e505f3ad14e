"""Answers that are not what their documents say: cut in the middle, or of the wrong types."""

from typing import Any

import msgspec
from aiohttp import web


def cut_short(response: web.Response) -> web.Response:
    """The first half of the body, as if that were all of it."""
    body = _body(response)
    return _like(response, body[: len(body) // 2])


def with_wrong_types(response: web.Response) -> web.Response:
    """JSON in which numbers are words and texts are null; what is no JSON is cut short."""
    try:
        payload = msgspec.json.decode(_body(response))
    except msgspec.DecodeError:
        return cut_short(response)
    return _like(response, msgspec.json.encode(_mistyped(payload)))


def _mistyped(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _mistyped(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_mistyped(item) for item in value]
    return None if value is None or isinstance(value, str) else "soon"


def _body(response: web.Response) -> bytes:
    body = response.body
    return bytes(body) if isinstance(body, bytes | bytearray | memoryview) else b""


def _like(response: web.Response, body: bytes) -> web.Response:
    return web.Response(body=body, status=response.status, content_type=response.content_type)
