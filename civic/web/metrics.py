"""Counters for operators, in Prometheus' format, in a registry of our own. Nothing in them is about people."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response

REGISTRY = CollectorRegistry()
REQUESTS = Counter("civic_requests", "Requests answered", ["route", "method", "status"], registry=REGISTRY)
SECONDS = Histogram(
    "civic_request_seconds",
    "Time to answer a request",
    ["route"],
    registry=REGISTRY,
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
ANSWERS = Counter("civic_public_answers", "Public answers, kept or made", ["how"], registry=REGISTRY)
SOCKETS = Gauge("civic_sockets", "Open WebSocket connections", registry=REGISTRY)
SUBSCRIPTIONS = Gauge("civic_subscriptions", "Running subscriptions", registry=REGISTRY)
LOOPBACK = ("127.0.0.1", "::1", "testclient")


async def respond(request: Request) -> Response:
    """GET /metrics, for this machine only; a scraper elsewhere comes through the operator's proxy."""
    if request.client is not None and request.client.host not in LOOPBACK:
        return Response("Not found", 404, media_type="text/plain")
    return Response(
        generate_latest(REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"}
    )
