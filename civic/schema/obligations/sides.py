"""Who holds something or to whom it is owed: a party, or a bloc within an area, under one kind of id."""

from __future__ import annotations

import strawberry
from tortoise.expressions import Q, Subquery

from civic.errors import N_, NotFound
from civic.models import Area as AreaRow
from civic.models import AreaWithin
from civic.models import Party as PartyRow
from civic.rules import charters as rules
from civic.schema.core.ids import decode, decode_int, encode, split


@strawberry.type(
    description="A party, or a bloc within an area: who holds a clause, or to whom something is owed."
)
class Side:
    id: strawberry.ID = strawberry.field(description="Of a party; or `Bloc`, which names bloc and area.")
    name: str = strawberry.field(description="Of the party; of the area where it is a bloc.")
    kind: str = strawberry.field(
        description="The bloc: government, enterprise, association, residents, institution."
    )
    is_bloc: bool = strawberry.field(description="Whether it is all of a bloc within an area.")

    @classmethod
    def of_party(cls, row: PartyRow) -> Side:
        return cls(id=encode("Party", row.id), name=row.name, kind=row.kind, is_bloc=False)

    @classmethod
    def of_bloc(cls, bloc: str, code: str, name: str) -> Side:
        return cls(id=encode("Bloc", f"{bloc}:{code}"), name=name, kind=bloc, is_bloc=True)

    @classmethod
    def of(cls, party: PartyRow | None, bloc: str, area: AreaRow | None) -> Side | None:
        if party is not None:
            return cls.of_party(party)
        return cls.of_bloc(bloc, area.code, area.name) if area is not None else None

    @classmethod
    def plain(cls, side: rules.Side, kinds: dict[int, str]) -> Side:
        """Of a clause's side. kinds: the blocs of the parties by their number."""
        if side.party:
            kind = kinds.get(side.party, "institution")
            return cls(id=encode("Party", side.party), name=side.name, kind=kind, is_bloc=False)
        return cls.of_bloc(side.bloc, side.area, side.name)


def side_of(global_id: str, field: str) -> rules.Side:
    """The side that an id names; whether it exists is for the act to say. Raises NotFound."""
    if split(global_id)[0] == "Party":
        return rules.Side(decode_int(global_id, "Party", field=field))
    bloc, _, area = decode(global_id, "Bloc", field=field).partition(":")
    if not (bloc and area):
        raise NotFound(N_("There is nothing with this id."), reason="unknown_id", field=field)
    return rules.Side(0, bloc, area)


MOST_CHOICES = 300


async def choices(area: AreaRow, q: str = "") -> list[Side]:
    """Who may be named where something concerns an area: active parties in and around it, and blocs within it."""
    around = await AreaWithin.filter(descendant_id=area.id).values_list("ancestor_id", flat=True)
    inside = AreaWithin.filter(ancestor_id=area.id)
    rows = PartyRow.filter(
        Q(area_id__in=list(around)) | Q(area_id__in=Subquery(inside.values("descendant_id"))), state="active"
    )
    if q.strip():
        rows = rows.filter(name__icontains=q.strip())
    found = [Side.of_party(row) for row in await rows.order_by("kind", "name").limit(MOST_CHOICES)]
    return found + [Side.of_bloc(bloc, area.code, area.name) for bloc in rules.BLOCS]
