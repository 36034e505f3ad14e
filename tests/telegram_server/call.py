"""One call of a Bot API method, as it came over HTTP.

Telegram reads every parameter as text, however it was sent (query, form, multipart or JSON body),
and parses it again for the method's needs. So do we: one path, whatever the client library.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.telegram_server.refusals import bad_request

TRUE_WORDS = frozenset({"true", "yes", "1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A method's name, its parameters as text, and the files uploaded with it."""

    method: str
    parameters: Mapping[str, str]
    files: Mapping[str, bytes] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return the parameter, or an empty string when it is absent."""
        return self.parameters.get(name, "")

    def flag(self, name: str) -> bool:
        """Tell whether the parameter says yes; absent means no."""
        return self.text(name).lower() in TRUE_WORDS

    def integer(self, name: str, default: int = 0) -> int:
        """Return the parameter as a whole number, `default` when it is absent.

        Raises:
            RefusedError: it is no whole number.
        """
        raw = self.text(name)
        if not raw:
            return default
        try:
            return int(raw)
        except ValueError:
            raise bad_request(f'field "{name}" must be a valid Number') from None

    def structure(self, name: str, kind: str) -> Any:
        """Return the parameter parsed from JSON, or None when it is absent.

        Raises:
            RefusedError: it is no JSON; the text names it by `kind`, as Telegram does.
        """
        raw = self.text(name)
        if not raw:
            return None
        try:
            return json.loads(raw)
        except ValueError:
            raise bad_request(f"can't parse {kind} JSON object") from None

    def uploaded(self, reference: str, field_name: str) -> bytes | None:
        """Return the file sent in the named field, or the one `attach://name` points to."""
        if reference.startswith("attach://"):
            return self.files.get(reference.removeprefix("attach://"))
        return self.files.get(field_name)


async def read_call(request: web.Request, method: str) -> Call:
    """Read a call from the query string and the body, in any of the encodings Telegram takes.

    Raises:
        RefusedError: a JSON body that is no JSON object.
    """
    parameters = dict(request.query)
    files: dict[str, bytes] = {}
    if request.content_type == "application/json":
        parameters |= _texts_of(await request.text())
    else:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                with value.file as upload:
                    files[name] = upload.read()
            else:
                parameters[name] = value if isinstance(value, str) else bytes(value).decode()
    return Call(method=method, parameters=parameters, files=files)


def _texts_of(body: str) -> dict[str, str]:
    """Turn a JSON object into text parameters; nulls count as absent."""
    try:
        values = json.loads(body or "{}")
    except ValueError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(values, dict):
        raise bad_request("can't parse JSON object")
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in values.items()
        if value is not None
    }
