"""Lists of open days, and what a rule would make."""

from __future__ import annotations

from datetime import date

import strawberry

from civic import clock
from civic.models import OpenDay as OpenDayRow
from civic.models import OpenDaySeries as SeriesRow
from civic.models import OpenDaySlot as SlotRow
from civic.models import Registration
from civic.rules.open_days import PUBLIC
from civic.rules.recurrence import dates
from civic.schema.core.connections import Connection, page_of
from civic.schema.core.ids import decode_int
from civic.schema.core.lookahead import selection
from civic.schema.open_days.places import OpenDayRegistration
from civic.schema.open_days.series import SHOWN_DATES, OpenDaySeries
from civic.schema.open_days.types import Info, OpenDay, one
from civic.schema.search import matching


@strawberry.type(description="The viewer's places at an open day.")
class MyPlaces:
    open_day: OpenDay
    registration: OpenDayRegistration


@strawberry.type
class Query:
    @strawberry.field(description="One open day; drafts only for their host.")
    async def open_day(self, info: Info, id: strawberry.ID) -> OpenDay | None:
        return await one(info, decode_int(id, "OpenDay"))

    @strawberry.field(
        description="Open days: those to come by date; `past` those that were, or with null all, the newest first."
    )
    async def open_days(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        past: bool | None = False,
        area: str | None = None,
        host: strawberry.ID | None = None,
        series: strawberry.ID | None = None,
        q: str | None = None,
    ) -> Connection[OpenDay]:
        rows = OpenDayRow.filter(state__in=PUBLIC)
        now = clock.now()
        if past is not None:
            rows = rows.filter(ends_at__lt=now) if past else rows.filter(ends_at__gte=now)
        if area:
            rows = rows.filter(area__around__ancestor__code=area)
        if q and q.strip():
            rows = rows.filter(id__in=await matching("open_day", q))
        if host:
            rows = rows.filter(host_id=decode_int(host, "Party", field="host"))
        if series:
            rows = rows.filter(series_id=decode_int(series, "OpenDaySeries", field="series"))
        page = page_of(first, after)
        order = (
            [("starts_at", "desc"), ("id", "desc")]
            if past is not False
            else [("starts_at", "asc"), ("id", "asc")]
        )
        found = await page.rows(rows.select_related("host", "area"), order)
        slots: dict[int, list[SlotRow]] = {row.id: [] for row in found.rows}
        if "slots" in selection(info).nodes and slots:
            for slot in await SlotRow.filter(open_day_id__in=list(slots)).order_by("position"):
                slots[slot.open_day_id].append(slot)

        def node(row: OpenDayRow) -> OpenDay:
            day = OpenDay.of(row)
            day.loaded = slots[row.id] or None
            return day

        return found.connection(node=node, total=rows.count)

    @strawberry.field(description="Drafts of the parties that the viewer may speak for.")
    async def open_day_drafts(self, info: Info) -> list[OpenDay]:
        person = info.context.signed_in()
        rows = OpenDayRow.filter(
            state="draft", host__memberships__person_id=person.id, host__memberships__role__in=("manager", "delegate")
        )  # fmt: skip
        found = await rows.distinct().select_related("host", "area").order_by("starts_at").limit(50)
        return [OpenDay.of(row) for row in found if await one(info, row.id)]

    @strawberry.field(description="Series of open days.")
    async def open_day_series(self, active: bool = True) -> list[OpenDaySeries]:
        rows = SeriesRow.filter(state="active") if active else SeriesRow.all()
        return [
            OpenDaySeries.of(row)
            for row in await rows.select_related("host", "area").order_by("-id").limit(100)
        ]

    @strawberry.field(description="One series of open days.")
    async def one_open_day_series(self, id: strawberry.ID) -> OpenDaySeries | None:
        row = await SeriesRow.get_or_none(id=decode_int(id, "OpenDaySeries")).select_related("host", "area")
        return OpenDaySeries.of(row) if row else None

    @strawberry.field(description="The first dates that a recurrence rule makes, before one commits to it.")
    async def recurrence_dates(self, rule: str, first_on: date) -> list[date]:
        return dates(rule, first_on)[:SHOWN_DATES]

    @strawberry.field(description="Where the viewer has places or waits, the next first.")
    async def my_places(self, info: Info) -> list[MyPlaces]:
        person = info.context.signed_in()
        rows = (
            Registration.filter(
                person_id=person.id,
                state__in=("confirmed", "waitlisted", "attended"),
                open_day__ends_at__gte=clock.now(),
            )
            .select_related("slot", "party", "open_day__host", "open_day__area")
            .order_by("open_day__starts_at")
        )
        return [
            MyPlaces(open_day=OpenDay.of(row.open_day), registration=OpenDayRegistration.of(row))
            for row in await rows.limit(50)
        ]
