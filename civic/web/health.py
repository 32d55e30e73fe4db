"""Whether the process lives (/healthz), and whether it can serve (/readyz)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from civic import db

NO_STORE = {"Cache-Control": "no-store"}


async def alive(request: Request) -> Response:
    """GET /healthz: 200 while the process answers."""
    return JSONResponse({"status": "ok"}, headers=NO_STORE)


async def ready(request: Request) -> Response:
    """GET /readyz: 200 when the database answers, else 503."""
    try:
        await db.fetch("SELECT 1 AS one")
    except Exception:
        return JSONResponse({"status": "no database"}, 503, NO_STORE)
    return JSONResponse({"status": "ready"}, headers=NO_STORE)
