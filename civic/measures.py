"""The process's counters, below everything that counts. `civic.web.metrics` shows them. Nothing in them is about people."""

from prometheus_client import CollectorRegistry, Counter

REGISTRY = CollectorRegistry()
ACTS = Counter("civic_acts", "Acts carried out, those within others too", ["act"], registry=REGISTRY)
REFUSALS = Counter("civic_refusals", "Acts refused, by kind of refusal", ["act", "code"], registry=REGISTRY)
