"""What a slot and a registration look like."""

from __future__ import annotations

from datetime import datetime

import strawberry

from civic import clock
from civic.models import OpenDaySlot as SlotRow
from civic.models import Registration
from civic.rules import open_days as rules
from civic.schema.core.ids import encode
from civic.schema.parties import Party
from civic.settings import settings


@strawberry.type(description="A time within an open day. Numbers count people.")
class OpenDaySlot:
    id: strawberry.ID
    position: int
    starts_at: datetime
    ends_at: datetime
    capacity: int
    taken: int
    waiting: int
    free: int
    over: bool = strawberry.field(description="It has ended; nobody can register for it any more.")

    @classmethod
    def of(cls, row: SlotRow) -> OpenDaySlot:
        return cls(
            id=encode("OpenDaySlot", row.id), position=row.position, starts_at=row.starts_at, ends_at=row.ends_at,
            capacity=row.capacity, taken=row.taken, waiting=row.waiting, free=row.capacity - row.taken,
            over=row.ends_at <= clock.now(),
        )  # fmt: skip


@strawberry.type(description="Places taken by somebody; shown to them and to the hosts.")
class OpenDayRegistration:
    id: strawberry.ID
    name: str
    size: int = strawberry.field(description="People, companions included.")
    state: str = strawberry.field(description="confirmed, waitlisted, cancelled, attended, no_show.")
    code: str = strawberry.field(description="Of the ticket, in two groups of five signs.")
    at: datetime
    checked_in_at: datetime | None
    at_counter: bool
    party: Party | None
    slot: OpenDaySlot
    ahead: int | None = strawberry.field(description="Groups in front of it in the line.")
    day: strawberry.Private[int]

    @strawberry.field(
        description="The ticket as a QR code: an SVG drawing of the address that the door opens."
    )
    def qr(self) -> str:
        import segno

        address = f"{settings().origin}/open-days/{self.day}/door?code={self.code.replace('-', '')}"
        code = segno.make(address, error="m", micro=False)
        return code.svg_inline(
            omitsize=True, dark="#000", light="#fff", svgclass="qr", lineclass=None, border=4
        )

    @classmethod
    def of(cls, row: Registration, ahead: int | None = None) -> OpenDayRegistration:
        return cls(
            id=encode("OpenDayRegistration", row.id), name=row.name, size=row.size, state=row.state,
            code=rules.shown_code(row.code), at=row.at, checked_in_at=row.checked_in_at,
            at_counter=row.clerk_id is not None, party=Party.of(row.party) if row.party else None,
            slot=OpenDaySlot.of(row.slot), ahead=ahead, day=row.open_day_id,
        )  # fmt: skip
