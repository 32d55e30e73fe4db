"""A form that was sent: its mutation is run once, and answered with a redirect or the page again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from graphql import GraphQLInputObjectType, GraphQLNonNull
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from civic import i18n
from civic.errors import NotFound
from civic.schema.core.ids import split
from civic.web.pages import site
from civic.web.pages.documents import Operation, places
from civic.web.pages.forms import Done, Form, Typed, authentic, errors_of, pairs
from civic.web.pages.problems import CROSS_SITE, OLD_FORM, UNKNOWN_FORM, Problem
from civic.web.pages.values import MISSING, Reader, Texts
from civic.web.security import csrf_matches, from_here, safe_path
from civic.web.sessions import cookie_name

if TYPE_CHECKING:
    from civic.web.pages.engine import Pages, Visit

MAX_FILES, MAX_FIELDS, MAX_FIELD_BYTES = 10, 500, 1024 * 1024


async def carry_out(pages: Pages, visit: Visit) -> Response:
    """Answer a POST to a page. Raises Problem."""
    request, context = visit.request, visit.context
    language = context.language
    if from_here(request.headers) is False:
        raise Problem(403, str(i18n.gettext(CROSS_SITE, language)))
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        raise Problem(400)
    try:
        async with request.form(
            max_files=MAX_FILES, max_fields=MAX_FIELDS, max_part_size=MAX_FIELD_BYTES
        ) as sent:
            return await answer(pages, visit, sent)
    except HTTPException as error:
        raise Problem(error.status_code) from None


async def answer(pages: Pages, visit: Visit, sent: Any) -> Response:
    """Check the form's secret, run it once, and say where to go."""
    request, context = visit.request, visit.context
    name, csrf, once = (str(sent.get(field, "")) for field in ("_op", "_csrf", "_once"))
    if not name and len(visit.document.mutations) == 1:
        name = next(iter(visit.document.mutations))
    operation = visit.document.mutations.get(name)
    if operation is None:
        raise Problem(400, str(i18n.gettext(UNKNOWN_FORM, context.language)))
    form = Form(name, Typed(sent.multi_items()))
    over = session_is_over(visit, csrf)
    if over and not operation.open:
        return await pages.expired(visit, form)
    if not over and not authentic(request, context, csrf):
        form.errors[""] = str(i18n.gettext(OLD_FORM, context.language))
        return await pages.render(visit, form, 403)
    if sent.get("_again"):
        return await pages.render(visit, form)
    if operation.reads:
        once = ""
    while once and (earlier := pages.once.begin(csrf, once)) is not None:
        done = await asyncio.shield(earlier)
        if done is not None:
            return respond(done)
    result: Done | None = None
    status = 422
    try:
        result, status = await run(pages, visit, operation, form, sent)
    finally:
        if once:
            pages.once.finish(csrf, once, result)
    if result is not None:
        return respond(result)
    context.memo.clear()
    return await pages.render(visit, form, status)


def session_is_over(visit: Visit, csrf: str) -> bool:
    """Whether this form belongs to somebody who was signed in when they got it, and is no longer."""
    if not visit.context.anonymous:
        return False
    token = visit.request.cookies.get(cookie_name(), "")
    return visit.document.signed_in or bool(token and csrf_matches(token, csrf))


async def run(
    pages: Pages, visit: Visit, operation: Operation, form: Form, sent: Any
) -> tuple[Done | None, int]:
    """Run the mutation. Gives where to go; or None and the status, with messages in ``form.errors``."""
    context = visit.context
    variables, names, errors = read(visit, operation, sent)
    if errors:
        form.errors.update({n: str(i18n.gettext(m, context.language)) for n, m in errors.items()})
        return None, 422
    assert visit.document.document is not None
    answer = await pages.engine.run(visit.document.document, context, variables, operation.name)
    if not answer.ok:
        messages, status = errors_of(answer.body, names)
        form.errors.update(messages)
        return None, status
    if operation.show:
        context.memo.clear()
        page = await pages.render(visit, form if operation.reads else None, shown=answer.body["data"])
        return Done(site.Address(visit.request)(), [], page), 200
    if operation.stay:
        form.done = answer.body["data"]
        return None, 200
    wanted = safe_path(str(sent.get("_next", "")))
    target = wanted or destination(pages, visit, operation.redirect, answer.body["data"])
    cookies = list(context.cookies)
    if operation.flash:
        cookies.append(site.flash_cookie(operation.flash))
    return Done(target, cookies), 303


def read(visit: Visit, operation: Operation, sent: Any) -> tuple[dict[str, Any], set[str], dict[str, str]]:
    """The mutation's variables, the names that a message may stand beside, and what does not fit."""
    bare = "input" in operation.variables and _object(operation.variables["input"])
    others = {name for name in operation.variables if name != "input"}
    fields: dict[str, Any] = dict(bare.fields) if bare else {}
    items: list[tuple[str, Any]] = []
    for name, value in pairs(sent):
        head = name.split(".", 1)[0]
        items.append((name if head in others or head == "input" or not bare else f"input.{name}", value))
    given = {name.split(".", 1)[0] for name, _ in items} | {
        name.split(".")[1] for name, _ in items if name.startswith("input.")
    }
    filled = {name for name in visit.route if name not in given}
    for name in filled:
        if name in others:
            items.append((name, visit.path_value(name)))
        elif name in fields:
            items.append((f"input.{name}", visit.path_value(name)))
    reader = Reader(Texts(items), form=True)
    values: dict[str, Any] = {}
    for name, kind in operation.variables.items():
        before = dict(reader.errors)
        value = reader.read(kind, name)
        if value is MISSING and name in operation.defaults:
            reader.errors = before
        elif value is not MISSING:
            values[name] = value
    errors = {name.removeprefix("input.") if bare else name: text for name, text in reader.errors.items()}
    names = ({n for n, _ in pairs(sent)} | set(fields) | others) - filled
    return values, names, errors


def _object(kind: Any) -> GraphQLInputObjectType | None:
    inner = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    return inner if isinstance(inner, GraphQLInputObjectType) else None


def respond(done: Done) -> Response:
    """Where to go next; or the page with what is shown this once, which no address leads to."""
    if done.page is not None:
        return done.page
    response = RedirectResponse(done.location, 303, {"Cache-Control": "no-store"})
    for cookie in done.cookies:
        response.headers.append("Set-Cookie", cookie)
    return response


def destination(pages: Pages, visit: Visit, template: str, data: Any) -> str:
    """The address of a ``@redirect``, its places filled; without one, the page itself."""
    if not template:
        return site.Address(visit.request)()
    target = template
    for place in places(template):
        here: Any = visit.route.get(place) if place in visit.route else data
        if place not in visit.route:
            for name in place.split("."):
                here = here.get(name) if isinstance(here, dict) else None
        target = target.replace("{" + place + "}", quote(str(here if here is not None else ""), safe=""))
    return bare_ids(pages, target)


def bare_ids(pages: Pages, target: str) -> str:
    """Global ids in a path written as bare keys, where the page there takes them so."""
    parts = urlsplit(target)
    found = pages.routes.find(parts.path)
    if found is None:
        return target
    page, route = found
    document = pages.documents.get(page.document, pages.routes.generation)
    path = parts.path
    for name, type_name in document.ids.items():
        try:
            given_type, key = split(route.get(name, ""))
        except NotFound:
            continue
        if given_type == type_name:
            path = "/".join(
                quote(key, safe="") if segment == route[name] else segment for segment in path.split("/")
            )
    return parts._replace(path=path).geturl()
