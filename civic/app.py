"""The application: routes, and what starts and ends with the process."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp

from civic import db, schema
from civic.schema.core.answers import Answers
from civic.schema.core.errors import failed
from civic.schema.core.execute import Engine
from civic.settings import settings
from civic.web import assets, health, logs, metrics, oidc
from civic.web.files import Files
from civic.web.graphql import GraphQLEndpoint
from civic.web.graphql_ws import GraphQLSocket
from civic.web.middleware import Guard, Straight
from civic.web.own_data import Own
from civic.web.pages import Pages
from civic.web.pages.preferences import SignOut, preferences
from civic.web.session_store import DatabaseStore
from civic.web.sessions import Sessions

log = structlog.get_logger("civic.app")
PAUSE = 5.0  # seconds before a loop that failed begins again
COLLECTED = (20_000, 20, 20)  # objects between collections: a request makes hundreds, and few make circles
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
# Module and function of the loops that run beside the requests.
LOOPS = (("civic.ledger.sequencer", "run"), ("civic.jobs", "run"), ("civic.mail", "run"))


def create_app(engine: Engine | None = None, templates: Path | None = None) -> Starlette:
    """The ASGI application. ``engine`` and ``templates`` replace the platform's own in tests."""
    logs.set_up()
    engine = engine or schema.engine()
    sessions = Sessions(DatabaseStore())
    answers = Answers()
    own_assets = assets.Assets(templates / "assets") if templates else assets.shared()
    pages = Pages(engine, sessions, answers, templates, own_assets)
    graphql = GraphQLEndpoint(engine, sessions, answers, pages.explorer)
    routes: list[BaseRoute] = [
        Route("/graphql", graphql, methods=METHODS),
        WebSocketRoute("/graphql", GraphQLSocket(engine, sessions).respond),
        Route("/healthz", health.alive),
        Route("/readyz", health.ready),
        Route("/metrics", metrics.respond),
        Route("/assets/{path:path}", own_assets.respond),
        Route("/files/{id}/{name}", Files(sessions).respond),
        Route("/account/data.json", Own(sessions).respond),
        Route("/preferences", preferences, methods=["POST"]),
        Route("/sign-out", SignOut(sessions).respond, methods=["POST"]),
        *oidc.routes(sessions),
        *found_routes("civic.ledger.routes"),
        *found_routes("civic.web.feeds"),
        *found_routes("civic.web.calendars"),
        *found_routes("civic.web.box_files"),
        *found_routes("civic.web.receipt_file"),
        Route("/{path:path}", pages, methods=METHODS),
    ]

    async def refused(request: Request, error: Exception) -> Response:
        """What starlette refuses by itself: an address or method that is not there, a form that cannot be read."""
        assert isinstance(error, HTTPException)
        response = await pages.sorry(request, error.status_code)
        response.headers.update(error.headers or {})
        return response

    app = Application(routes=routes, lifespan=lifespan, exception_handlers={HTTPException: refused})
    app.graphql = graphql
    app.router.redirect_slashes = False
    app.state.engine, app.state.sessions, app.state.answers, app.state.pages = (
        engine,
        sessions,
        answers,
        pages,
    )
    return app


class Application(Starlette):
    """Starlette with `Guard` outermost, which also answers when all else fails."""

    graphql: ASGIApp

    def build_middleware_stack(self) -> ASGIApp:
        routed = ExceptionMiddleware(self.router, self.exception_handlers)
        return Guard(Straight("/graphql", self.graphql, routed))


def found_routes(module: str) -> list[BaseRoute]:
    """The ``routes`` of a module, if it exists."""
    return list(import_module(module).routes) if find_spec(module) else []


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    """Connect to the database and keep the loops running while the process serves."""
    settings().data_dir.mkdir(parents=True, exist_ok=True)
    await db.start()
    if not gc.get_freeze_count():  # what lives as long as the process is not gone through again and again
        gc.collect()
        gc.freeze()
        gc.set_threshold(*COLLECTED)
    tasks = [asyncio.create_task(keep(name, run)) for name, run in loops()]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await db.stop()


def loops() -> list[tuple[str, Callable[[], Coroutine[Any, Any, None]]]]:
    """What runs beside the requests, unless this process leaves it to another."""
    if not settings().run_jobs:
        return []
    return [(m, getattr(import_module(m), f)) for m, f in LOOPS if find_spec(m)]


async def keep(name: str, run: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a loop; when it fails, note it and begin again."""
    while True:
        try:
            await run()
            return
        except asyncio.CancelledError:
            raise
        except Exception as error:
            failed(error, name)
            await asyncio.sleep(PAUSE)
