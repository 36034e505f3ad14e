"""Health and metrics over HTTP, for supervisors of processes and for Prometheus."""

import errno
import json
import logging
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Final, TypeAlias

from aiohttp import hdrs, web
from aiohttp.http_exceptions import BadHttpMessage

from domain.errors import ConfigurationError
from monitoring.metrics import CONTENT_TYPE, Metrics

Reasons: TypeAlias = Callable[[], Sequence[str]]
"""Why something is not as it should be, in words without secrets; nothing when all is well."""

_LONGEST_LINE: Final = 2048
"""Bytes of a request's first line, and of each of its headers."""

_STOP_SECONDS: Final = 1.0

_TROUBLES: Final = {
    errno.EADDRINUSE: "it is taken by another program, perhaps by another Quorum",
    errno.EACCES: "this user may not listen there (ports below 1024 are reserved)",
    errno.EADDRNOTAVAIL: "this machine has no such address",
}


class HealthServer:
    """Answers GET and HEAD of `/healthz`, `/readyz` and `/metrics`, and nothing else.

    `liveness` says what has failed for good, `readiness` why the bot cannot do its work now. They
    are called on the event loop for each request and must be quick.
    """

    def __init__(
        self, *, host: str, port: int, metrics: Metrics, liveness: Reasons, readiness: Reasons
    ) -> None:
        self._host = host
        self._port = port
        self._metrics = metrics
        self._liveness = liveness
        self._readiness = readiness
        self._runner: web.AppRunner | None = None

    async def start(self) -> int:
        """Listen; the port that was bound (another than asked for only if that was 0).

        Raises `ConfigurationError` when it cannot listen there.
        """
        runner = web.AppRunner(
            self._application(),
            access_log=None,  # a line per scrape would drown the log
            logger=_quiet_logger(),
            handle_signals=False,
            shutdown_timeout=_STOP_SECONDS,
            max_line_size=_LONGEST_LINE,
            max_field_size=_LONGEST_LINE,
            lingering_time=0,  # bodies are never read
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except (OSError, UnicodeError) as error:  # a name that is none is no OSError
            await runner.cleanup()
            raise self._cannot_listen(error) from error
        self._runner = runner
        return int(runner.addresses[0][1])

    async def stop(self) -> None:
        """Stop listening; requests under way have a second to end."""
        if self._runner is not None:
            runner, self._runner = self._runner, None
            await runner.cleanup()

    def _application(self) -> web.Application:
        application = web.Application()
        application.router.add_get("/healthz", self._healthz)
        application.router.add_get("/readyz", self._readyz)
        application.router.add_get("/metrics", self._answer_metrics)
        application.on_response_prepare.append(_dress)
        return application

    def _cannot_listen(self, error: OSError | UnicodeError) -> ConfigurationError:
        trouble = str(error)
        if isinstance(error, OSError):
            trouble = _TROUBLES.get(error.errno or 0, str(error.strerror or error))
        return ConfigurationError(
            f"cannot listen on {self._host}, port {self._port}, for health and metrics: {trouble}. "
            "Set MONITORING_PORT to a free port, or to 0 to do without, and MONITORING_HOST to an "
            "address of this machine."
        )

    async def _healthz(self, _request: web.Request) -> web.Response:
        return _verdict(self._liveness(), good="alive", bad="failed")

    async def _readyz(self, _request: web.Request) -> web.Response:
        return _verdict(self._readiness(), good="ready", bad="not ready")

    async def _answer_metrics(self, _request: web.Request) -> web.Response:
        return web.Response(body=self._metrics.expose(), headers={hdrs.CONTENT_TYPE: CONTENT_TYPE})


def _verdict(reasons: Sequence[str], *, good: str, bad: str) -> web.Response:
    return web.json_response(
        {"status": bad if reasons else good, "reasons": list(reasons)},
        status=HTTPStatus.SERVICE_UNAVAILABLE if reasons else HTTPStatus.OK,
        dumps=lambda answer: json.dumps(answer, ensure_ascii=False),
    )


def _quiet_logger() -> logging.Logger:
    """A logger of what goes wrong here, not of what strangers send that is no HTTP."""
    logger = logging.getLogger(__name__)
    logger.addFilter(_is_not_malformed)  # the same filter is added only once
    return logger


def _is_not_malformed(record: logging.LogRecord) -> bool:
    return record.exc_info is None or not isinstance(record.exc_info[1], BadHttpMessage)


async def _dress(_request: web.Request, response: web.StreamResponse) -> None:
    """Without the versions of what runs here, and never kept by what stands in between."""
    response.headers.pop(hdrs.SERVER, None)
    response.headers[hdrs.CACHE_CONTROL] = "no-store"
