"""Where the demo is played: its clock, and who and what the stories know by a short name."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from civic import clock, jobs
from civic.acts import comments, obligations, proposals, responses
from civic.acts.core import Actor
from civic.acts.obligations import Report
from civic.ledger import sequencer
from civic.models import Deadline, Obligation, Party, Person, Proposal
from civic.settings import settings

TOGETHER = 64  # acts of a crowd that share a commit


@dataclass(slots=True)
class Scene:
    """Something that happens at a moment of the past."""

    at: datetime
    play: Callable[[], Awaitable[object]]


@dataclass
class Stage:
    """``now`` is when the demo is built. Places in ``homes`` are codes of communities."""

    now: datetime
    people: dict[str, Person] = field(default_factory=dict)
    parties: dict[str, Party] = field(default_factory=dict)
    leads: dict[str, str] = field(default_factory=dict)  # department -> who answers for it
    homes: dict[str, list[Person]] = field(default_factory=dict)
    documents: dict[UUID, str] = field(default_factory=dict)  # the invented number that a resident has shown
    proposals: dict[str, int] = field(default_factory=dict)
    ballots: dict[str, int] = field(default_factory=dict)
    scenarios: dict[str, int] = field(default_factory=dict)

    def on(self, days: int, hour: int = 10, minute: int = 0) -> datetime:
        """A moment ``days`` from today (negative: before), in the platform's zone; never later than now where past."""
        day = self.today + timedelta(days=days)
        moment = datetime.combine(day, time(hour, minute), settings().zone)
        return min(moment, self.now - timedelta(minutes=5)) if days <= 0 else moment

    @property
    def today(self) -> date:
        return self.now.astimezone(settings().zone).date()

    def as_(self, who: str, party: str | None = None) -> Actor:
        """Somebody by short name, for themself or for a party."""
        return Actor(self.people[who], party=self.parties[party] if party else None)

    def residents(self, area: str) -> list[Person]:
        """The verified residents of an area, in the order in which they came."""
        return [person for code, there in self.homes.items() if code.startswith(area) for person in there]

    async def propose(
        self, actor: Actor, area: str, title: str, body: str, *, language: str = "zh-Hans"
    ) -> Proposal:
        """A proposal, written and published."""
        draft = await proposals.create(actor, title=title, body=body, area=area, language=language)
        return await proposals.publish(actor, draft)

    async def support(self, proposal: int, people: Iterable[Person]) -> None:
        """Each of them supports it."""
        everybody = list(people)
        for start in range(0, len(everybody), TOGETHER):
            some = everybody[start : start + TOGETHER]
            await asyncio.gather(*(proposals.support(Actor(person), proposal) for person in some))

    async def comment(
        self, proposal: int, actor: Actor, stance: str, body: str, parent: int | None = None
    ) -> int:
        """A comment; its key."""
        said = await comments.create(actor, proposal, body=body, stance=stance, parent=parent)
        return int(said.id)

    async def answer(
        self,
        subject: int,
        verdict: str,
        reasons: str,
        promises: Sequence[tuple[str, int]] = (),
        kind: str = "proposal",
    ) -> None:
        """The department that was asked answers; promises are due so many days from today."""
        deadline = await Deadline.get(kind=kind, subject_id=subject)
        key = next(k for k, party in self.parties.items() if party.id == deadline.department_id)
        await responses.publish(
            self.as_(self.leads[key], key), deadline, verdict=verdict, reasons=reasons,
            commitments=[responses.Commitment(text, self.today + timedelta(days=day)) for text, day in promises],
        )  # fmt: skip

    async def keep(self, words: str) -> None:
        """The department reports that the promise with these words was kept."""
        promise = await Obligation.get(text=words)
        key = next(k for k, party in self.parties.items() if party.id == promise.party_id)
        await obligations.report(
            self.as_(self.leads[key], key), promise, Report("已经做到，欢迎大家来看。（示例）")
        )

    async def tick(self) -> None:
        """What the platform does of itself by the clock."""
        await jobs.run_once()


async def play(
    stage: Stage, scenes: list[Scene], progress: Callable[[int, int], None] = lambda done, of: None
) -> None:
    """Play all scenes in the order of time. Every night the platform's own work is done and the ledger sealed."""
    scenes = sorted(scenes, key=lambda scene: scene.at)
    night: datetime | None = None
    for number, scene in enumerate(scenes, 1):
        while night is not None and night < scene.at:
            with clock.travel(night):
                await stage.tick()
                await sequencer.seal()
            night += timedelta(days=1)
        if night is None:
            night = datetime.combine(scene.at.astimezone(settings().zone), time(23, 50), settings().zone)
        with clock.travel(scene.at):
            await scene.play()
        progress(number, len(scenes))
    await stage.tick()
    await sequencer.seal()
