"""A charter drafted from a resolution: the duties that it names are the first clauses, and run on under the charter.

What a resolution decided is owed from the day of the vote, before any charter is signed. So a duty that the signed text
says exactly as the resolution did is not owed a second time: the obligation that runs already is from then on also the
charter's. Helpers of acts, not acts.
"""

from __future__ import annotations

from civic.models import Area, Charter, JointMeeting, MotionClause, Obligation, Resolution
from civic.rules import charters as rules
from civic.rules.charters import Due, Side

BASIS, TITLE = "%(meeting)s · 决议 %(number)s", 200


async def clauses_of(resolution_id: int) -> list[rules.Clause]:
    """The duties that a resolution names, as clauses of a draft; without those whose parties act no more."""
    resolution = await Resolution.get(motion_id=resolution_id)
    meeting = await JointMeeting.get(id=resolution.meeting_id).select_related("area")
    basis = BASIS % {"meeting": meeting.title[:TITLE], "number": resolution.number}
    everybody = Side(0, "residents", meeting.area.code)
    rows = MotionClause.filter(motion_id=resolution_id).select_related("party", "counterpart")
    return [
        rules.Clause(
            0, "duty", Side(row.party_id), Side(row.counterpart_id) if row.counterpart_id else everybody, row.text,
            basis, Due("day", row.due_on), row.wanted,
        )
        for row in await rows.order_by("number")
        if all(party is None or party.state == "active" for party in (row.party, row.counterpart))
    ]  # fmt: skip


async def running(charter: Charter, clauses: list[rules.Clause]) -> dict[int, Obligation]:
    """The resolution's obligations that duties of the text repeat to the letter, by number of the clause."""
    if charter.subject_kind != "resolution":
        return {}
    rows = Obligation.filter(source_kind="resolution", source_id=charter.subject_id, charter_id=None)
    free = list(await rows.order_by("id").select_related("counterpart_area"))
    found: dict[int, Obligation] = {}
    for clause in clauses:
        same = next((one for one in free if _says(clause, one)), None)
        if same is not None:
            found[clause.number] = same
            free.remove(same)
    return found


def _says(clause: rules.Clause, one: Obligation) -> bool:
    area: Area | None = one.counterpart_area
    to = Side(one.counterpart_id or 0, one.counterpart_bloc, area.code if area else "")
    return (clause.kind, clause.holder, clause.counterpart, clause.text, clause.due) == (
        "duty", Side(one.party_id), to, one.text, Due("day", one.due_on),
    )  # fmt: skip


async def carry_on(charter: Charter, clause: rules.Clause, clause_id: int, one: Obligation) -> None:
    """The obligation of a resolution is from now on the charter's as well; its state and its day stay."""
    one.charter_id, one.clause_id, one.wanted = charter.id, clause_id, clause.evidence
    await one.save(update_fields=["charter_id", "clause_id", "wanted"])
