"""The server over real sockets, as a supervisor, Prometheus or a stranger asks it."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import ClientSession

from domain.errors import ConfigurationError
from monitoring.metrics import CONTENT_TYPE, Metrics
from monitoring.server import HealthServer
from tests.unit.monitoring.full_reading import full_reading


@dataclass
class World:
    """A server that listens, and what is wrong with the bot behind it."""

    metrics: Metrics
    failed: list[str] = field(default_factory=list)
    not_ready: list[str] = field(default_factory=list)
    port: int = 0

    def server(self, port: int = 0, host: str = "127.0.0.1") -> HealthServer:
        return HealthServer(
            host=host,
            port=port,
            metrics=self.metrics,
            liveness=lambda: self.failed,
            readiness=lambda: self.not_ready,
        )

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World(metrics=Metrics(version="1.2.3"))
    server = world.server()
    world.port = await server.start()
    yield world
    await server.stop()


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


async def _raw(port: int, request: bytes) -> bytes:
    """Everything that comes back until the other side closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    await writer.drain()
    try:
        return await asyncio.wait_for(reader.read(), 5.0)
    finally:
        writer.close()
        await writer.wait_closed()


async def test_a_bot_that_runs_is_alive(world: World, http: ClientSession) -> None:
    async with http.get(world.address("/healthz")) as answer:
        assert answer.status == 200
        assert await answer.json() == {"status": "alive", "reasons": []}


async def test_a_task_that_failed_for_good_makes_it_unhealthy(
    world: World, http: ClientSession
) -> None:
    world.failed.append("task delivery failed for good")

    async with http.get(world.address("/healthz")) as answer:
        assert answer.status == 503
        assert await answer.json() == {
            "status": "failed",
            "reasons": ["task delivery failed for good"],
        }


async def test_a_bot_that_is_not_ready_says_why(world: World, http: ClientSession) -> None:
    world.not_ready.extend(["candles are 90 s old", "the database does not answer"])

    async with http.get(world.address("/readyz")) as answer:
        assert answer.status == 503
        assert (await answer.json())["reasons"] == world.not_ready
    async with http.get(world.address("/healthz")) as answer:
        assert answer.status == 200


async def test_a_bot_becomes_ready_while_the_server_runs(world: World, http: ClientSession) -> None:
    world.not_ready.append("starting")
    async with http.get(world.address("/readyz")) as answer:
        assert answer.status == 503

    world.not_ready.clear()

    async with http.get(world.address("/readyz")) as answer:
        assert (answer.status, await answer.json()) == (200, {"status": "ready", "reasons": []})


async def test_metrics_are_those_of_the_newest_reading(world: World, http: ClientSession) -> None:
    world.metrics.take(full_reading())

    async with http.get(world.address("/metrics")) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"] == CONTENT_TYPE
        assert "\nquorum_pairs_watched 40.0\n" in await answer.text()


async def test_the_head_of_an_answer_can_be_asked_for(world: World, http: ClientSession) -> None:
    world.not_ready.append("starting")

    async with http.head(world.address("/readyz")) as answer:
        assert (answer.status, await answer.read()) == (503, b"")


@pytest.mark.parametrize("path", ["/", "/metrics/", "/healthz/x", "/../etc/passwd", "/favicon.ico"])
async def test_anything_else_is_not_found(world: World, http: ClientSession, path: str) -> None:
    async with http.get(world.address(path)) as answer:
        assert answer.status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
async def test_nothing_can_be_changed(world: World, http: ClientSession, method: str) -> None:
    async with http.request(method, world.address("/healthz"), data=b"x") as answer:
        assert answer.status == 405


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/nothing"])
async def test_no_answer_tells_what_runs_here_or_is_kept(
    world: World, http: ClientSession, path: str
) -> None:
    async with http.get(world.address(path)) as answer:
        assert "Server" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "request_head",
    [
        b"GET /" + b"a" * 10_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nCookie: " + b"a" * 10_000 + b"\r\n\r\n",
    ],
    ids=["line", "header"],
)
async def test_a_request_that_is_too_long_is_refused_without_a_line_in_the_log(
    world: World, request_head: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await _raw(world.port, request_head)

    assert answer.startswith((b"HTTP/1.0 400", b"HTTP/1.1 400"))
    assert not caplog.records


async def test_a_question_that_fails_is_answered_without_its_words_and_logged(
    http: ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> list[str]:
        raise ValueError("inner words")

    server = HealthServer(
        host="127.0.0.1",
        port=0,
        metrics=Metrics(version="1"),
        liveness=broken,
        readiness=broken,
    )
    port = await server.start()
    async with http.get(f"http://127.0.0.1:{port}/healthz") as answer:
        assert answer.status == 500
        assert "inner words" not in await answer.text()
    await server.stop()

    assert "inner words" in caplog.text


async def test_a_body_is_not_waited_for(world: World) -> None:
    head = b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n"

    answer = await _raw(world.port, head)

    assert answer.startswith(b"HTTP/1.1 200")


async def test_scrapes_leave_no_line_in_the_log(
    world: World, http: ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        for path in ("/metrics", "/healthz", "/readyz"):
            async with http.get(world.address(path)) as answer:
                await answer.read()

    assert not caplog.records


async def test_a_taken_port_is_refused_with_what_to_do(world: World) -> None:
    with pytest.raises(ConfigurationError) as refused:
        await world.server(port=world.port).start()

    text = str(refused.value)
    assert f"127.0.0.1, port {world.port}" in text
    assert "taken by another program" in text
    assert "MONITORING_PORT" in text


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid", "x" * 64])
async def test_an_address_that_is_not_this_machine_s_is_refused(world: World, host: str) -> None:
    with pytest.raises(ConfigurationError, match="MONITORING_HOST"):
        await world.server(host=host).start()


async def test_a_stopped_server_frees_its_port(world: World) -> None:
    server = world.server()
    port = await server.start()

    await server.stop()
    await server.stop()

    again = world.server(port=port)
    assert await again.start() == port
    await again.stop()


async def test_an_idle_connection_does_not_hold_up_the_stop(world: World) -> None:
    server = world.server()
    port = await server.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    head = await reader.readuntil(b"\r\n\r\n")

    await asyncio.wait_for(server.stop(), 3.0)

    assert head.startswith(b"HTTP/1.1 200")
    assert json.loads(await reader.read())["status"] == "alive"
    writer.close()
