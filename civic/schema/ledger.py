"""The public ledger in the API."""

from __future__ import annotations

import strawberry

from civic.ledger import proofs, sequencer
from civic.models import LedgerEntry as EntryRow
from civic.rules import merkle
from civic.schema.core.connections import Connection, page_of


@strawberry.type(description="One act on the record.")
class LedgerEntry:
    seq: int
    act: str
    kind: str
    subject: str
    payload: str = strawberry.field(description="The canonical JSON that the tree hashes.")
    leaf_hash: str

    @classmethod
    def of(cls, row: EntryRow) -> LedgerEntry:
        return cls(
            seq=row.seq or 0, act=row.act, kind=row.kind, subject=row.subject_id, payload=row.payload,
            leaf_hash=merkle.leaf_hash(row.payload.encode()).hex(),
        )  # fmt: skip

    @strawberry.field(
        description="The hashes (hex) that prove this entry in the tree of the newest checkpoint."
    )
    async def proof(self) -> list[str]:
        newest = await sequencer.checkpoint()
        return [h.hex() for h in await proofs.inclusion(self.seq, newest.size)]


@strawberry.type(description="A signed statement of the tree's size and root.")
class Checkpoint:
    size: int
    root: str
    note: str


@strawberry.type
class Query:
    @strawberry.field(description="The newest checkpoint; null before the first act.")
    async def checkpoint(self) -> Checkpoint | None:
        newest = await sequencer.checkpoint()
        return Checkpoint(size=newest.size, root=newest.root, note=newest.note) if newest else None

    @strawberry.field(description="Sealed entries, the newest first.")
    async def ledger(
        self, first: int | None = None, after: str | None = None, act: str | None = None, kind: str | None = None,
        subject: str | None = None,
    ) -> Connection[LedgerEntry]:  # fmt: skip
        rows = EntryRow.filter(seq__isnull=False)
        if act:
            rows = rows.filter(act=act)
        if kind:
            rows = rows.filter(kind=kind)
        if subject:
            rows = rows.filter(subject_id=subject)
        found = await page_of(first, after).rows(rows, [("seq", "desc")])
        return found.connection(node=LedgerEntry.of, total=rows.count)

    @strawberry.field(description="One sealed entry.")
    async def ledger_entry(self, seq: int) -> LedgerEntry | None:
        row = await EntryRow.get_or_none(seq=seq)
        return LedgerEntry.of(row) if row else None
