"""Published boxes as downloads: ``/ballots/7.pb``, ``.blt``, ``.soi``, ``.soc``, ``.csv``. JSON is the ledger's own."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from civic.ledger import box_files
from civic.models import Ballot

TYPES = {"csv": "text/csv; charset=utf-8"}
HEADERS = {"Cache-Control": "public, no-cache"}


async def download(request: Request) -> Response:
    """The box of a counted ballot in one format."""
    key, kind = request.path_params["id"], request.path_params["kind"]
    if kind == "json":
        return RedirectResponse(f"/ledger/boxes/{key}.json", 308)
    ballot = await Ballot.get_or_none(id=key) if key < 2**63 else None
    pieces = await box_files.pieces(ballot, kind) if ballot else None
    if pieces is None:
        return PlainTextResponse("There is no such file of a counted ballot.\n", 404)
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="ballot-{key}.{kind}"'}
    media = TYPES.get(kind, "text/plain; charset=utf-8")
    return StreamingResponse(pieces, media_type=media, headers=headers)


routes = [Route("/ballots/{id:int}.{kind:str}", download)]
