"""A page takes the same number of SQL statements whatever its length: 1, 20 or 100 of everything."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from civic import clock, db
from civic.ledger import sequencer
from civic.models import (
    Area,
    AreaWithin,
    Ballot,
    Comment,
    Deadline,
    Membership,
    Obligation,
    Option,
    Party,
    Person,
    Proposal,
    Response,
)
from tests.support.statements import statements
from tests.support.world import World

pytestmark = pytest.mark.anyio
KINDS = ("government", "enterprise", "association", "residents", "institution")


async def more(world: World, first: int, count: int) -> None:
    """``count`` of everything, each with an author, an area and a party of its own."""
    now, numbers = clock.now(), range(first, first + count)

    async def write() -> None:
        people = [Person(id=uuid4(), pseudonym=f"p{i:08}", name=f"居民{i}", created_at=now) for i in numbers]
        await Person.bulk_create(people)
        parent = world.community
        await Area.bulk_create(
            [
                Area(code=f"3101040030010{i:03}", name=f"网格{i}", level="grid", parent_id=parent.id)
                for i in numbers
            ]
        )
        areas = await Area.filter(level="grid").order_by("-id").limit(count)
        for area in areas:
            chain = [area.id, parent.id, world.street.id, world.district.id, world.city.id]
            rows = [AreaWithin(ancestor_id=a, descendant_id=area.id, depth=d) for d, a in enumerate(chain)]
            await AreaWithin.bulk_create(rows)
        await Party.bulk_create(
            [
                Party(kind=KINDS[i % 5], name=f"示例主体{i}", area_id=area.id, state="active", created_at=now)
                for i, area in zip(numbers, areas, strict=True)
            ]
        )
        parties = await Party.all().order_by("-id").limit(count)
        common = {"salt": b"s", "created_at": now, "published_at": now}
        await Proposal.bulk_create(
            [
                Proposal(
                    title=f"提案{i}", body="正文", state="qualified", author_id=people[k].id, area_id=areas[k].id,
                    party_id=parties[k].id if i % 2 else None, threshold=5, version=1, **common,
                )
                for k, i in enumerate(numbers)
            ]
        )  # fmt: skip
        proposals = await Proposal.all().order_by("-id").limit(count)
        spans = {
            "opens_at": now - timedelta(hours=1),
            "closes_at": now + timedelta(days=1),
            "created_at": now,
        }
        await Ballot.bulk_create(
            [
                Ballot(
                    title=f"投票{i}", question="问", method="yes_no", passing="majority", state="open",
                    area_id=areas[k].id, host_id=parties[k].id, author_id=people[k].id, **spans,
                )
                for k, i in enumerate(numbers)
            ]
        )  # fmt: skip
        for k, proposal in enumerate(proposals):
            await deadline(proposal, world.department, people[k], answered=bool(k % 2))
        await one_of_each(world, people, numbers)

    await db.write(write)


async def deadline(proposal: Proposal, department: Party, author: Person, *, answered: bool) -> None:
    now = clock.now()
    row = await Deadline.create(
        kind="proposal", subject_id=proposal.id, department=department, started_at=now,
        due_at=now + timedelta(days=20), working_days=20, answered_at=now if answered else None,
    )  # fmt: skip
    if answered:
        given = await Response.create(
            deadline=row, verdict="accepted", reasons="同意", salt=b"s", author_id=author.id, published_at=now
        )
        await Obligation.create(
            party_id=department.id, response=given, text="办", due_on=clock.today() + timedelta(days=9)
        )


async def one_of_each(world: World, people: list[Person], numbers: range) -> None:
    """Comments with answers, options and members: of one proposal, one ballot, one party."""
    now = clock.now()
    proposal, ballot = await Proposal.all().order_by("id").first(), await Ballot.all().order_by("id").first()
    assert proposal is not None and ballot is not None
    for person, i in zip(people, numbers, strict=True):
        said: dict[str, Any] = {"proposal_id": proposal.id, "stance": "for", "salt": b"s", "at": now}
        comment = await Comment.create(author_id=person.id, body=f"意见{i}", **said)
        await Comment.create(author_id=person.id, body="答", parent_id=comment.id, **said)
        await Option.create(ballot_id=ballot.id, key=str(i), position=i, label=f"选项{i}")
        await Membership.create(
            party_id=world.department.id, person_id=person.id, role="delegate", from_day=clock.today()
        )


async def paths(world: World) -> dict[str, str]:
    proposal, ballot = await Proposal.all().order_by("id").first(), await Ballot.all().order_by("id").first()
    assert proposal is not None and ballot is not None
    return {
        "front": "/",
        "proposals": "/proposals",
        "most_supported": f"/proposals?sort=SUPPORTS&area={world.district.code}",
        "proposal": f"/proposals/{proposal.id}",
        "ballots": "/ballots",
        "ballot": f"/ballots/{ballot.id}",
        "responses": "/responses",
        "ledger": "/ledger",
        "areas": "/areas",
        "area": f"/areas/{world.district.code}",
        "parties": "/parties",
        "party": f"/parties/{world.department.id}",
    }


async def test_pages_take_as_many_statements_for_a_hundred_as_for_one(
    app: Any, client: Any, world: World
) -> None:
    seen: dict[str, list[int]] = {}
    ran_by: dict[str, list[str]] = {}
    made = 0
    for number in (1, 20, 100):
        await more(world, made, number - made)
        await sequencer.seal()
        made = number
        for name, path in (await paths(world)).items():
            app.state.answers.kept.clear()
            with statements() as ran:
                answer = await client.get(path)
            if answer.status_code == 404 and name in ("parties", "party"):
                continue  # until these pages exist
            assert answer.status_code == 200, f"{path}: {answer.status_code}"
            seen.setdefault(name, []).append(len(ran))
            ran_by[name] = list(ran)
    growing = {
        name: counts
        for name, counts in seen.items()
        # With one of everything some lists are empty yet, and nothing is fetched for what they would show.
        if max(counts) > counts[1] or max(counts) > counts[0] + 6
    }
    told = "\n".join(f"{name} {seen[name]}:\n  " + "\n  ".join(sorted(set(ran_by[name]))) for name in growing)
    assert not growing, told
    assert max(seen["proposals"]) <= 4, ran_by["proposals"]
