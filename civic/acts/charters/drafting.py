"""The convener drafts a charter, clause by clause, and opens negotiation."""

from __future__ import annotations

from typing import Any

from tortoise.models import Model

from civic import clock
from civic.acts import search
from civic.acts.charters import resolutions
from civic.acts.charters.telling import tell_parties
from civic.acts.charters.who import any_party, convener
from civic.acts.charters.writing import new_version, record, resolved, write
from civic.acts.core import Actor, act, act_on
from civic.acts.permissions import the_party
from civic.errors import N_, InvalidInput, NotFound
from civic.models import Area, Charter, Clause, JointMeeting, Resolution, Scenario
from civic.rules import charters as rules
from civic.rules import lifecycles
from civic.rules.text import multiline, one_line

TITLE, PURPOSE = 120, 5000
# What a charter may belong to, with the column of its number; a capability adds its own kind.
SUBJECTS: dict[str, tuple[type[Model], str]] = {
    "scenario": (Scenario, "id"),
    "meeting": (JointMeeting, "id"),
    "resolution": (Resolution, "motion_id"),
}


@act("charter.create", may=any_party)
async def create(
    actor: Actor,
    *,
    title: str,
    area: str,
    purpose: str = "",
    subject: tuple[str, int] | None = None,
    supersedes: int | None = None,
    language: str = "zh-Hans",
) -> Charter:
    """Begin a charter as a draft, which only its convener sees. From a resolution: with the duties that it names."""
    party = the_party(actor)
    place = await Area.get_or_none(code=area)
    if place is None:
        raise InvalidInput(N_("There is no area with this code."), field="area", reason="unknown_area")
    if subject is not None:
        kind, column = SUBJECTS.get(subject[0], (None, ""))
        if kind is None or not await kind.filter(**{column: subject[1]}).exists():
            raise InvalidInput(
                N_("What this charter belongs to does not exist."), field="subject", reason="unknown_subject"
            )
    if supersedes is not None:
        await _replaceable(party.id, supersedes)
    charter = await Charter.create(
        title=one_line(title, field="title", limit=TITLE),
        purpose=multiline(purpose, field="purpose", limit=PURPOSE, least=0),
        area=place,
        convener=party,
        subject_kind=subject[0] if subject else "",
        subject_id=subject[1] if subject else None,
        supersedes_id=supersedes,
        language=language,
        created_at=clock.now(),
    )
    said: dict[str, object] = {"convener": party.id}
    if subject is not None and subject[0] == "resolution":
        taken = [
            await write(charter, await resolved(charter.id, clause))
            for clause in await resolutions.clauses_of(subject[1])
        ]
        said |= {"resolution": subject[1], "clauses": [row.number for row in taken]}
    record(charter, said)
    return charter


async def _replaceable(party_id: int, charter_id: int) -> None:
    """Raises InvalidInput unless this party convened that charter and it is in force."""
    if not await Charter.filter(id=charter_id, convener_id=party_id, state="in_force").exists():
        raise InvalidInput(
            N_("A charter takes the place of one in force that your party convened."),
            field="supersedes",
            reason="not_in_force",
        )


@act_on(Charter, "charter.edit", may=convener)
async def edit(actor: Actor, charter: Charter, *, title: str, purpose: str = "") -> Charter:
    """Change title and purpose of a draft."""
    charter.state = lifecycles.move("charter", charter.state, "edit")
    charter.title = one_line(title, field="title", limit=TITLE)
    charter.purpose = multiline(purpose, field="purpose", limit=PURPOSE, least=0)
    await charter.save()
    record(charter, {})
    return charter


async def clause_of(charter: Charter, number: int) -> Clause:
    """The charter's clause of this number. Raises NotFound."""
    row = await Clause.get_or_none(charter_id=charter.id, number=number)
    if row is None:
        raise NotFound(N_("This charter has no such clause."), field="number", reason="no_clause")
    return row


@act_on(Charter, "charter.add_clause", may=convener)
async def add_clause(actor: Actor, charter: Charter, *, clause: rules.Clause) -> Clause:
    """Add a clause to a draft."""
    charter.state = lifecycles.move("charter", charter.state, "edit")
    row = await write(charter, await resolved(charter.id, clause))
    record(charter, {"clause": row.number})
    return row


@act_on(Charter, "charter.change_clause", may=convener)
async def change_clause(actor: Actor, charter: Charter, *, number: int, clause: rules.Clause) -> Clause:
    """Change a clause of a draft."""
    charter.state = lifecycles.move("charter", charter.state, "edit")
    row = await write(charter, await resolved(charter.id, clause), await clause_of(charter, number))
    record(charter, {"clause": number})
    return row


@act_on(Charter, "charter.remove_clause", may=convener)
async def remove_clause(actor: Actor, charter: Charter, *, number: int) -> Charter:
    """Remove a clause from a draft; its number is not given again."""
    charter.state = lifecycles.move("charter", charter.state, "edit")
    await (await clause_of(charter, number)).delete()
    record(charter, {"clause": number})
    return charter


@act_on(Charter, "charter.open", may=convener)
async def open_(actor: Actor, charter: Charter) -> Charter:
    """Open a draft for negotiation: it becomes public, and every party named may propose changes."""
    charter.state = lifecycles.move("charter", charter.state, "open")
    if not await Clause.filter(charter_id=charter.id).exists():
        raise InvalidInput(
            N_("There is no clause yet. Add the rights, duties and interests of each party."),
            reason="empty",
        )
    charter.opened_at = clock.now()
    await new_version(actor, charter)
    await search.index("charter", charter.id, charter.title, charter.purpose)
    await tell_parties(actor, charter, "charter.opened")
    return charter


def content_of(clause: rules.Clause) -> dict[str, Any]:
    """A proposed clause as JSON, without its number."""
    found = rules.plain(clause)
    found.pop("number", None)
    return found
