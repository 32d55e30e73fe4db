"""GraphQL over HTTP, by the GraphQL-over-HTTP specification; all 61 of its audits pass."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any

import orjson
from graphql import OperationType
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from civic.errors import CivicError
from civic.schema.core.answers import Answers, matches, reading
from civic.schema.core.context import Context
from civic.schema.core.errors import describe
from civic.schema.core.execute import Answer, Document, Engine
from civic.web import languages, metrics
from civic.web.graphql_request import GRAPHQL, JSON, Asked, Refused, media_type, read
from civic.web.requests import Asking
from civic.web.security import from_here
from civic.web.sessions import Sessions

Explorer = Callable[[Request], Awaitable[Response]]
PRIVATE = "private, no-store"
PUBLIC = "public, no-cache"  # may be kept, but is asked about each time; the ETag makes that cheap
VARY = "Accept, Accept-Language, Authorization, Cookie"
PREFLIGHT = ("x-requested-with", "graphql-require-preflight", "apollo-require-preflight")


class GraphQLEndpoint:
    """The ASGI application at /graphql for plain requests; `civic.web.graphql_ws` speaks WebSocket."""

    def __init__(self, engine: Engine, sessions: Sessions, answers: Answers, explorer: Explorer) -> None:
        self.engine = engine
        self.explorer = explorer
        self.sessions = sessions
        self.answers = answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Asking(scope, receive)
        await (await self.respond(request))(scope, receive, send)

    async def respond(self, request: Request) -> Response:
        if request.method not in ("GET", "POST", "HEAD"):
            return Response(status_code=405, headers={"Allow": "GET, POST"})
        accept = request.headers.get("accept", "")
        if request.method != "POST" and "text/html" in accept and "query" not in request.query_params:
            return await self.explorer(request)
        media = media_type(accept)
        if media is None:
            return Response(f"Answers are {GRAPHQL} or {JSON}.", 406, media_type="text/plain")
        try:
            return await self.answer(request, media)
        except (Refused, HTTPException) as error:
            refused = error if isinstance(error, Refused) else unread(error)
            told = {"message": str(refused), "extensions": {"code": "BAD_REQUEST", "reason": refused.reason}}
            return self.respond_with({"errors": [told]}, media, refused.status)

    async def answer(self, request: Request, media: str) -> Response:
        try:
            context = await self.sessions.context(request)
        except CivicError as error:
            language = languages.choose(accept=request.headers.get("accept-language", ""))
            return self.respond_with({"errors": [describe(error, language)]}, media, 401)
        if context.session and request.method == "POST" and from_here(request.headers) is False:
            raise Refused(403, "A request from another site is refused.", "cross_site")
        asked = await read(request, form_allowed=lambda: self.form_allowed(request, context))
        document = self.engine.document(asked.query)
        if request.method != "POST" and self.changes(document, asked):
            response = self.respond_with(
                {
                    "errors": [
                        {"message": "Mutations are sent by POST.", "extensions": {"code": "BAD_REQUEST"}}
                    ]
                },
                media,
                405,
            )
            response.headers["Allow"] = "POST"
            return response
        if context.anonymous and not document.errors:
            return await self.public(request, document, asked, context, media)
        answer = await self.engine.run(document, context, asked.variables, asked.operation_name)
        return self.finish(answer, context, media)

    def form_allowed(self, request: Request, context: Context) -> bool:
        """A multipart post needs no preflight, so a browser must prove that one of our pages sent it."""
        here = from_here(request.headers)
        if here is not None:
            return here
        return context.scopes is not None or any(name in request.headers for name in PREFLIGHT)

    def changes(self, document: Document, asked: Asked) -> bool:
        try:
            return document.operation(asked.operation_name).kind == OperationType.MUTATION
        except Exception:
            return False

    async def public(
        self, request: Request, document: Document, asked: Asked, context: Context, media: str
    ) -> Response:
        """Answer somebody who is not signed in: from the kept answers where possible."""
        key: Any = None
        if not (asked.variables and "multipart" in request.headers.get("content-type", "")):
            packed = orjson.dumps(asked.variables, option=orjson.OPT_SORT_KEYS) if asked.variables else b""
            key = (document.digest, asked.operation_name, packed, context.language)
        kept = self.answers.get(key) if key else None
        if kept is None:
            with reading() as noted:
                answer = await self.engine.run(document, context, asked.variables, asked.operation_name)
            if (
                key is None
                or not answer.ok
                or answer.kind != OperationType.QUERY
                or context.cookies
                or context.private
            ):
                return self.finish(answer, context, media)
            kept = self.answers.put(key, orjson.dumps(answer.body), noted)
            metrics.ANSWERS.labels("made").inc()
        else:
            metrics.ANSWERS.labels("kept").inc()
        headers = {"ETag": kept.etag, "Cache-Control": PUBLIC, "Vary": VARY}
        if matches(request.headers.get("if-none-match"), kept.etag) and request.method != "POST":
            return Response(status_code=304, headers=headers)
        return Response(kept.body, 200, headers, media_type=with_charset(media))

    def finish(self, answer: Answer, context: Context, media: str) -> Response:
        status = 400 if media == GRAPHQL and not answer.began else 200
        response = self.respond_with(answer.body, media, status)
        for cookie in context.cookies:
            response.headers.append("Set-Cookie", cookie)
        return response

    def respond_with(self, body: dict[str, Any], media: str, status: int) -> Response:
        return Private(orjson.dumps(body, default=str), status, media)


class Private(Response):
    """An answer for one reader. All its headers but the length are put together once."""

    def __init__(self, body: bytes, status: int, media: str) -> None:
        self.status_code, self.body, self.background = status, body, None
        self.raw_headers = [*_private(media), (b"content-length", b"%d" % len(body))]


@lru_cache(maxsize=8)
def _private(media: str) -> tuple[tuple[bytes, bytes], ...]:
    given = {"cache-control": PRIVATE, "vary": VARY, "content-type": with_charset(media)}
    return tuple((name.encode(), value.encode()) for name, value in given.items())


def unread(error: HTTPException) -> Refused:
    """A body that is too large, or a form that cannot be read, as starlette tells it."""
    return Refused(error.status_code, error.detail, "body_size" if error.status_code == 413 else "multipart")


def with_charset(media: str) -> str:
    return media + "; charset=utf-8"
