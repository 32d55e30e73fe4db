"""The ledger over HTTP, in the layout of C2SP tlog-tiles."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from civic.ledger import published, tiles
from civic.ledger.documents import sources

FOREVER = "public, max-age=31536000, immutable"
SOON = "public, no-cache"
NOTES = ("checkpoint", "key", "receipt-key")


async def serve(request: Request) -> Response:
    """One file of the ledger. Full tiles never change."""
    name = request.url.path.removeprefix("/ledger/")
    pieces = await published.pieces(name)
    if pieces is None:
        return PlainTextResponse("There is no such file in the ledger.\n", 404)
    kind = "application/json" if name.endswith(".json") else "application/octet-stream"
    if name in NOTES:
        kind = "text/plain; charset=utf-8"
    headers = {"Cache-Control": FOREVER if tiles.is_full(name) else SOON}
    if name.startswith("boxes/"):
        return StreamingResponse(pieces, media_type=kind, headers=headers)
    return Response(b"".join([piece async for piece in pieces]), media_type=kind, headers=headers)


routes = [
    *(Route(f"/ledger/{name}", serve) for name in NOTES),
    *(Route(f"/ledger/{folder}/{{rest:path}}", serve) for folder in ("tile", *sources())),
]
