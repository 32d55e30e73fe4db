"""A ballot of every kind, open at once in the town of the demonstration."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson

from civic import clock, jobs
from civic.acts import ballots
from civic.acts.ballots import NewOption
from civic.acts.core import Actor
from civic.demo.areas import TIANPING
from civic.ledger import boxes
from civic.models import Party, Person

TREES = [
    NewOption("梧桐", "夏天浓荫，春天飞絮"),
    NewOption("香樟", "四季常绿"),
    NewOption("银杏", "秋天金黄"),
]
WORKS = [
    NewOption("长椅", "沿河十二张", cost=60_000_00, category="休憩"),
    NewOption("路灯", cost=30_050_50, category="照明"),
    NewOption("树池", cost=9_000_00),
]
TERMS: dict[str, dict[str, Any]] = {
    "yes_no": {"passing": "two_thirds", "quorum": (2, 3)},
    "single": {"passing": "plurality", "options": TREES},
    "approval": {"passing": "plurality", "options": TREES, "max_choices": 2},
    "score": {"options": TREES, "max_score": 5},
    "runoff": {"options": TREES},
    "stv": {"options": TREES, "seats": 2},
    "schulze": {"options": TREES, "max_choices": 2},
    "budget_greedy": {"options": WORKS, "budget": 100_000_00},
    "budget_shares": {"options": WORKS, "budget": 100_000_00},
}
RANKED = ("runoff", "stv", "schulze")


async def open_all(**changes: Any) -> dict[str, int]:
    """Number of the ballot of each method; they open within the minute, and stay so for a day."""
    street = await Person.get(email="street@demo.example")
    office = Actor(street, party=await Party.get(kind="government", area__code=TIANPING))
    now, found = clock.now(), {}
    for method, terms in TERMS.items():
        draft = await ballots.create(
            office, title=f"种什么树（{method}）", question="请按自己的想法投票。（示例）", area=TIANPING, method=method,
            opens_at=now + timedelta(seconds=5), closes_at=now + timedelta(hours=24), **{**terms, **changes},
        )  # fmt: skip
        found[method] = (await ballots.announce(office, draft)).id
    with clock.shift(timedelta(minutes=1)):
        await jobs.run_once()
    return found


async def counted(ballot: int) -> list[str]:
    """The choices in the published box, after the clock closed it."""
    await jobs.run_once()
    return [paper["choice"] for paper in orjson.loads(await boxes.content(ballot) or b"{}")["ballots"]]
