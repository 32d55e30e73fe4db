"""POST /receipts/file: a receipt as a file for `civic check-receipt`, with its proof once it is sealed.

What is posted is given back and not kept. A receipt stands in no address, so this is no GET.
"""

from __future__ import annotations

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.acts import receipts
from civic.ledger import proofs, sequencer
from civic.web.pages.preferences import elsewhere

MOST_BYTES = 16 * 1024

PROMISE = "Our signature promises that this commitment is in the ledger; sealed, it can be proved."


async def content(text: str) -> dict[str, Any]:
    """The receipt, and how its commitment stands in the ledger now. Raises InvalidInput when it is none of ours."""
    found = await receipts.check(text)
    whole: dict[str, Any] = orjson.loads(receipts.text_of(receipts.parse(text)))
    newest = await sequencer.checkpoint()
    if newest is None or found.entry is None or found.entry >= newest.size:
        return {**whole, "inclusion": {"promise": PROMISE}}
    proof = [node.hex() for node in await proofs.inclusion(found.entry, newest.size)]
    return {**whole, "inclusion": {"entry": found.entry, "proof": proof, "checkpoint": newest.note}}


async def download(request: Request) -> Response:
    """The posted receipt as a file."""
    if refused := elsewhere(request):
        return refused
    async with request.form(max_files=0, max_fields=10, max_part_size=MOST_BYTES) as form:
        text = str(form.get("receipt") or "")
    found = await content(text)
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="receipt-{found["ballot"]}-{found["version"]}.json"',
    }
    body = orjson.dumps(found, option=orjson.OPT_INDENT_2)
    return Response(body, headers=headers, media_type="application/json")


routes = [Route("/receipts/file", download, methods=["POST"])]
