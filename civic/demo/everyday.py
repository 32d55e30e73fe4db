"""The many small proposals of `texts/`: published, supported over some days, talked about, some answered.

A file holds proposals one after the other:

    # Title
    area's code | days since publication | supports
    The text, in Markdown.

    + a comment for it        - against        = neutral        + [party] for a party
    @ verdict days | the answer, so many days after publication
    ! days a promise in it, due so many days from today    !+ days one that was reported as kept
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from civic.acts import obligations
from civic.acts.core import Actor
from civic.demo.stage import Scene, Stage
from civic.models import Obligation, Person

TEXTS = Path(__file__).parent / "texts"
STANCES = {"+": "for", "-": "against", "=": "neutral"}
REMARK = re.compile(r"^([+=-]) (?:\[(\w+)\] )?(.+)$")
ANSWER = re.compile(r"^@ (\w+) (\d+) \| (.+)$")
PROMISE = re.compile(r"^!(\+?) (-?\d+) (.+)$")


@dataclass(slots=True)
class Text:
    """A proposal in a file: its title; area, how long ago and how many supports; its text; what was said of it."""

    title: str
    area: str
    days: int
    supports: int
    language: str
    body: str = ""
    remarks: list[tuple[str, str, str]] = field(
        default_factory=list
    )  # stance, party's short name or "", words
    verdict: str = ""
    answered_after: int = 0
    answer: str = ""
    promises: list[tuple[str, int]] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def read(path: Path) -> Iterator[Text]:
    """The proposals of a file."""
    language = "en" if path.stem == "english" else "zh-Hans"
    for part in re.split(r"(?m)^# ", path.read_text("utf-8"))[1:]:
        title, facts, *lines = part.splitlines()
        area, days, supports = (word.strip() for word in facts.split("|"))
        text = Text(title, area, int(days), int(supports), language)
        body = []
        for line in lines:
            if remark := REMARK.match(line):
                text.remarks.append((STANCES[remark[1]], remark[2] or "", remark[3]))
            elif answer := ANSWER.match(line):
                text.verdict, text.answered_after, text.answer = answer[1], int(answer[2]), answer[3]
            elif promise := PROMISE.match(line):
                text.promises.append((promise[3], int(promise[2])))
                text.kept += [promise[3]] if promise[1] else []
            else:
                body.append(line)
        text.body = "\n".join(body).strip()
        yield text


def scenes(stage: Stage) -> list[Scene]:
    found: list[Scene] = []
    for path in sorted(TEXTS.glob("*.md")):
        for number, text in enumerate(read(path)):
            found += Everyday(stage, text, number).scenes()
    return found


class Everyday:
    """One of them on its way."""

    def __init__(self, stage: Stage, text: Text, number: int) -> None:
        self.stage, self.text = stage, text
        self.chance = Random(text.title)
        self.hour, self.minute = 8 + number % 11, (number * 17) % 60
        self.proposal = 0
        self.crowd: list[Person] = []

    def scenes(self) -> list[Scene]:
        on, days = self.stage.on, -self.text.days
        found = [Scene(on(days, self.hour, self.minute), self.publish)]
        step = max(1, (self.text.answered_after or -days) // 6)
        for part in range(3):
            found.append(Scene(on(min(days + 1 + part * step, 0), 12 + part, self.minute), self.gather(part)))
        for number in range(len(self.text.remarks)):
            day = min(days + 1 + number * 2, 0)
            found.append(Scene(on(day, 19, (self.minute + number * 7) % 60), self.say(number)))
        if self.text.verdict:
            found.append(Scene(on(days + self.text.answered_after, 15, self.minute), self.answer))
        for words, due in self.text.promises:
            if words in self.text.kept:
                found.append(Scene(on(due - 2, 16, self.minute), self.keep(words)))
                found.append(Scene(on(due + 1, 9, self.minute), self.agree(words)))
        return found

    async def publish(self) -> None:
        there = self.stage.residents(self.text.area)
        self.crowd = self.chance.sample(there, min(len(there), self.text.supports + 1))
        proposal = await self.stage.propose(
            Actor(self.crowd[0]), self.text.area, self.text.title, self.text.body, language=self.text.language
        )
        self.proposal = proposal.id

    def gather(self, part: int) -> Callable[[], Awaitable[None]]:
        async def play() -> None:
            await self.stage.support(self.proposal, self.crowd[1:][part::3])

        return play

    def keep(self, words: str) -> Callable[[], Awaitable[None]]:
        async def play() -> None:
            await self.stage.keep(words)

        return play

    def agree(self, words: str) -> Callable[[], Awaitable[None]]:
        async def play() -> None:
            await obligations.confirm(Actor(self.crowd[0]), await Obligation.get(text=words))

        return play

    async def answer(self) -> None:
        await self.stage.answer(self.proposal, self.text.verdict, self.text.answer, self.text.promises)

    def say(self, number: int) -> Callable[[], Awaitable[None]]:
        async def play() -> None:
            stance, party, words = self.text.remarks[number]
            if party:
                actor = self.stage.as_(party, party)
            else:
                others = self.stage.residents(self.text.area) or self.crowd
                actor = Actor(self.chance.choice(others))
            await self.stage.comment(self.proposal, actor, stance, words)

        return play
