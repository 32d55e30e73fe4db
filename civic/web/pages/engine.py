"""Answers requests for pages: finds the pair of files, runs the query or the mutation, renders."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from gzip import compress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import TemplateNotFound
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from civic import clock, i18n, paths
from civic.errors import CivicError
from civic.schema.core.answers import Answers, Kept, matches, reading
from civic.schema.core.context import Context
from civic.schema.core.errors import failed
from civic.schema.core.execute import Engine
from civic.schema.core.ids import encode
from civic.web import explorer, languages, metrics
from civic.web.assets import Assets, shared
from civic.web.pages import site
from civic.web.pages.documents import Documents, Faulty, PageDocument
from civic.web.pages.forms import Form, Once, Rendering, rendering
from civic.web.pages.posting import carry_out
from civic.web.pages.problems import BY_CODE, SAID, Elsewhere, Problem
from civic.web.pages.routing import Page, Routes
from civic.web.pages.templates import environment, render_block
from civic.web.pages.tongues import told
from civic.web.pages.values import MISSING, Reader, Texts
from civic.web.sessions import Sessions

PRIVATE = "private, no-store"
PUBLIC = "public, no-cache"
VARY = "Accept-Language, Cookie, HX-Request, HX-Target, Accept-Encoding"
LONGEST_PATH = 2000


class Visit:
    """One request for a page, while it is answered."""

    def __init__(
        self, request: Request, context: Context, page: Page, document: PageDocument, route: dict[str, str]
    ) -> None:
        self.request = request
        self.context = context
        self.page = page
        self.document = document
        self.route = route

    @property
    def block(self) -> str:
        """The block that htmx, or ``?_block=``, asks for; "" is the whole page."""
        headers = self.request.headers
        if headers.get("hx-request") == "true" and headers.get("hx-boosted") != "true":
            name = headers.get("hx-target", "")
        else:
            name = self.request.query_params.get("_block", "")
        return name.replace("-", "_")[:60]

    def path_value(self, name: str) -> str:
        """A path variable as the schema takes it: a bare key becomes a global id where the page says so."""
        value = self.route[name]
        return str(encode(self.document.ids[name], value)) if name in self.document.ids else value


class Pages:
    """The ASGI application behind every address that nothing else answers."""

    def __init__(
        self,
        engine: Engine,
        sessions: Sessions,
        answers: Answers,
        templates: Path | None = None,
        assets: Assets | None = None,
    ) -> None:
        folder = templates or paths.templates()
        self.engine = engine
        self.sessions = sessions
        self.answers = answers
        self.routes = Routes(folder)
        self.documents = Documents(engine)
        self.jinja = environment(folder, assets or shared())
        self.once = Once()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        response = await self.respond(request)
        await response(scope, receive, send)

    async def respond(self, request: Request) -> Response:
        """The page, a redirect, or an error page. Never raises."""
        try:
            context = await self.sessions.context(request)
        except CivicError as error:
            return await self.sorry(request, BY_CODE.get(error.code, 400), error)
        with speaking(context.language):
            try:
                return await self.visit(request, context)
            except Problem as problem:
                return await self.problem(request, context, problem)
            except Elsewhere as elsewhere:
                return RedirectResponse(elsewhere.location, elsewhere.status, {"Cache-Control": "no-store"})
            except Exception as error:
                failure = failed(error, request.scope.get("civic.route", "page"))
                return await self.problem(
                    request, context, Problem(500, i18n.render(failure, context.language))
                )

    async def visit(self, request: Request, context: Context) -> Response:
        self.routes.refresh()
        path = request.url.path
        if len(path) > LONGEST_PATH:
            raise Problem(404)
        found = self.routes.find(path)
        if found is None:
            raise Problem(404)
        page, route = found
        request.scope["civic.route"] = "/" + page.pattern
        if path != "/" and path.endswith("/"):
            raise Elsewhere(
                quote(path.rstrip("/")) + ("?" + request.url.query if request.url.query else ""), 308
            )
        try:
            document = self.documents.get(page.document, self.routes.generation)
        except Faulty as error:
            raise RuntimeError(f"{page.document.name}: {error}") from error
        visit = Visit(request, context, page, document, route)
        if document.signed_in and context.anonymous and request.method != "POST":
            raise Elsewhere("/sign-in?next=" + quote(site.Address(request)(), safe="/"))
        if request.method in ("GET", "HEAD"):
            return await self.show(visit)
        if request.method == "POST":
            return await carry_out(self, visit)
        response = await self.problem(request, context, Problem(405))
        response.headers["Allow"] = "GET, POST"
        return response

    async def show(self, visit: Visit) -> Response:
        """A page that was asked for with GET: for visitors from the kept pages where possible."""
        request, context = visit.request, visit.context
        flashing = site.FLASH_COOKIE in request.cookies
        if not context.anonymous or flashing:
            return await self.render(visit)
        key = (
            "page",
            self.routes.generation,
            str(site.Address(request)()),
            visit.block,
            clock.today(),  # "3 days left" is true for a day
            context.language,
            site.choice(request, site.THEME_COOKIE, site.THEMES),
            site.choice(request, site.MODE_COOKIE, site.MODES),
        )
        kept = self.answers.get(key)
        if kept is None:
            with reading() as noted:
                response = await self.render(visit)
            if response.headers.get("cache-control") == PRIVATE or context.private or context.cookies:
                return response
            body = bytes(response.body)
            kept = self.answers.put(key, body, noted, compress(body, 6, mtime=0))
            metrics.ANSWERS.labels("made").inc()
        else:
            metrics.ANSWERS.labels("kept").inc()
        return self.kept(request, kept)

    def kept(self, request: Request, kept: Kept) -> Response:
        headers = {"ETag": kept.etag, "Cache-Control": PUBLIC, "Vary": VARY}
        if matches(request.headers.get("if-none-match"), kept.etag):
            return Response(status_code=304, headers=headers)
        if kept.packed and "gzip" in request.headers.get("accept-encoding", ""):
            return Response(kept.packed, 200, {**headers, "Content-Encoding": "gzip"}, "text/html")
        return Response(kept.body, 200, headers, "text/html")

    async def render(
        self,
        visit: Visit,
        form: Form | None = None,
        status: int = 200,
        shown: dict[str, Any] | None = None,
    ) -> Response:
        """Run the page's query and render it. A page that may be kept is marked with PUBLIC.

        shown: what the form's operation gave, where the page is its answer.
        """
        data = await self.data(visit)
        now = Rendering(visit.request, visit.context, visit.context.language)
        names = {
            **await self.around(visit.request, visit.context),
            "data": data,
            "route": visit.route,
            "form": form,
            "shown": shown,
            "errors": form.errors if form else None,
            "form_of": lambda op: form if form and form.op == op else None,
        }
        token = rendering.set(now)
        try:
            template = self.jinja.get_template(visit.page.template)
            part = visit.block in template.blocks
            html = render_block(template, visit.block, names) if part else template.render(names)
            html = told(html, visit.context.language)
        finally:
            rendering.reset(token)
        shared = (
            visit.context.anonymous
            and not now.has_form
            and not names["flashes"]
            and status == 200
            and not form
            and shown is None
        )
        response = Response(
            html, status, {"Cache-Control": PUBLIC if shared else PRIVATE, "Vary": VARY}, "text/html"
        )
        for cookie in (*visit.context.cookies, *now.cookies()):
            response.headers.append("Set-Cookie", cookie)
        if site.FLASH_COOKIE in visit.request.cookies:
            response.headers.append("Set-Cookie", site.no_flash())
            response.headers["Cache-Control"] = PRIVATE
        return response

    async def expired(self, visit: Visit, form: Form) -> Response:
        """The session ended before the form was sent: what was typed, and how to send it after signing in again."""
        kept = [(name, text) for name, texts in form.values.lists.items() for text in texts]
        now = Rendering(visit.request, visit.context, visit.context.language)
        token = rendering.set(now)
        try:
            html = self.jinja.get_template("layout/expired.html").render(
                {
                    **await self.around(visit.request, visit.context),
                    "hidden_fields": [(n, v) for n, v in kept if n == "_op" or n == "_next" or n[:1] != "_"],
                    "typed": [v for n, v in kept if n[:1] != "_" and len(v) > 20],
                }
            )
        finally:
            rendering.reset(token)
        response = Response(html, 401, {"Cache-Control": PRIVATE, "Vary": VARY}, "text/html")
        for cookie in now.cookies():
            response.headers.append("Set-Cookie", cookie)
        return response

    async def around(self, request: Request, context: Context) -> dict[str, Any]:
        return {
            **site.surroundings(request, context, self.routes.find),
            "viewer": await site.viewer(context),
        }

    async def data(self, visit: Visit) -> dict[str, Any]:
        """The answer of the page's query. Raises Problem or Elsewhere."""
        document = visit.document
        if document.document is None or document.query is None:
            return {}
        answer = await self.engine.run(
            document.document, visit.context, self.variables(visit), document.query.name or None
        )
        if not answer.ok:
            error = answer.body["errors"][0]
            code = error.get("extensions", {}).get("code", "")
            if code == "NOT_SIGNED_IN" and visit.context.anonymous and visit.request.method == "GET":
                raise Elsewhere("/sign-in?next=" + quote(site.Address(visit.request)(), safe="/"))
            if error["extensions"].get("reason") == "unfit":
                raise Problem(404)  # longer than anything that is there
            raise Problem(BY_CODE.get(code, 500), error["message"])
        data: dict[str, Any] = answer.body["data"]
        for path in document.require:
            here: Any = data
            for name in path.split("."):
                here = here.get(name) if isinstance(here, dict) else None
            if here is None:
                raise Problem(404)
        return data

    def variables(self, visit: Visit) -> dict[str, Any]:
        """The query's variables, from the path and then the query string. Raises Problem."""
        query = visit.document.query
        values: dict[str, Any] = {}
        parameters = Texts(visit.request.query_params.multi_items())
        for name, kind in (query.variables if query else {}).items():
            from_path = name in visit.route
            reader = Reader(Texts([(name, visit.path_value(name))]) if from_path else parameters, form=False)
            value = reader.read(kind, name)
            missing = (
                value is MISSING
                and str(kind).endswith("!")
                and query is not None
                and name not in query.defaults
            )
            if reader.errors or missing:
                raise Problem(404 if from_path else 400)
            if value is not MISSING and not (value is None and query is not None and name in query.defaults):
                values[name] = value
        return values

    async def sorry(self, request: Request, status: int, refused: CivicError | None = None) -> Response:
        """What is answered where no page is at work: the error page for browsers, a sentence for programs."""
        accept = request.headers.get("accept-language", "")
        context = Context(language=languages.choose(request.cookies.get(languages.COOKIE), accept=accept))
        message = i18n.render(refused, context.language) if refused else ""
        with speaking(context.language):
            if "text/html" in request.headers.get("accept", ""):
                return await self.problem(request, context, Problem(status, message))
            said = message or " ".join(
                i18n.gettext(part, context.language) for part in SAID.get(status, SAID[500])
            )
            return Response(said + "\n", status, {"Cache-Control": PRIVATE, "Vary": VARY}, "text/plain")

    async def explorer(self, request: Request) -> Response:
        """The page at /graphql to try the API with."""
        context = await self.sessions.context(request)
        with speaking(context.language):
            names = {**await self.around(request, context), **explorer.names(context.language)}
            html = self.jinja.get_template("layout/explorer.html").render(names)
        return Response(html, 200, {"Cache-Control": "no-store", "Vary": f"Accept, {VARY}"}, "text/html")

    async def problem(self, request: Request, context: Context, problem: Problem) -> Response:
        """An error page."""
        title, message = SAID.get(problem.status, SAID[500])
        names: dict[str, Any] = {
            "status": problem.status,
            "title": i18n.gettext(title, context.language),
            "message": problem.message or i18n.gettext(message, context.language),
            "action": None,
        }
        if problem.status == 401:
            names["action"] = {"href": "/sign-in", "label": i18n.gettext("Sign in", context.language)}
        try:
            html = self.jinja.get_template("layout/error.html").render(
                {**await self.around(request, context), **names}
            )
            html = told(html, context.language)
        except TemplateNotFound:
            html = str(names["message"])
        except Exception as error:
            failed(error, "layout/error.html")
            html = str(problem.status)
        return Response(html, problem.status, {"Cache-Control": PRIVATE, "Vary": VARY}, "text/html")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Templates and messages are in this language within the block."""
    token = i18n.language.set(language)
    try:
        yield
    finally:
        i18n.language.reset(token)
