"""A charter, as the API shows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import strawberry
from tortoise.functions import Count

from civic import clock, i18n
from civic.acts import charters
from civic.acts.charters import who
from civic.acts.memberships import current
from civic.errors import fill
from civic.models import Charter as CharterRow
from civic.models import CharterVersion as VersionRow
from civic.models import Clause as ClauseRow
from civic.models import ClauseChange as ChangeRow
from civic.models import LedgerEntry as EntryRow
from civic.models import Membership, Obligation
from civic.models import Party as PartyRow
from civic.models import Signature as SignatureRow
from civic.rules import charters as rules
from civic.schema.areas import Area
from civic.schema.charters.clauses import Clause, ClauseDifference, differences
from civic.schema.charters.parts import (
    CharterLink,
    CharterParty,
    CharterProgress,
    CharterSubject,
    CharterVersion,
    ClauseChange,
    Finding,
    Signature,
    TakingPart,
    signature_of,
    subject_of,
)
from civic.schema.charters.resolutions import CharterSource, source_of
from civic.schema.core.ids import Node, encode
from civic.schema.ledger import LedgerEntry
from civic.schema.obligations.sides import Side, choices
from civic.schema.parties import Info, Party


@strawberry.type(description="Who has which right, duty and interest (权责利清单).")
class Charter(Node):
    id: strawberry.ID
    title: str
    purpose: str = strawberry.field(description="Markdown.")
    state: str = strawberry.field(description="draft, negotiation, signing, in_force, superseded or ended.")
    language: str
    area: Area
    convener: Party
    version: int = strawberry.field(description="Number of the newest text; 0 before negotiation.")
    text_hash: str
    created_at: datetime
    opened_at: datetime | None
    signing_at: datetime | None
    in_force_at: datetime | None
    over_at: datetime | None
    over_reason: str
    progress: CharterProgress
    row: strawberry.Private[CharterRow]

    @classmethod
    async def of_many(cls, rows: list[CharterRow]) -> list[Charter]:
        """All of them (area and convener fetched), with their progress: one query more."""
        counts: dict[int, dict[str, int]] = {}
        if rows:
            grouped = Obligation.filter(charter_id__in=[row.id for row in rows]).annotate(number=Count("id"))
            for charter, state, number in await grouped.group_by("charter_id", "state").values_list(
                "charter_id", "state", "number"
            ):
                counts.setdefault(charter, {})[state] = number
        return [cls._of(row, counts.get(row.id, {})) for row in rows]

    @classmethod
    def _of(cls, row: CharterRow, counts: dict[str, int]) -> Charter:
        progress = CharterProgress(
            due=sum(counts.values()) - counts.get("waived", 0), kept=counts.get("confirmed", 0),
            overdue=counts.get("overdue", 0), broken=counts.get("broken", 0),
        )  # fmt: skip
        return cls(
            id=encode("Charter", row.id), title=row.title, purpose=row.purpose, state=row.state,
            language=row.language, area=Area.of(row.area), convener=Party.of(row.convener), version=row.version,
            text_hash=row.text_hash, created_at=row.created_at, opened_at=row.opened_at,
            signing_at=row.signing_at, in_force_at=row.in_force_at, over_at=row.over_at,
            over_reason=row.over_reason, progress=progress, row=row,
        )  # fmt: skip

    async def _clauses(self, info: Info) -> list[tuple[ClauseRow, rules.Clause]]:
        found: list[tuple[ClauseRow, rules.Clause]] = await info.context.once(
            ("clauses", self.row.id), lambda: charters.read_rows(self.row.id)
        )
        return found

    async def _values(self, info: Info) -> list[rules.Clause]:
        return [value for _, value in await self._clauses(info)]

    async def _kinds(self, info: Info, *more: list[rules.Clause]) -> dict[int, str]:
        """The blocs of all parties that are named, by their number."""
        every = [*(await self._values(info)), *(clause for clauses in more for clause in clauses)]
        keys = {
            s.party for c in every for s in (c.holder, c.counterpart, c.due.declarer if c.due else None) if s
        }
        keys.discard(0)

        async def load() -> dict[int, str]:
            rows = await PartyRow.filter(id__in=sorted(keys)).values_list("id", "kind")
            return {int(key): str(kind) for key, kind in rows}

        kinds: dict[int, str] = await info.context.once(("kinds", *sorted(keys)), load)
        return kinds

    async def _signatures(self, info: Info) -> list[SignatureRow]:
        rows = (
            SignatureRow.filter(version__charter_id=self.row.id)
            .select_related("party", "version")
            .order_by("id")
        )
        found: list[SignatureRow] = await info.context.once(("signatures", self.row.id), lambda: _list(rows))
        return found

    async def _of_version(self, number: int) -> list[rules.Clause]:
        row = await VersionRow.get_or_none(charter_id=self.row.id, number=number)
        return rules.clauses_of(row.text) if row else []

    @strawberry.field(
        description="What it belongs to: a scenario or a joint meeting; from a resolution, those of its meeting."
    )
    async def subject(self) -> CharterSubject | None:
        return await subject_of(self.row)

    @strawberry.field(description="The resolution that it was drafted from.")
    async def resolution(self) -> CharterSource | None:
        return await source_of(self.row)

    @strawberry.field(description="The charter that this one replaces, or replaced.")
    async def supersedes(self) -> CharterLink | None:
        if self.row.supersedes_id is None:
            return None
        return CharterLink.of(await CharterRow.get(id=self.row.supersedes_id))

    @strawberry.field(description="The charter that took its place.")
    async def superseded_by(self) -> CharterLink | None:
        row = await CharterRow.filter(supersedes_id=self.row.id, in_force_at__isnull=False).first()
        return CharterLink.of(row) if row else None

    @strawberry.field(description="The clauses as they stand now.")
    async def clauses(self, info: Info) -> list[Clause]:
        kinds, every = await self._kinds(info), await self._values(info)
        return [
            Clause.of(value, kinds, every, encode("Clause", row.id))
            for row, value in await self._clauses(info)
        ]

    @strawberry.field(description="All sides that are named, parties first, with what they hold.")
    async def parties(self, info: Info) -> list[CharterParty]:
        every, kinds = await self._values(info), await self._kinds(info)
        signed = {s.party_id: s for s in await self._signatures(info) if s.version.number == self.row.version}
        sides = dict.fromkeys(s for c in every for s in (c.holder, c.counterpart) if s)
        found = []
        for side in sorted(sides, key=lambda s: (not s.party,)):
            held = [c.kind for c in every if c.holder == side]
            row = signed.get(side.party)
            found.append(
                CharterParty(
                    party=Side.plain(side, kinds), rights=held.count("right"), duties=held.count("duty"),
                    interests=held.count("interest"), signs=bool(side.party),
                    signature=signature_of(row) if row else None,
                )
            )  # fmt: skip
        return found

    @strawberry.field(description="Every version since negotiation opened, the newest first.")
    async def versions(self, info: Info) -> list[CharterVersion]:
        rows = await VersionRow.filter(charter_id=self.row.id).select_related("by").order_by("-number")
        signed: dict[int, list[Signature]] = {}
        for signature in await self._signatures(info):
            signed.setdefault(signature.version.number, []).append(signature_of(signature))
        return [
            CharterVersion(
                number=row.number, hash=row.hash, text=row.text, reason=row.reason,
                by=Party.of(row.by) if row.by else None, at=row.at, signatures=signed.get(row.number, []),
            )
            for row in rows
        ]  # fmt: skip

    @strawberry.field(
        description="Two versions compared, clause by clause; by default the newest with the one before."
    )
    async def comparison(
        self, info: Info, old: int | None = None, new: int | None = None
    ) -> list[ClauseDifference]:
        newer = new if new is not None else self.row.version
        after = await self._of_version(newer)
        before = await self._of_version(old if old is not None else newer - 1)
        return differences(before, after, await self._kinds(info, before, after))

    @strawberry.field(description="Proposed changes of clauses, open ones first, then the newest.")
    async def changes(self, info: Info) -> list[ClauseChange]:
        rows = (
            await ChangeRow.filter(charter_id=self.row.id)
            .select_related("by", "decided_by")
            .order_by("-id")
            .limit(300)
        )
        pairs = {row.number: (row, value) for row, value in await self._clauses(info)}
        proposed = [rules.from_plain(row.content) for row in rows if row.content and row.state == "open"]
        kinds = await self._kinds(info, proposed)
        mine = await self._mine(info)
        found = []
        for row in sorted(rows, key=lambda r: (r.state != "open", -r.id)):
            found.append(await self._change(row, pairs, kinds, mine))
        return found

    async def _change(
        self,
        row: ChangeRow,
        pairs: dict[int, tuple[ClauseRow, rules.Clause]],
        kinds: dict[int, str],
        mine: dict[int, tuple[PartyRow, set[str]]],
    ) -> ClauseChange:
        now = pairs.get(row.number) if row.number is not None else None
        difference, decide, withdraw = None, None, None
        if row.state == "open":
            number = row.number or self.row.clauses_made + 1
            new = [replace(rules.from_plain(row.content), number=number)] if row.content else []
            found = differences([now[1]] if now else [], new, kinds)
            difference = found[0] if found else None
            decide = await self._decider(row, mine)
            withdraw = mine.get(row.by_id)
        return ClauseChange(
            id=encode("ClauseChange", row.id), number=row.number, op=row.op, state=row.state, reason=row.reason,
            by=Party.of(row.by), at=row.at, decided_by=Party.of(row.decided_by) if row.decided_by else None,
            decided_at=row.decided_at, answer=row.answer,
            stale=row.op != "add" and (now is None or now[0].revision != row.revision), difference=difference,
            decide_as=decide, withdraw_as=Party.of(withdraw[0]) if withdraw and _speaks(withdraw[1]) else None,
        )  # fmt: skip

    async def _decider(self, row: ChangeRow, mine: dict[int, tuple[PartyRow, set[str]]]) -> Party | None:
        if row.by_id != self.row.convener_id:
            may = {self.row.convener_id}
        else:
            may = await who.concerned_by(row) or set(await charters.named(self.row.id)) - {row.by_id}
        return next((Party.of(p) for key, (p, roles) in mine.items() if key in may and _speaks(roles)), None)

    async def _mine(self, info: Info) -> dict[int, tuple[PartyRow, set[str]]]:
        """The active parties of the viewer, with the viewer's roles."""
        viewer = info.context.viewer
        if viewer is None:
            return {}

        async def load() -> dict[int, tuple[PartyRow, set[str]]]:
            rows = Membership.filter(current(clock.today()), person_id=viewer.id, party__state="active")
            found: dict[int, tuple[PartyRow, set[str]]] = {}
            for row in await rows.select_related("party").order_by("id"):
                found.setdefault(row.party_id, (row.party, set()))[1].add(row.role)
            return found

        mine: dict[int, tuple[PartyRow, set[str]]] = await info.context.once(("my parties",), load)
        return mine

    @strawberry.field(description="The viewer's parties that take part: what they may do is by their roles.")
    async def taking_part(self, info: Info) -> list[TakingPart]:
        named = {s.party for c in await self._values(info) for s in (c.holder, c.counterpart) if s}
        signed = {s.party_id for s in await self._signatures(info) if s.version.number == self.row.version}
        return [
            TakingPart(
                party=Party.of(party), roles=sorted(roles), convener=key == self.row.convener_id,
                named=key in named, signed=key in signed,
            )
            for key, (party, roles) in (await self._mine(info)).items()
            if key == self.row.convener_id or key in named
        ]  # fmt: skip

    @strawberry.field(description="Who may be named in it: active parties of its area, and blocs within it.")
    async def sides(self) -> list[Side]:
        return await choices(self.row.area)

    @strawberry.field(description="Its newest sealed entries in the public ledger; at most thirty.")
    async def entries(self, info: Info) -> list[LedgerEntry]:
        rows = EntryRow.filter(kind="charter", subject_id=str(self.row.id), seq__isnull=False)
        return await LedgerEntry.of_many(await rows.order_by("-seq").limit(30), info.context.language)

    @strawberry.field(
        description="What keeps it from being signed, clause by clause; empty when it is complete."
    )
    async def findings(self, info: Info) -> list[Finding]:
        kinds = await self._kinds(info)
        return [
            Finding(
                code=f.code, clause=f.clause or None, party=Side.plain(f.party, kinds) if f.party else None,
                message=fill(i18n.gettext(f.message, info.context.language), f.details),
            )
            for f in rules.findings(await self._values(info), clock.today())
        ]  # fmt: skip


async def _list(rows: object) -> list[SignatureRow]:
    found: list[SignatureRow] = await rows  # type: ignore[misc]
    return found


def _speaks(roles: set[str]) -> bool:
    return bool(roles & {"manager", "delegate"})
