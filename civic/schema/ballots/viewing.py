"""Whether the viewer may vote and has voted, and how many have: for one ballot, or for a list in one query each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from tortoise.expressions import Q

from civic import clock, db
from civic.acts import ballots, box, paper_box
from civic.errors import N_, CivicError, InvalidState
from civic.models import (
    Ballot,
    BoxEntry,
    Membership,
    OpenVote,
    Option,
    PaperVoter,
    Party,
    RollEntry,
)  # fmt: skip
from civic.schema.core.context import Context
from civic.schema.core.errors import not_signed_in
from civic.schema.core.ids import decode_int
from civic.schema.core.lookahead import Selection
from civic.settings import settings

# By data folder and ballot: the version of the table that was counted, and the count.
_counts: dict[tuple[str, int], tuple[int, int]] = {}


@dataclass
class Ahead:
    """What a list has fetched for all its ballots at once."""

    options: dict[int, list[Option]] = field(default_factory=dict)
    listed: set[int] | None = None
    voted: set[int] | None = None
    on_paper: set[int] | None = None


async def ahead(rows: Sequence[Ballot], wanted: Selection, context: Context) -> Ahead:
    """Fetch what was selected, a query each whatever the number of ballots."""
    found, ids = Ahead(), [row.id for row in rows]
    if not ids:
        return found
    if "options" in wanted or "result" in wanted:
        options: dict[int, list[Option]] = defaultdict(list, {key: [] for key in ids})
        for option in await Option.filter(ballot_id__in=ids).order_by("position"):
            options[option.ballot_id].append(option)
        found.options = dict(options)
    viewer = context.viewer
    if viewer is not None and "whyNot" in wanted:
        listed = RollEntry.filter(ballot_id__in=ids, person_id=viewer.id).values_list("ballot_id", flat=True)
        found.listed = {int(str(key)) for key in await listed}
        if viewer.person_key and any(row.electorate == "roll" for row in rows):
            found.listed |= {ballot for ballot, _ in await ballots.on_rolls(ids, [viewer.person_key])}
        sheets = PaperVoter.filter(ballot_id__in=ids, person_id=viewer.id).values_list("ballot_id", flat=True)
        found.on_paper = {int(str(key)) for key in await sheets}
    if viewer is not None and "voted" in wanted:
        found.voted = set()
        tags = {
            box.tag(r.id, viewer): r.id
            for r in rows
            if r.secret and not r.anonymous and r.state == "open" and box.has_key(r.id)
        }
        if tags:
            known = await BoxEntry.filter(tag__in=list(tags)).values_list("tag", flat=True)
            found.voted = {tags[str(tag)] for tag in known}
        for key in await OpenVote.filter(ballot_id__in=ids, person_id=viewer.id).values_list(
            "ballot_id", flat=True
        ):
            found.voted.add(int(str(key)))
    return found


async def why_not(row: Ballot, context: Context, known: Ahead | None) -> CivicError | None:
    """Why the viewer cannot vote now; None when they can."""
    if row.state in ("draft", "announced"):
        return InvalidState(N_("Voting has not begun yet."), reason="not_open")
    if row.state != "open" or clock.now() >= row.closes_at:
        return InvalidState(N_("Voting is over."), reason="closed")
    viewer = context.viewer
    if viewer is None:
        return not_signed_in()
    if known is not None and known.listed is not None:
        listed = row.id in known.listed
    else:
        listed = bool(await ballots.listed(row.id, [viewer], by_roll=row.electorate == "roll"))
    if not listed:
        return await ballots.why_not(row, viewer)
    if known is not None and known.on_paper is not None:
        sheet = row.id in known.on_paper
    else:
        sheet = bool(await paper_box.on_paper(row.id, [str(viewer.id)]))
    return ballots.has_a_sheet() if sheet else None


async def voted(row: Ballot, context: Context, known: Ahead | None) -> bool:
    """Whether the viewer's own vote is in the box."""
    viewer = context.viewer
    if viewer is None or row.state != "open":
        return False
    if known is not None and known.voted is not None:
        return row.id in known.voted
    return await box.has_voted(row, viewer)


async def turnout(rows: Sequence[Ballot]) -> dict[int, int]:
    """How many have voted so far, by ballot. An open box is counted anew only when it has changed."""
    found = {row.id: row.cast for row in rows if row.state != "open"}
    place = str(settings().data_dir)
    due: dict[str, list[int]] = {"box_entry": [], "open_vote": []}
    for row in rows:
        if row.state == "open":
            table = "box_entry" if row.secret else "open_vote"
            version, count = _counts.get((place, row.id), (-1, 0))
            if version == db.versions.get(table, 0):
                found[row.id] = count
            else:
                due[table].append(row.id)
    for table, ids in due.items():
        version = db.versions.get(table, 0)
        places = ", ".join("?" * len(ids))
        sql = f"SELECT ballot_id, count(*) AS n FROM {table} WHERE ballot_id IN ({places}) GROUP BY ballot_id"
        counted = {row["ballot_id"]: row["n"] for row in await db.fetch(sql, *ids)} if ids else {}
        for key in ids:
            found[key] = counted.get(key, 0)
            _counts[place, key] = (version, found[key])
    return found


async def candidates(party: str) -> list[Membership]:
    """People who act for an active party now."""
    today = clock.today()
    rows = Membership.filter(
        Q(until_day__isnull=True) | Q(until_day__gte=today),
        party_id=decode_int(party, "Party", field="party"),
        party__state="active",
        from_day__lte=today,
        person__deleted_at__isnull=True,
    )
    return list(await rows.select_related("person", "party").order_by("id").limit(50))


_NEAR = (
    "SELECT p.id FROM party p WHERE p.state = 'active' AND (EXISTS (SELECT 1 FROM area_within w "
    "WHERE w.ancestor_id = ? AND w.descendant_id = p.area_id) OR EXISTS (SELECT 1 FROM area_within w "
    "WHERE w.ancestor_id = p.area_id AND w.descendant_id = ?)) ORDER BY p.kind, p.name LIMIT 200"
)


async def parties(row: Ballot) -> list[Party]:
    """Active parties within or around the ballot's area."""
    ids = [found["id"] for found in await db.fetch(_NEAR, row.area_id, row.area_id)]
    return list(await Party.filter(id__in=ids).order_by("kind", "name")) if ids else []
