"""Counters for operators, in Prometheus' format, in a registry of our own. Nothing in them is about people.

Who may read them: with the setting ``metrics_token``, whoever sends it (``Authorization: Bearer …``); without it,
programs on this machine whose request has come through no proxy.
"""

from __future__ import annotations

from functools import lru_cache
from hmac import compare_digest

from prometheus_client import Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response

from civic import db
from civic.ledger import sequencer
from civic.measures import REGISTRY
from civic.settings import settings

REQUESTS = Counter("civic_requests", "Requests answered", ["route", "method", "status"], registry=REGISTRY)
SECONDS = Histogram(
    "civic_request_seconds",
    "Time to answer a request",
    ["route"],
    registry=REGISTRY,
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
_requests, _seconds = lru_cache(1000)(REQUESTS.labels), lru_cache(200)(SECONDS.labels)
ANSWERS = Counter("civic_public_answers", "Public answers, kept or made", ["how"], registry=REGISTRY)
SOCKETS = Gauge("civic_sockets", "Open WebSocket connections", registry=REGISTRY)
SUBSCRIPTIONS = Gauge("civic_subscriptions", "Running subscriptions", registry=REGISTRY)
SEALED = Gauge("civic_ledger_sealed", "Entries of the ledger that are sealed", registry=REGISTRY)
WAITING = Gauge("civic_ledger_waiting", "Entries that wait to be sealed", registry=REGISTRY)
QUEUE = Gauge("civic_write_queue", "Writes that wait for their turn in this process", registry=REGISTRY)
LOOPBACK = ("127.0.0.1", "::1", "testclient")
FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip")


def request(route: str, method: str, status: int, seconds: float) -> None:
    """Count a request that was answered."""
    _requests(route, method, str(status)).inc()
    _seconds(route).observe(seconds)


async def respond(request: Request) -> Response:
    """GET /metrics: 404 for whom it is not meant."""
    if not _may_read(request):
        return Response("Not found", 404, media_type="text/plain")
    if db.started():
        SEALED.set(await sequencer.size())
        WAITING.set(await sequencer.waiting())
        QUEUE.set(db.queued())
    return Response(
        generate_latest(REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"}
    )


def _may_read(request: Request) -> bool:
    token = settings().metrics_token
    if token:
        return compare_digest(request.headers.get("authorization", "").encode(), f"Bearer {token}".encode())
    near = request.client is None or request.client.host in LOOPBACK
    return near and not any(name in request.headers for name in FORWARDED)
