"""Document numbers that are formally right and belong to nobody, and rolls made of them."""

from collections.abc import Sequence

from civic import db
from civic.acts import ballots
from civic.acts.residencies import pepper
from civic.models import Ballot, Person
from civic.rules.person_key import person_key, resident_check
from tests.support.world import World


def document(number: int) -> str:
    """A resident number, each number another one."""
    first = f"310104{1950 + number // 1000 % 50}0101{number % 1000:03}"
    return first + resident_check(first)


def table(rows: Sequence[Sequence[str]], heading: str = "证件号码,权重") -> bytes:
    return "\n".join([heading, *(",".join(row) for row in rows), ""]).encode()


async def give_document(person: Person, number: int) -> Person:
    """Let a person be verified with document ``number``."""
    person.person_key = person_key(pepper(), document(number))

    async def write() -> None:
        await person.save()

    await db.write(write)
    return person


async def with_roll(world: World, weights: Sequence[str | None], draft: Ballot) -> list[Person]:
    """New people with the documents 0, 1, …, and a roll of them uploaded to the draft. None: a roll without weights."""
    people = [await give_document(await world.guest(f"业主{n}"), n) for n in range(len(weights))]
    if weights[0] is None:
        content = table([[document(n)] for n in range(len(weights))], "证件号码")
    else:
        content = table([[document(n), str(weight)] for n, weight in enumerate(weights)])
    await ballots.upload(world.as_official, draft, file=await ballots.examine(content))
    return people
