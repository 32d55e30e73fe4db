"""Whether the process lives (/healthz), and whether it can serve (/readyz)."""

from __future__ import annotations

from time import monotonic

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from civic.db.migrations import missing
from civic.models import LedgerEntry

NO_STORE = {"Cache-Control": "no-store"}
PATIENCE = 30.0  # seconds that the same entry may stay the oldest unsealed one


class Sealing:
    """Remembers which entry waits longest, to notice when nobody seals any more."""

    def __init__(self) -> None:
        self.oldest: int | None = None
        self.since = 0.0

    async def behind(self) -> bool:
        """Whether the same entry has been waiting for too long."""
        rows = await LedgerEntry.filter(seq__isnull=True).order_by("id").limit(1).values_list("id", flat=True)
        oldest = int(str(rows[0])) if rows else None
        if oldest is None or oldest != self.oldest:
            self.oldest, self.since = oldest, monotonic()
        return oldest is not None and monotonic() - self.since > PATIENCE


sealing = Sealing()


async def alive(request: Request) -> Response:
    """GET /healthz: 200 while the process answers."""
    return JSONResponse({"status": "ok"}, headers=NO_STORE)


async def ready(request: Request) -> Response:
    """GET /readyz: 200 when database, migrations and ledger are as they should be, else 503 with the reason."""
    try:
        status = "migrations missing" if await missing() else "ready"
        if status == "ready" and await sealing.behind():
            status = "ledger behind"
    except Exception:
        status = "no database"
    return JSONResponse({"status": status}, 200 if status == "ready" else 503, NO_STORE)
