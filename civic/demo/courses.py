"""What several stories share: a proposal that gathers supports, and a vote from draft to certificate."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from civic.acts import ballots, paper_ballots
from civic.acts.ballots import NewOption
from civic.acts.core import Actor
from civic.demo.device import Device
from civic.demo.stage import TOGETHER, Scene, Stage
from civic.models import Ballot, Person

Play = Callable[[], Awaitable[None]]


def petition(
    stage: Stage, key: str, *, who: str, area: str, title: str, body: str, day: int, supports: int,
    over: int = 12, party: str | None = None, hour: int = 9,
) -> list[Scene]:  # fmt: skip
    """Somebody proposes, and others support it over some days."""
    chance = Random(key)
    crowd: list[Person] = []

    async def publish() -> None:
        proposal = await stage.propose(stage.as_(who, party), area, title, body)
        stage.proposals[key] = proposal.id
        there = stage.residents(area)
        crowd.extend(chance.sample(there, min(len(there), supports)))

    def gather(part: int) -> Play:
        async def play() -> None:
            await stage.support(stage.proposals[key], crowd[part::4])

        return play

    found = [Scene(stage.on(day, hour), publish)]
    found += [
        Scene(stage.on(min(day + 1 + part * over // 4, 0), 11 + part * 2, 20), gather(part))
        for part in range(4)
    ]
    return found


def talk(stage: Stage, key: str, day: int, remarks: list[tuple[str, str | None, str, str]]) -> list[Scene]:
    """Comments in turn, one an hour: who or "" for a resident of `area`, for which party, stance, words."""
    chance = Random(f"{key} {day}")

    def say(who: str, party: str | None, stance: str, words: str) -> Play:
        async def play() -> None:
            actor = (
                stage.as_(who, party) if who in stage.people else Actor(chance.choice(stage.residents(who)))
            )
            await stage.comment(stage.proposals[key], actor, stance, words)

        return play

    return [Scene(stage.on(day, 12 + n % 10, 7 * n % 60), say(*remark)) for n, remark in enumerate(remarks)]


def answered(
    stage: Stage,
    key: str,
    day: int,
    verdict: str,
    reasons: str,
    promises: list[tuple[str, int]] | None = None,
) -> list[Scene]:
    """The department answers."""

    async def play() -> None:
        await stage.answer(stage.proposals[key], verdict, reasons, promises or [])

    return [Scene(stage.on(day, 15, 30), play)]


@dataclass
class Vote:
    """A vote: days are counted from today; ``split`` are weights of the options; ``share`` is who takes part."""

    stage: Stage
    key: str
    host: str
    who: str
    area: str
    title: str
    question: str
    announced: int
    opens: int
    closes: int
    share: float
    split: dict[str, int]
    method: str = "yes_no"
    passing: str = "majority"
    quorum: tuple[int, int] = (0, 1)
    options: list[NewOption] = field(default_factory=list)
    most: int | None = None
    proposal: str = ""
    scrutineers: tuple[tuple[str, str], ...] = ()  # person, party
    certified: int | None = None
    paper: tuple[str, ...] = ()  # what is on sheets, as clerks type it
    counter: str = ""  # who enters them beside `who`
    answered: tuple[int, str, str] | None = None  # when, verdict, reasons
    choose: Callable[[Random], list[str]] | None = None  # where weights of options are too little
    terms: dict[str, Any] = field(default_factory=dict)  # what else `ballots.create` takes
    weights: tuple[str, ...] = ()  # of an uploaded roll, in turn; those on it are residents of the area
    again: str = ""  # the vote that this one holds again

    def scenes(self) -> list[Scene]:
        on = self.stage.on
        found = [Scene(on(self.announced, 10), self.announce)]
        opens, closes = on(self.opens, 9), on(self.closes, 20)
        if self.opens > 0:
            return found
        found.append(Scene(opens + timedelta(seconds=1), self.stage.tick))
        until = min(closes, self.stage.now - timedelta(minutes=10))
        for part in range(4):
            found.append(Scene(opens + (until - opens) * (part + 1) / 5, self.vote(part)))
        if self.paper:
            found.append(Scene(opens + timedelta(hours=2), self.hand_out))
        if self.closes < 0:
            found.append(Scene(closes + timedelta(seconds=1), self.stage.tick))
            if self.paper:
                found.append(Scene(closes + timedelta(hours=1), self.enter_sheets))
        if self.certified is not None:
            found.append(Scene(on(self.certified, 14), self.certify))
        if self.answered is not None:
            found.append(Scene(on(self.answered[0], 11), self.answer))
        return found

    async def answer(self) -> None:
        """The host says what follows from the result."""
        assert self.answered is not None
        _, verdict, reasons = self.answered
        await self.stage.answer(self.stage.ballots[self.key], verdict, reasons, kind="ballot")

    async def announce(self) -> None:
        stage = self.stage
        host = stage.as_(self.who, self.host)
        opens_at, closes_at = stage.on(self.opens, 9), stage.on(self.closes, 20)
        if self.again:
            first = await Ballot.get(id=stage.ballots[self.again])
            ballot = await ballots.rerun(host, first, opens_at=opens_at, closes_at=closes_at)
        else:
            ballot = await ballots.create(
                host, title=self.title, question=self.question, area=self.area, method=self.method,
                passing=self.passing, quorum=self.quorum, options=self.options or None, max_choices=self.most,
                opens_at=opens_at, closes_at=closes_at, proposal=stage.proposals.get(self.proposal), **self.terms,
            )  # fmt: skip
        if self.weights:
            await ballots.upload(host, ballot, file=await ballots.examine(self.roll()))
        ballot = await ballots.announce(host, ballot)
        stage.ballots[self.key] = ballot.id
        if self.paper:
            await paper_ballots.offer(host, ballot)
        for person, party in self.scrutineers:
            await ballots.name_scrutineer(
                host, ballot, person=stage.people[person], party=stage.parties[party]
            )

    def roll(self) -> bytes:
        """The file that the host uploads."""
        numbers = [self.stage.documents[person.id] for person in self.stage.residents(self.area)]
        lines = (f"{number},{self.weights[n % len(self.weights)]}" for n, number in enumerate(numbers))
        return "\n".join(["证件号码,专有部分面积", *lines, ""]).encode()

    def voters(self) -> list[Person]:
        """Who votes online."""
        everybody = self.stage.residents(self.area)
        return Random(self.key).sample(everybody, round(len(everybody) * self.share))

    async def hand_out(self) -> None:
        """Some who do not vote online vote on paper."""
        online = {person.id for person in self.voters()}
        others = [person for person in self.stage.residents(self.area) if person.id not in online]
        for person in others[: len(self.paper)]:
            clerk = self.stage.as_(self.counter, self.host)
            await paper_ballots.hand_out(clerk, self.stage.ballots[self.key], voter=person)

    async def enter_sheets(self) -> None:
        """Two clerks enter the sheets; then the box is closed."""
        key, sheets = self.stage.ballots[self.key], dict(enumerate(self.paper, 1))
        who = [self.stage.as_(name, self.host) for name in (self.counter, self.who)]
        batch = await paper_ballots.open_batch(who[0], key, sheets=len(sheets))
        for clerk in who:
            await paper_ballots.enter(clerk, batch, typed=sheets)
        await paper_ballots.complete(who[1], key)
        await self.stage.tick()

    def vote(self, part: int) -> Play:
        chance = Random(f"{self.key} {part}")

        def choice() -> list[str]:
            if self.choose is not None:
                return self.choose(chance)
            keys, weights = list(self.split), list(self.split.values())
            if self.method != "approval":
                return chance.choices(keys, weights)
            return sorted({*chance.choices(keys, weights, k=self.most or 2)})

        async def play() -> None:
            there = self.voters()[part::4]
            if self.terms.get("anonymous"):
                ballot = await Ballot.get(id=self.stage.ballots[self.key])
                for person in there:
                    await (await Device(ballot).get_token(person)).cast(",".join(choice()))
                return
            for start in range(0, len(there), TOGETHER):
                await asyncio.gather(
                    *(
                        ballots.cast(Actor(person), self.stage.ballots[self.key], chosen=choice())
                        for person in there[start : start + TOGETHER]
                    )
                )

        return play

    async def certify(self) -> None:
        for person, party in self.scrutineers:
            await ballots.certify(self.stage.as_(person, party), self.stage.ballots[self.key])
