"""A door in front of a server: shut, nobody can connect, and who was in is put out; or it falls
silent behind those who are in.
"""

import asyncio
import socket
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

_CHUNK_BYTES = 65_536


class Door:
    """Passes connections on to a server. Shut until opened."""

    def __init__(self) -> None:
        self._port = _free_port()
        self._target = ""
        self._server: asyncio.Server | None = None
        self._visitors: set[asyncio.StreamWriter] = set()
        self._forgotten: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        """Where the server seems to be."""
        return f"http://{self.address}"

    @property
    def address(self) -> str:
        """The same without saying what is spoken there."""
        return f"127.0.0.1:{self._port}"

    async def open(self, target: str) -> None:
        """Let everybody in to the server at an http:// address, or at a socket's path."""
        self._target = target
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", self._port)

    async def shut(self) -> None:
        """Let nobody in any more, and end what is under way."""
        if self._server is None:
            return
        self._server.close()
        for visitor in self._visitors:
            visitor.transport.abort()
        await self._server.wait_closed()
        self._server = None

    def fall_silent(self) -> None:
        """Pass nothing on any more between those who are connected, and tell neither side of it.

        As a firewall does that forgets a connection. Who comes now is let in as before.
        """
        self._forgotten |= self._visitors

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.shut()

    async def _pass_on(
        self, from_client: asyncio.StreamReader, to_client: asyncio.StreamWriter
    ) -> None:
        from_server, to_server = await self._connect()
        self._visitors |= {to_client, to_server}
        try:
            async with asyncio.TaskGroup() as ways:
                ways.create_task(self._copy(from_client, to_server))
                ways.create_task(self._copy(from_server, to_client))
        finally:
            self._visitors -= {to_client, to_server}
            self._forgotten -= {to_client, to_server}
            to_client.close()
            to_server.close()

    async def _copy(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while chunk := await source.read(_CHUNK_BYTES):
                if sink not in self._forgotten:
                    sink.write(chunk)
                    await sink.drain()
        except ConnectionError:
            pass
        if sink not in self._forgotten:
            sink.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._target.startswith("/"):
            return await asyncio.open_unix_connection(self._target)
        address = urlsplit(self._target)
        return await asyncio.open_connection(address.hostname, address.port)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
