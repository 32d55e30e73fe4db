"""Atom feeds (RFC 4287): published proposals and official answers, of everything or of one area or department.

They run the API's own queries, so they show what the pages show and nothing else.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic import clock, i18n, schema
from civic.errors import N_
from civic.schema.core.answers import etag, matches
from civic.schema.core.context import Context
from civic.schema.core.ids import split
from civic.settings import settings
from civic.web import languages
from civic.web.markdown import render

ILLEGAL = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ATOM = "http://www.w3.org/2005/Atom"
XML = "{http://www.w3.org/XML/1998/namespace}lang"
PROPOSALS = """query Feed($area: String) { proposals(first: 50, area: $area) {
  nodes { id title body language publishedAt author { name } authorLabel party { name } area { name } } } }"""
ANSWERS = """query Feed($department: ID) { responses(first: 50, state: ANSWERED, department: $department) {
  nodes { id title answeredAt verdict reasons department { name } } } }"""
TITLES = {"proposals": N_("%(site)s: new proposals"), "answers": N_("%(site)s: official answers")}
VERDICTS = {
    "accepted": N_("Accepted"),
    "partly": N_("Partly accepted"),
    "declined": N_("Declined"),
    "studying": N_("Being studied"),
    "transferred": N_("Transferred"),
    "replied": N_("Replied"),
}


async def run(query: str, variables: dict[str, Any], language: str) -> dict[str, Any] | None:
    """The answer of the API to nobody in particular; None when it refuses."""
    engine = schema.engine()
    answer = await engine.run(engine.document(query), Context(language=language), variables)
    return answer.body["data"] if answer.ok else None


def tag(kind: str, key: str) -> str:
    """An id that stays when the platform moves (RFC 4151)."""
    host = urlsplit(settings().origin).hostname or "localhost"
    return f"tag:{host},2026:{kind}/{key}"


def legal(text: str) -> str:
    """Without what XML 1.0 cannot hold."""
    return ILLEGAL.sub("", text)


def entry(kind: str, key: str, path: str, title: str, at: str, author: str, html: str, lang: str) -> Element:
    """One entry; ``at`` is an ISO time, ``html`` is clean."""
    made = Element("entry", {XML: lang})
    SubElement(made, "id").text = tag(kind, key)
    SubElement(made, "title").text = legal(title)
    SubElement(made, "link", {"rel": "alternate", "type": "text/html", "href": settings().origin + path})
    for name in ("published", "updated"):
        SubElement(made, name).text = at
    SubElement(SubElement(made, "author"), "name").text = legal(author) or settings().name
    SubElement(made, "content", {"type": "html"}).text = legal(html)
    return made


def proposal(node: dict[str, Any], language: str) -> Element:
    key = split(node["id"])[1]
    who = (node["party"] or node["author"] or {"name": node["authorLabel"]})["name"]
    return entry(
        "proposal", key, f"/proposals/{key}", node["title"], node["publishedAt"], who,
        str(render(node["body"])), node["language"],
    )  # fmt: skip


def answer(node: dict[str, Any], language: str) -> Element:
    key = split(node["id"])[1]
    verdict = i18n.gettext(VERDICTS.get(node["verdict"], node["verdict"]), language)
    return entry(
        "answer", key, f"/responses/{key}", f"{verdict}: {node['title']}", node["answeredAt"],
        node["department"]["name"], str(render(node["reasons"] or "")), language,
    )  # fmt: skip


async def respond(request: Request, name: str, query: str, variables: dict[str, Any], show: Any) -> Response:
    """The feed, or 304 when the reader has it, or 404 for an unknown area or department."""
    request.scope["civic.route"] = f"/feeds/{name}.atom"
    language = languages.choose(accept=request.headers.get("accept-language", ""))
    data = await run(query, variables, language)
    if data is None:
        return Response("Not found", 404, media_type="text/plain")
    nodes = next(iter(data.values()))["nodes"]
    feed = Element("feed", {"xmlns": ATOM, XML: language})
    given = {k: v for k, v in variables.items() if v}
    path = f"/feeds/{name}.atom" + ("?" + urlencode(given) if given else "")
    SubElement(feed, "id").text = tag("feed", name + ("?" + urlencode(given) if given else ""))
    SubElement(feed, "title").text = i18n.gettext(TITLES[name], language) % {"site": settings().name}
    SubElement(
        feed, "link", {"rel": "self", "type": "application/atom+xml", "href": settings().origin + path}
    )
    home = "/proposals" if name == "proposals" else "/responses"
    SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": settings().origin + home})
    updated = SubElement(feed, "updated")
    entries = [show(node, language) for node in nodes]
    newest = max((e.findtext("updated") or "" for e in entries), default="")
    updated.text = newest or datetime(clock.now().year, 1, 1, tzinfo=UTC).isoformat()
    feed.extend(entries)
    body = b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(feed, "utf-8")
    headers = {"ETag": etag(body), "Cache-Control": "public, max-age=300", "Vary": "Accept-Language"}
    if matches(request.headers.get("if-none-match"), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/atom+xml; charset=utf-8")


async def proposals(request: Request) -> Response:
    """/feeds/proposals.atom?area=310104: newly published proposals."""
    area = request.query_params.get("area")
    return await respond(request, "proposals", PROPOSALS, {"area": area}, proposal)


async def answers(request: Request) -> Response:
    """/feeds/answers.atom?department=…: newly published answers."""
    department = request.query_params.get("department")
    return await respond(request, "answers", ANSWERS, {"department": department}, answer)


routes = [Route("/feeds/proposals.atom", proposals), Route("/feeds/answers.atom", answers)]
