"""The log: one JSON object a line, without addresses of people, names, query strings or form contents."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog
from starlette.types import Scope

from civic.settings import settings

METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH")
QUIET = ("/healthz", "/readyz", "/metrics", "/assets")
PLAIN = ("uvicorn", "websockets")  # their patterns hold no values
NAME = "civic.requests"
log: Any = structlog.get_logger(NAME)


def set_up() -> None:
    """Send all log lines to standard error as JSON."""
    global log
    level = logging.getLevelNamesMapping().get(settings().log_level.upper(), logging.INFO)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    log = structlog.get_logger(NAME).bind()  # once, not for each request
    logging.basicConfig(handlers=[Libraries()], level=max(level, logging.WARNING), force=True)


class Libraries(logging.Handler):
    """What libraries log, in the same form: which logger, what kind of error and where. Of the message only its
    pattern, without values, and of an error not even that, for it may quote a row.
    """

    def emit(self, record: logging.LogRecord) -> None:
        said: dict[str, Any] = {"logger": record.name, "where": f"{record.filename}:{record.lineno}"}
        if record.exc_info and record.exc_info[0]:
            said["kind"] = record.exc_info[0].__qualname__
        elif record.name.split(".")[0] in PLAIN:
            said["pattern"] = str(record.msg).splitlines()[0][:200] if record.msg else ""
        structlog.get_logger("civic.libraries").log(record.levelno, "library", **said)


def route(scope: Scope) -> str:
    """Which kind of address this is, without what stands in it: paths may hold codes."""
    known: Any = scope.get("route")
    path = getattr(known, "path", "")
    return str(path) if path and path != "/{path:path}" else "other"


def request(method: str, route: str, status: int, seconds: float) -> None:
    """One line for one request."""
    if not route.startswith(QUIET):
        log.info("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))
