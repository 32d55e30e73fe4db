"""What a series of open days looks like."""

from __future__ import annotations

from datetime import date

import strawberry

from civic import clock
from civic.models import OpenDaySeries as SeriesRow
from civic.rules.recurrence import dates
from civic.schema.areas import Area
from civic.schema.core.ids import encode
from civic.schema.parties import Party

SHOWN_DATES = 12


@strawberry.type(description="A time slot of every edition of a series.")
class SeriesSlot:
    at: str = strawberry.field(description="When it begins, as 14:30, in the platform's zone.")
    minutes: int
    capacity: int


@strawberry.type(description="Open days that recur.")
class OpenDaySeries:
    id: strawberry.ID
    title: str
    about: str = strawberry.field(description="Markdown.")
    place: str
    access: str
    rule: str = strawberry.field(description="RFC 5545 RRULE.")
    first_on: date
    announce_days: int = strawberry.field(description="So many days before each day registration opens.")
    state: str = strawberry.field(description="active or ended.")
    host: Party
    area: Area
    slots: list[SeriesSlot]

    @classmethod
    def of(cls, row: SeriesRow) -> OpenDaySeries:
        return cls(
            id=encode("OpenDaySeries", row.id), title=row.title, about=row.about, place=row.place, access=row.access,
            rule=row.rule, first_on=row.first_on, announce_days=row.announce_days, state=row.state,
            host=Party.of(row.host), area=Area.of(row.area), slots=[_slot(**slot) for slot in row.slots],
        )  # fmt: skip

    @strawberry.field(description="The next dates that the rule makes; none when the series has ended.")
    def next_dates(self) -> list[date]:
        today = clock.today()
        coming = [day for day in dates(self.rule, self.first_on) if day >= today]
        return coming[:SHOWN_DATES] if self.state == "active" else []


def _slot(at: int, minutes: int, capacity: int) -> SeriesSlot:
    return SeriesSlot(at=f"{at // 60:02}:{at % 60:02}", minutes=minutes, capacity=capacity)
