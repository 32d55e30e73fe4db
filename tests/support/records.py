"""Entries of the ledger for tests that are not about acts."""

from civic import clock, db
from civic.ledger import entries
from civic.models import LedgerEntry
from civic.rules import merkle


async def append(number: int, first: int = 0) -> None:
    """Write this many entries in one transaction."""

    async def write() -> None:
        for i in range(first, first + number):
            await record(str(i))

    await db.write(write)


async def record(subject: str) -> None:
    """Write one entry, within a transaction."""
    await entries.append(
        "test.act", at=clock.now(), actor="a", party=None, kind="t", subject=subject, payload={"of": subject}
    )


async def leaves() -> list[bytes]:
    """The leaf hashes of what is sealed."""
    rows = await LedgerEntry.filter(seq__isnull=False).order_by("seq").values_list("payload", flat=True)
    return [merkle.leaf_hash(str(row).encode()) for row in rows]
