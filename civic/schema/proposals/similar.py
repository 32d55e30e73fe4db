"""What is there already that is like a text."""

from __future__ import annotations

from fractions import Fraction

from civic.models import Proposal as ProposalRow
from civic.models import Scenario as ScenarioRow
from civic.rules.similarity import most_similar
from civic.schema.core.ids import encode
from civic.schema.proposals.listing import PUBLIC
from civic.schema.proposals.types import Similar
from civic.schema.search import candidates

MOST_SCENARIOS = 500
ALIKE = Fraction(1, 8)  # short titles share few words even when they mean the same


async def similar(title: str, body: str, *, but: int | None = None) -> list[Similar]:
    """At most five proposals that gather support or were decided, and three scenarios, the most alike first."""
    keys = await candidates("proposal", f"{title} {body}")
    rows = {row.id: row for row in await ProposalRow.filter(id__in=keys, state__in=PUBLIC) if row.id != but}
    by_title = most_similar(title, [(key, rows[key].title) for key in keys if key in rows], at_least=ALIKE)
    scenarios = {
        row.id: row
        for row in await ScenarioRow.exclude(state="rejected").order_by("-id").limit(MOST_SCENARIOS)
    }
    near = most_similar(title, [(key, row.title) for key, row in scenarios.items()], at_least=ALIKE, limit=3)
    found = [
        Similar(
            kind="proposal", id=encode("Proposal", key), title=rows[key].title, state=rows[key].state,
            supports=rows[key].supports_total, likeness=int(ratio * 100),
        )
        for key, ratio in by_title
    ]  # fmt: skip
    return found + [
        Similar(
            kind="scenario", id=encode("Scenario", key), title=scenarios[key].title,
            state=scenarios[key].state, supports=None, likeness=int(ratio * 100),
        )
        for key, ratio in near
    ]  # fmt: skip
