"""A web application on a local port."""

from aiohttp import web


class LocalServer:
    """Listens on `host`; `port` 0 takes a free one, which `port` then tells."""

    def __init__(self, host: str, port: int) -> None:
        self.host = host
        self.port = port
        self._runner: web.AppRunner | None = None

    @property
    def rest_url(self) -> str:
        """Base URL of REST."""
        return f"http://{self.host}:{self.port}"

    @property
    def ws_url(self) -> str:
        """Base URL of the stream routes."""
        return f"ws://{self.host}:{self.port}"

    async def listen(self, application: web.Application) -> None:
        """Serve the application; raises OSError where the address is taken."""
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, self.host, self.port).start()
        self.port = self._runner.addresses[0][1]

    async def close(self) -> None:
        """Close the port and what is still open on it."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()
