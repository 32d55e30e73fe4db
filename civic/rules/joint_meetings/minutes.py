"""Minutes: how each seat stands to a version, and a draft in both languages from what the platform knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from civic.errors import N_, InvalidInput
from civic.rules.joint_meetings.phrases import PHRASES

LANGUAGES = ("zh-Hans", "en")


def standing(
    replies: Mapping[int, str], seats: Sequence[int], at: datetime, until: datetime
) -> dict[int, str]:
    """How each seat stands: signed, objected, awaiting; from ``until`` on, silence is ``deemed`` acceptance.

    replies: seat number -> signed or objected. An objection is never undone by time.
    """
    silent = "deemed" if at >= until else "awaiting"
    return {seat: replies.get(seat, silent) for seat in seats}


def answered(standings: Mapping[int, str]) -> bool:
    """Whether nobody's answer is awaited any more, so that the minutes can be published."""
    return "awaiting" not in standings.values()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the minutes in both languages."""

    key: str
    zh: str
    en: str


def check_order(before: Sequence[str], after: Sequence[str]) -> None:
    """A new version has the same sections, in any order, each once. Raises InvalidInput."""
    if sorted(before) != sorted(after):
        raise InvalidInput(
            N_("A version of the minutes keeps every section, each once."),
            field="sections",
            reason="sections",
        )


@dataclass(frozen=True, slots=True)
class VoteFacts:
    """A closed vote: its number, rule, outcome, whether it passed, and counts of yes, no, abstain, recused by bloc."""

    number: int
    rule: str
    why: str
    blocs: Mapping[str, Sequence[int]]
    dissents: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class MotionFacts:
    """A motion, or an amendment, with its votes. An amendment has words to ``strike`` and to ``insert`` for a text."""

    label: str
    amendment: bool
    text: str
    mover: str
    seconder: str
    state: str
    recused: Sequence[str] = ()
    votes: Sequence[VoteFacts] = ()
    strike: str = ""
    insert: str = ""


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """An item of the agenda with who spoke and what was moved."""

    number: int
    title: str
    speakers: Sequence[str] = ()
    motions: Sequence[MotionFacts] = ()


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """All that the platform knows of a session. Times are texts in the platform's zone; people are names."""

    title: str
    opened: str
    adjourned: str
    place: str
    chair: str
    secretary: str
    present: Mapping[str, Sequence[str]]  # bloc -> who was there
    quorum: Mapping[str, Sequence[int]]  # bloc -> present, needed, seats at the opening
    items: Sequence[ItemFacts] = field(default_factory=tuple)
    resolutions: Sequence[tuple[int, str]] = ()


def draft(facts: MeetingFacts) -> list[Section]:
    """A structured first version: opening, attendance, each item, resolutions, closing."""
    keys = ["opening", "attendance", *(f"item-{i.number}" for i in facts.items), "resolutions", "closing"]
    texts = {language: _write(facts, PHRASES[language]) for language in LANGUAGES}
    return [Section(key, texts["zh-Hans"][key], texts["en"][key]) for key in keys]


def _write(facts: MeetingFacts, say: Mapping[str, str]) -> dict[str, str]:
    texts = {
        "opening": say["opening"].format(f=facts),
        "attendance": "\n".join(_attendance(facts, say)),
        "resolutions": "\n\n".join(say["resolution"].format(n=n, text=t) for n, t in facts.resolutions)
        or say["no_resolution"],
        "closing": say["closing"].format(f=facts),
    }
    for item in facts.items:
        texts[f"item-{item.number}"] = "\n".join(_item(item, say))
    return texts


def _attendance(facts: MeetingFacts, say: Mapping[str, str]) -> list[str]:
    lines = []
    for bloc, people in facts.present.items():
        names = say["and"].join(people) or say["nobody"]
        lines.append(say["present"].format(bloc=say[bloc], names=names))
    for bloc, (here, least, seats) in facts.quorum.items():
        lines.append(say["quorum"].format(bloc=say[bloc], here=here, least=least, seats=seats))
    return lines


def _item(item: ItemFacts, say: Mapping[str, str]) -> list[str]:
    lines = [say["item"].format(n=item.number, title=item.title)]
    if item.speakers:
        lines.append(say["spoke"].format(names=say["and"].join(item.speakers)))
    for motion in item.motions:
        lines += _motion(motion, say)
    if len(lines) == 1:
        lines.append(say["noted"])
    return lines


def _motion(motion: MotionFacts, say: Mapping[str, str]) -> list[str]:
    kind = "amendment" if motion.amendment else "motion"
    seconded = say["seconded"].format(name=motion.seconder) if motion.seconder else say["not_seconded"]
    lines = [
        "",
        say[kind].format(label=motion.label, mover=motion.mover, seconded=seconded),
        *_quoted(motion, say),
        "",
    ]
    if motion.recused:
        lines.append(say["recused"].format(names=say["and"].join(motion.recused)))
    for vote in motion.votes:
        lines.append(say["vote"].format(n=vote.number, rule=say[f"rule_{vote.rule}"]))
        for bloc, (yes, no, abstain, recused) in vote.blocs.items():
            lines.append(
                say["bloc_vote"].format(bloc=say[bloc], yes=yes, no=no, abstain=abstain, recused=recused)
            )
        lines += ["", say[f"why_{vote.why}"]]
        lines += [say["dissent"].format(name=name, text=text) for name, text in vote.dissents]
    if not motion.votes:
        lines.append(say["no_vote"])
    return lines


def _quoted(motion: MotionFacts, say: Mapping[str, str]) -> list[str]:
    """What is moved, word for word, as Markdown quotes it."""
    parts = [motion.text]
    if motion.amendment:
        words = (("strike", motion.strike), ("insert", motion.insert))
        parts = [say[key].format(text=text) for key, text in words if text]
    return [f"> {line}" for part in parts for line in part.split("\n")]
