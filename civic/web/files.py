"""GET /files/<id>/<name>: attachments. Images open in the page; everything else is saved, never run."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from tortoise.expressions import Q

from civic.models import AgendaItem, Attachment, File, Proposal
from civic.storage import place
from civic.web.security import SANDBOX
from civic.web.sessions import Sessions

IMAGES = ("image/png", "image/jpeg", "image/webp", "image/gif", "image/avif")
HIDDEN = ("draft", "hidden")
PIECE = 256 * 1024


class Files:
    """Gives files to whoever may see what they are attached to."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions

    async def respond(self, request: Request) -> Response:
        missing = HTTPException(404)
        key = request.path_params["id"]
        file = (
            await File.get_or_none(id=int(key))
            if key.isascii() and key.isdecimal() and len(key) < 19
            else None
        )
        if file is None:
            raise missing
        public = await self.public(file)
        if not public:
            context = await self.sessions.context(request)
            if context.viewer is None or context.viewer.pk != file.owner_id:
                raise missing
        path = place(file.sha256)
        if not await run_in_threadpool(path.is_file):
            raise missing
        inline = file.media_type in IMAGES
        name = quote(file.name, safe="")
        headers = {
            "Content-Disposition": f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{name}",
            "Content-Security-Policy": SANDBOX,
            "Cache-Control": "public, max-age=3600" if public else "private, no-store",
            "ETag": f'"{file.sha256[:32]}"',
            "Content-Length": str(file.size),
        }
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers={k: headers[k] for k in ("ETag", "Cache-Control")})
        media_type = file.media_type if inline else "application/octet-stream"
        return StreamingResponse(pieces(path), headers=headers, media_type=media_type)

    async def public(self, file: File) -> bool:
        """Whether it is attached to something that everybody may see."""
        for attachment in await Attachment.filter(file_id=file.id).limit(50):
            seen = PUBLIC.get(attachment.kind)
            if seen is None or await seen(attachment.subject_id):
                return True
        return False


async def public_proposal(key: int) -> bool:
    seen = Proposal.filter(id=key).exclude(state__in=HIDDEN)
    # A draft that was withdrawn has never been public.
    return await seen.filter(Q(published_at__isnull=False) | ~Q(state="withdrawn")).exists()


async def public_item(key: int) -> bool:
    return await AgendaItem.filter(id=key, meeting__convened_at__isnull=False).exists()


# Who sees what is attached follows who sees the subject; a kind that is not named here is always public.
PUBLIC = {"proposal": public_proposal, "agenda_item": public_item}


async def pieces(path: Path) -> AsyncIterator[bytes]:
    with await run_in_threadpool(path.open, "rb") as file:
        while piece := await run_in_threadpool(file.read, PIECE):
            yield piece
