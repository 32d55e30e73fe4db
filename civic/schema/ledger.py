"""The public ledger in the API."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import orjson
import strawberry

from civic import i18n
from civic.acts.core import every_act
from civic.errors import N_, InvalidInput
from civic.ledger import proofs, published, sequencer
from civic.models import LedgerEntry as EntryRow
from civic.models import Party as PartyRow
from civic.rules import merkle
from civic.schema.core.connections import Connection, page_of
from civic.schema.core.ids import decode_int
from civic.schema.parties import PUBLIC, Info, Party


@strawberry.type(description="One act on the record.")
class LedgerEntry:
    seq: int = strawberry.field(description="Its number, from 0.")
    act: str
    title: str = strawberry.field(description="What was done, in the reader's language.")
    time: str = strawberry.field(
        description="As recorded, in UTC. Of votes only the day is on record, so that time cannot rejoin them and people."
    )
    actor: str | None = strawberry.field(
        description="Pseudonym of who acted; null: the platform, or a secret vote."
    )
    party: Party | None = strawberry.field(description="The party that was acted for.")
    kind: str = strawberry.field(description="What kind of thing it was about.")
    subject: str = strawberry.field(description="Bare key of that thing.")
    payload: str = strawberry.field(description="The canonical JSON that the tree hashes.")
    leaf_hash: str = strawberry.field(
        description="Hex of SHA-256 over a zero byte and the payload (RFC 9162)."
    )

    @classmethod
    async def of_many(cls, rows: list[EntryRow], language: str) -> list[LedgerEntry]:
        """All of them; one more query for the parties."""
        wanted = {row.party_id for row in rows if row.party_id is not None}
        parties = await PartyRow.filter(PUBLIC, id__in=wanted).select_related("area") if wanted else []
        known = {party.id: Party.of(party) for party in parties}
        return [cls.of(row, known.get(row.party_id or 0), language) for row in rows]

    @classmethod
    def of(cls, row: EntryRow, party: Party | None, language: str) -> LedgerEntry:
        content: dict[str, Any] = orjson.loads(row.payload)
        declared = every_act().get(row.act)
        return cls(
            seq=row.seq or 0, act=row.act, title=i18n.translate(declared.title, language) if declared else row.act,
            time=content["time"], actor=content["actor"], party=party, kind=row.kind, subject=row.subject_id,
            payload=row.payload, leaf_hash=merkle.leaf_hash(row.payload.encode()).hex(),
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
    root: str = strawberry.field(description="Hex.")
    note: str = strawberry.field(
        description="The signed note (C2SP tlog-checkpoint). Keep it: `civic verify --since`."
    )

    @strawberry.field(description="The public key that verifies it, as notes' tools write it.")
    def key(self) -> str:
        return published.verifier()


@strawberry.type(description="A kind of act.")
class ActKind:
    name: str
    title: str = strawberry.field(description="What is done, in the reader's language.")


@strawberry.type
class Query:
    @strawberry.field(description="The newest checkpoint; null before the first act.")
    async def checkpoint(self) -> Checkpoint | None:
        newest = await sequencer.checkpoint()
        return Checkpoint(size=newest.size, root=newest.root, note=newest.note) if newest else None

    @strawberry.field(description="Every kind of act that there is, by name.")
    async def acts(self, info: Info) -> list[ActKind]:
        return [
            ActKind(name=name, title=i18n.translate(d.title, info.context.language))
            for name, d in sorted(every_act().items())
        ]

    @strawberry.field(
        description="The hashes (hex) that prove that the tree of `from` entries became that of `to` entries, or of the "
        "newest checkpoint."
    )
    async def consistency_proof(
        self, from_: Annotated[int, strawberry.argument(name="from")], to: int | None = None
    ) -> list[str]:
        size = await sequencer.size() if to is None else to
        try:
            if size > await sequencer.size():
                raise merkle.ProofError
            return [h.hex() for h in await proofs.consistency(from_, size)]
        except merkle.ProofError:
            raise InvalidInput(
                N_("There is no proof between these sizes: give 1 to the number of entries, the smaller first."),
                field="from", reason="sizes",
            ) from None  # fmt: skip

    @strawberry.field(
        description="Sealed entries, the newest first. `subject` is a bare key and goes with `kind`; `day` is in UTC."
    )
    async def ledger(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        act: str | None = None,
        kind: str | None = None,
        subject: str | None = None,
        party: strawberry.ID | None = None,
        day: date | None = None,
    ) -> Connection[LedgerEntry]:
        chosen: dict[str, Any] = {"act": act, "kind": kind, "subject_id": subject}
        if party:
            chosen["party_id"] = decode_int(party, "Party", field="party")
        if day:
            chosen["day"] = day.isoformat()
        query = EntryRow.filter(seq__isnull=False, **{k: v for k, v in chosen.items() if v})
        found = await page_of(first, after, last, before).rows(query, [("seq", "desc")])
        nodes = {node.seq: node for node in await LedgerEntry.of_many(found.rows, info.context.language)}
        return found.connection(node=lambda row: nodes[row.seq], total=query.count)

    @strawberry.field(description="One sealed entry.")
    async def ledger_entry(self, info: Info, seq: int) -> LedgerEntry | None:
        row = await EntryRow.get_or_none(seq=seq) if seq >= 0 else None
        return (await LedgerEntry.of_many([row], info.context.language))[0] if row else None
