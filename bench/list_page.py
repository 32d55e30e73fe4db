"""A list of 20 proposals with authors, areas and counts, against the same data by hand.

The other side is one SQL statement by sqlite3 and orjson in a bare Starlette route, on the same server and
the same database: ../shared/data imported where it is there, else as many generated proposals. Uncached means
that each request differs (another cursor, and a number that was never sent before), so that nothing kept can answer it.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from itertools import count, cycle
from pathlib import Path
from urllib.parse import quote

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.support import Load, Requests, alternate, data_dir, get, load, post, serving, show
from civic import db
from civic.settings import settings
from tests.support.server import ROOT

DATA = ROOT.parent / "shared" / "data"
FILES = ("messages-cn/messages_with_support_counts.csv", "messages-cn/messages_with_answers.csv")
OTHERS = 4000  # cursors to ask for
NUMBER = 999_999_999  # stands for a number that each request has for itself
QUERY = """query List($after: String) { proposals(first: 20, after: $after) { pageInfo { hasNextPage endCursor }
  nodes { id title state supports commentCount publishedAt author { name } area { name code } } } }"""
SQL = """SELECT p.id, p.title, p.state, p.supports + p.imported_supports, p.comments, p.published_at, h.name,
  a.name, a.code FROM proposal p JOIN area a ON a.id = p.area_id LEFT JOIN person h ON h.id = p.author_id
  WHERE p.state NOT IN ('draft', 'withdrawn', 'merged', 'hidden')
  {condition} ORDER BY p.published_at DESC, p.id DESC LIMIT 21"""
PAST = "AND (p.published_at, p.id) < (?, ?)"
NAMES = ("id", "title", "state", "supports", "commentCount", "publishedAt")


def bare() -> Starlette:
    """The other side: the list by hand. ``?at=&id=`` is its cursor."""
    connection = sqlite3.connect(settings().sqlite_path, check_same_thread=False)
    first, further = SQL.format(condition=""), SQL.format(condition=PAST)

    async def proposals(request: Request) -> Response:
        at, id = request.query_params.get("at"), request.query_params.get("id")
        rows = connection.execute(further, (at, int(id))) if at and id else connection.execute(first)
        found = rows.fetchall()
        nodes = []
        for row in found[:20]:
            node = dict(zip(NAMES, row, strict=False))
            node["author"] = {"name": row[6]} if row[6] else None
            node["area"] = {"name": row[7], "code": row[8]}
            nodes.append(node)
        page = {"hasNextPage": len(found) > 20, "endCursor": found[19][5] if len(found) > 19 else None}
        return Response(orjson.dumps({"nodes": nodes, "pageInfo": page}), media_type="application/json")

    return Starlette(routes=[Route("/proposals", proposals)])


async def fill() -> list[tuple[str, str, int]]:
    """Import or generate proposals. Gives cursors: encoded, time as stored, id."""
    from civic.importing import import_proposals
    from civic.schema.core.connections import encode_cursor
    from tests.support.world import World

    await db.start()
    try:
        world = await World.make()
        paths = [DATA / file for file in FILES if (DATA / file).exists()] or [generated()]
        for path in paths:
            await import_proposals(path, area=world.district.code)
        from civic.models import Proposal

        rows = (
            await Proposal.filter(published_at__isnull=False).order_by("-published_at", "-id").limit(OTHERS)
        )
        await db.checkpoint_log()
    finally:
        await db.stop()
    with sqlite3.connect(settings().sqlite_path) as connection:
        stored = dict(connection.execute("SELECT id, published_at FROM proposal"))
    print(f"{len(stored):,} proposals from {', '.join(path.name for path in paths)}")
    return [(encode_cursor([row.published_at, row.id]), stored[row.id], row.id) for row in rows[:-30]]


def generated() -> Path:
    """As many proposals as the real file has, without it."""
    lines = ["title;description;cached_votes_up;created_at;id"]
    lines += [
        f"示例提案第{i}号，加装扶手;老人上下楼不便。{i};{i % 400};{1 + i % 28:02}/0{1 + i % 9}/2024;{i}"
        for i in range(4326)
    ]
    path = settings().data_dir / "generated.csv"
    path.write_text("\n".join(lines), "utf-8")
    return path


def question(after: str | None) -> bytes:
    """The GraphQL request for the page after a cursor."""
    body = orjson.dumps({"query": QUERY, "variables": {"after": after, "nobodyReads": NUMBER}})
    return post("/graphql", lambda: body)()


def different(requests: list[bytes]) -> Requests:
    """These requests in turn, none like another: the cursors alone come again within a second or two."""
    turn, numbers, place = cycle(requests), count(100_000_000), str(NUMBER).encode()
    return lambda: next(turn).replace(place, b"%d" % next(numbers))


def measure(port: int, requests: Requests, seen: dict[str, Load], name: str) -> Callable[[], float]:
    def run() -> float:
        seen[name] = load(port, requests)
        if seen[name].failed:
            raise RuntimeError(f"{name}: {seen[name].failed} answers were not 200")
        return seen[name].rate

    return run


def main() -> None:
    """Print the rates and their ratios."""
    with data_dir() as data:
        places = asyncio.run(fill())
        with serving("bench.list_page:bare", data) as theirs, serving(
            "civic.app:create_app", data, run_jobs="false"
        ) as ours:  # fmt: skip
            seen: dict[str, Load] = {}
            asked = [question(cursor) for cursor, _, _ in places]
            quoted = [get(f"/proposals?at={quote(at)}&id={id}")() for _, at, id in places]
            pages = [
                get(f"/proposals?after={cursor}&nobody_reads={NUMBER}", Accept_Language="zh-Hans")()
                for cursor, _, _ in places
            ]
            first = question(None)
            sides = {
                "by hand, each differs": (theirs, different(quoted)),
                "by hand, the first page": (theirs, get("/proposals")),
                "GraphQL, uncached": (ours, different(asked)),
                "GraphQL, cached": (ours, lambda: first),
                "page, uncached": (ours, different(pages)),
                "page, cached": (ours, get("/proposals", Accept_Language="zh-Hans")),
            }
            rates = alternate({n: measure(port, make, seen, n) for n, (port, make) in sides.items()})
    base = rates["by hand, each differs"], rates["by hand, the first page"]
    rows = [
        [name, f"{rate:,.0f}", f"{rate / base[name.endswith('cached') and not name.endswith('uncached')]:.0%}",
         f"{seen[name].p50:.1f}", f"{seen[name].p99:.1f}", f"{seen[name].size:,}"]
        for name, rate in rates.items()
    ]  # fmt: skip
    show(
        "A list page of 20 proposals",
        ["side", "requests/s", "of by hand", "p50 ms", "p99 ms", "bytes"],
        rows,
        "One worker each, 16 connections from this process on the same machine.",
    )
