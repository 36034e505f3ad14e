"""What a client may say on a connection: SUBSCRIBE, UNSUBSCRIBE, LIST_SUBSCRIPTIONS."""

from typing import Any

import msgspec

from exchanges.simulator.streams.connections import Connection, Subscriptions

_DECODER = msgspec.json.Decoder()


def answer_control_frame(text: str, connection: Connection, subscriptions: Subscriptions) -> bytes:
    """Carry out a control frame; returns the answer as JSON, with the id of the request."""
    try:
        message = _DECODER.decode(text)
    except msgspec.DecodeError:
        return _error(None, "Invalid JSON: expected value at line 1 column 1")
    if not isinstance(message, dict) or not isinstance(message.get("id"), int | str):
        return _error(None, "Invalid request: missing field `id`")
    return _carry_out(message, connection, subscriptions)


def _carry_out(
    message: dict[str, Any], connection: Connection, subscriptions: Subscriptions
) -> bytes:
    method, params, request_id = message.get("method"), message.get("params"), message["id"]
    if method == "LIST_SUBSCRIPTIONS":
        return _result(request_id, list(connection.names))
    if method not in ("SUBSCRIBE", "UNSUBSCRIBE"):
        return _error(request_id, f"Invalid request: unknown variant `{method}`")
    if not isinstance(params, list) or not all(isinstance(name, str) for name in params):
        return _error(request_id, "Invalid request: params must be a list of stream names")
    if method == "SUBSCRIBE":
        subscriptions.subscribe(connection, params)
    else:
        subscriptions.unsubscribe(connection, params)
    return _result(request_id, None)


def _result(request_id: int | str, result: list[str] | None) -> bytes:
    return msgspec.json.encode({"result": result, "id": request_id})


def _error(request_id: int | str | None, text: str) -> bytes:
    return msgspec.json.encode({"error": {"code": 2, "msg": text}, "id": request_id})
