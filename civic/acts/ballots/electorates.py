"""Who may vote, and why somebody may not: residents of the area, those who act for parties of blocs, an uploaded roll."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass

from tortoise.expressions import Q

from civic import clock, db
from civic.acts.ballots import roll_lines, rolls
from civic.acts.permissions import verified_resident
from civic.errors import N_, NotAllowed
from civic.models import AreaWithin, Ballot, Membership, Person, Residency, RollEntry
from civic.rules import sealing

ACTING = ("manager", "delegate")
_RESIDENTS = (
    "INSERT INTO roll_entry (ballot_id, person_id) SELECT DISTINCT CAST(? AS BIGINT), r.person_id "
    "FROM residency r JOIN area_within w ON w.descendant_id = r.area_id "
    "WHERE w.ancestor_id = ? AND r.state = 'verified' AND (r.expires_at IS NULL OR r.expires_at > ?)"
)
_BLOCS = (
    "INSERT INTO roll_entry (ballot_id, person_id) SELECT DISTINCT CAST(? AS BIGINT), m.person_id "
    "FROM membership m JOIN party p ON p.id = m.party_id JOIN area_within w ON w.descendant_id = p.area_id "
    "JOIN person q ON q.id = m.person_id WHERE w.ancestor_id = ? AND p.state = 'active' AND p.kind IN ({}) "
    "AND m.role IN ('manager', 'delegate') AND m.from_day <= ? AND (m.until_day IS NULL OR m.until_day >= ?) "
    "AND q.deleted_at IS NULL"
)
# Those of the roll who have an account by now; who is verified later is found by their key.
_LINES = (
    "INSERT INTO roll_entry (ballot_id, person_id) SELECT l.ballot_id, p.id FROM roll_line l "
    "JOIN roll r ON r.ballot_id = l.ballot_id AND r.edition = l.edition "
    "JOIN person p ON p.person_key = l.person_key WHERE l.ballot_id = ? AND p.deleted_at IS NULL"
)
_WEIGHTS = (
    "SELECT p.id, l.weight, l.person_key FROM roll_line l JOIN person p ON p.person_key = l.person_key "
    "JOIN roll r ON r.ballot_id = l.ballot_id AND r.edition = l.edition "
    "WHERE l.ballot_id = ? AND l.person_key > ? ORDER BY l.person_key LIMIT ?"
)
_LISTED_SQLITE = "SELECT person_id FROM roll_entry WHERE ballot_id = ? AND person_id IN ({})"
_LISTED_POSTGRES = "SELECT person_id FROM roll_entry WHERE ballot_id = ? AND person_id = ANY(?::uuid[])"


async def enrol(ballot: Ballot, digest: str) -> dict[str, object]:
    """Make the roll of a ballot that opens. What the record says of it; ``eligible`` of the ballot is set.

    digest: of an uploaded roll as it was just read, line by line.
    """
    now, today = clock.now(), clock.today()
    if ballot.electorate == "residents":
        await db.execute(
            _RESIDENTS, ballot.id, ballot.area_id, now if db.on_postgres() else now.isoformat(" ")
        )
    elif ballot.electorate == "blocs":
        day = today if db.on_postgres() else today.isoformat()
        places = ", ".join("?" * len(ballot.blocs))
        await db.execute(_BLOCS.format(places), ballot.id, ballot.area_id, *ballot.blocs, day, day)
    else:
        roll = await rolls.unaltered(ballot, digest)
        await db.execute(_LINES, ballot.id)
        ballot.eligible, ballot.eligible_weight = roll.lines, roll.weight
        said: dict[str, object] = {"eligible": roll.lines, "roll": roll.sha256}
        return {**said, "weight": roll.weight} if ballot.weighted else said
    ballot.eligible = await RollEntry.filter(ballot_id=ballot.id).count()
    return {"eligible": ballot.eligible}


async def listed(ballot_id: int, people: Collection[Person], *, by_roll: bool) -> set[str]:
    """The ids of those of these people who are on the roll. by_roll: an uploaded one, which also knows late-comers."""
    voters = [str(person.id) for person in people]
    if db.on_postgres():
        rows = await db.fetch(_LISTED_POSTGRES, ballot_id, voters)
    else:
        rows = await db.fetch(_LISTED_SQLITE.format(", ".join("?" * len(voters))), ballot_id, *voters)
    found = {str(row["person_id"]) for row in rows}
    late = {p.person_key: str(p.id) for p in people if p.person_key and str(p.id) not in found}
    if by_roll and late:
        found |= {late[key] for _, key in await roll_lines.weights([ballot_id], list(late))}
    return found


async def weights(ballot: Ballot, key: bytes) -> dict[str, int]:
    """The weight of each voter of a roll, by the tag under which their paper lies in the box. Kept nowhere."""
    place_of = sealing.tagger(key, ballot.id)
    return {place_of(voter): weight async for voter, weight in voters(ballot)}


async def voters(ballot: Ballot) -> AsyncIterator[tuple[str, int]]:
    """Ids of those on an uploaded roll who have an account, and their weights."""
    after = ""
    while rows := await db.fetch(_WEIGHTS, ballot.id, after, roll_lines.BATCH):
        for row in rows:
            yield str(row["id"]), int(row["weight"])
        after = rows[-1]["person_key"]
        await db.pause()


async def why_not(ballot: Ballot, person: Person) -> NotAllowed:
    """The refusal for somebody who is not on the roll of an open ballot."""
    lacks = await lacking(ballot, person)
    if lacks is None and ballot.electorate == "residents":
        return NotAllowed(N_("The roll was closed before your residence was verified."), reason="not_on_roll")
    return lacks or NotAllowed(
        N_("The roll was closed before you acted for your party."), reason="not_on_roll"
    )


async def lacking(ballot: Ballot, person: Person) -> NotAllowed | None:
    """What somebody lacks to be of the electorate as things are now; None when they are."""
    if ballot.electorate == "residents":
        return await _residence(ballot, person)
    if ballot.electorate == "blocs":
        return await _bloc(ballot, person)
    if person.person_key is None:
        return NotAllowed(
            N_(
                "This vote goes by a roll of documents, and yours has not been checked yet. Claim your residence "
                "under “My desk”, then show the document at a counter."
            ),
            reason="not_verified",
        )
    if await roll_lines.weight(ballot.id, person.person_key) is None:
        if ballot.state == "announced":
            return NotAllowed(
                N_("You are not on the roll of this vote. If you should be, say so before it opens."),
                reason="not_on_roll",
            )
        return NotAllowed(N_("You are not on the roll of this vote."), reason="not_on_roll")
    return None


async def _residence(ballot: Ballot, person: Person) -> NotAllowed | None:
    if await verified_resident(person, ballot.area_id):
        return None
    homes = await Residency.filter(person_id=person.id, state="verified").values_list("area_id", flat=True)
    if not homes:
        return NotAllowed(
            N_(
                "Your residence is not verified yet. Claim it under “My desk”, then show a document at a counter."
            ),
            reason="not_verified",
        )
    if not await AreaWithin.filter(ancestor_id=ballot.area_id, descendant_id__in=list(homes)).exists():
        return NotAllowed(N_("This vote is for residents of another area."), reason="other_area")
    return None


async def _bloc(ballot: Ballot, person: Person) -> NotAllowed | None:
    today = clock.today()
    mine = Membership.filter(
        Q(until_day__isnull=True) | Q(until_day__gte=today),
        person_id=person.id, from_day__lte=today, role__in=ACTING, party__state="active", party__kind__in=ballot.blocs,
    )  # fmt: skip
    areas = await mine.values_list("party__area_id", flat=True)
    if areas and await AreaWithin.filter(ancestor_id=ballot.area_id, descendant_id__in=list(areas)).exists():
        return None
    return NotAllowed(
        N_("This vote is for those who act, as manager or delegate, for a party of the groups that it names. You do not."),
        reason="not_delegate",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody lacks to vote in a ballot; else their weight in hundredths, and how many on the roll have the same."""

    lacks: NotAllowed | None
    weight: int | None = None
    shared_by: int | None = None


async def standing(ballot: Ballot, person: Person) -> Standing:
    """How a person stands to a ballot, before or while it is open."""
    if ballot.state == "open":
        on = await listed(ballot.id, [person], by_roll=ballot.electorate == "roll")
        lacks = None if on else await why_not(ballot, person)
    else:
        lacks = await lacking(ballot, person)
    if lacks is not None or not ballot.weighted or person.person_key is None:
        return Standing(lacks)
    weight = await roll_lines.weight(ballot.id, person.person_key)
    if weight is None:
        return Standing(lacks)
    return Standing(None, weight, await roll_lines.sharing(ballot.id, weight))
