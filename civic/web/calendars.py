"""Open days as calendars (iCalendar, RFC 5545): one edition, or a feed to subscribe to."""

from __future__ import annotations

from datetime import timedelta

from icalendar import Calendar, Event, vGeo, vRecur
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from civic import clock
from civic.models import OpenDay, OpenDaySeries, OpenDaySlot
from civic.rules import open_days
from civic.rules.open_days import PUBLIC, Pattern
from civic.rules.recurrence import dates
from civic.schema.open_days.types import UNITS
from civic.settings import settings

SINCE = timedelta(days=60)
MOST = 500


def event(day: OpenDay, slot: OpenDaySlot, host: str, slots: int) -> Event:
    """One slot of an edition. Times carry the platform's zone, so that calendars show its clock."""
    made, zone = Event(), settings().zone
    address = f"{settings().origin}/open-days/{day.id}"
    made.add("uid", f"open-day-{day.id}-{slot.position}@{host_name()}")
    made.add("dtstamp", day.created_at)
    made.add("sequence", day.revision)
    made.add("dtstart", slot.starts_at.astimezone(zone))
    made.add("dtend", slot.ends_at.astimezone(zone))
    made.add("summary", day.title if slots == 1 else f"{day.title} ({slot.position}/{slots})")
    made.add("location", day.place)
    made.add("description", "\n\n".join(part for part in (host, day.about, day.access, address) if part))
    made.add("url", address)
    made.add("status", "CANCELLED" if day.state == "cancelled" else "CONFIRMED")
    if day.latitude is not None and day.longitude is not None:
        made.add("geo", vGeo((day.latitude / UNITS, day.longitude / UNITS)))
    return made


def host_name() -> str:
    return settings().origin.partition("://")[2].partition(":")[0]


def empty(name: str) -> Calendar:
    """A calendar without entries."""
    made = Calendar()
    made.add("prodid", "-//Civic//Open days//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("x-wr-calname", name)
    return made


async def calendar(days: list[OpenDay], name: str) -> bytes:
    """The calendar of these editions (hosts fetched), with the definition of its time zone."""
    made = empty(name)
    slots: dict[int, list[OpenDaySlot]] = {}
    for slot in await OpenDaySlot.filter(open_day_id__in=[d.id for d in days]).order_by("position"):
        slots.setdefault(slot.open_day_id, []).append(slot)
    for day in days:
        for slot in slots.get(day.id, []):
            made.add_component(event(day, slot, day.host.name, len(slots[day.id])))
    made.add_missing_timezones()
    return bytes(made.to_ical())


def answer(content: bytes, name: str) -> Response:
    headers = {
        "Content-Disposition": f'inline; filename="{name}"',
        "Cache-Control": "public, max-age=900",
    }
    return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)


async def one(request: Request) -> Response:
    """``/open-days/12.ics``"""
    day = await OpenDay.get_or_none(id=request.path_params["id"], state__in=PUBLIC).select_related("host")
    if day is None:
        return PlainTextResponse("There is no such open day.\n", 404)
    return answer(await calendar([day], day.title), f"open-day-{day.id}.ics")


async def feed(request: Request) -> Response:
    """``/open-days.ics?area=310104``: what is to come, and the last two months."""
    rows = OpenDay.filter(state__in=PUBLIC, ends_at__gte=clock.now() - SINCE)
    area = request.query_params.get("area", "")
    if area:
        rows = rows.filter(area__around__ancestor__code=area)
    days = await rows.select_related("host").order_by("starts_at").limit(MOST)
    return answer(await calendar(days, settings().name), "open-days.ics")


async def recurring(request: Request) -> Response:
    """``/open-days/series/3.ics``: the rule itself, for calendars that expand it."""
    plan = await OpenDaySeries.get_or_none(id=request.path_params["id"]).select_related("host")
    if plan is None:
        return PlainTextResponse("There is no such series.\n", 404)
    made, zone = empty(plan.title), settings().zone
    # A calendar counts its first date even where the rule does not; so it begins with the rule's first.
    begins = dates(plan.rule, plan.first_on)[0]
    for number, slot in enumerate(open_days.slots_on(begins, [Pattern(**p) for p in plan.slots], zone), 1):
        entry = Event()
        entry.add("uid", f"open-day-series-{plan.id}-{number}@{host_name()}")
        entry.add("dtstamp", plan.created_at)
        entry.add("dtstart", slot.starts_at)
        entry.add("dtend", slot.ends_at)
        entry.add("rrule", vRecur.from_ical(plan.rule))
        entry.add("summary", plan.title)
        entry.add("location", plan.place)
        entry.add(
            "description", "\n\n".join(part for part in (plan.host.name, plan.about, plan.access) if part)
        )
        made.add_component(entry)
    made.add_missing_timezones()
    return answer(made.to_ical(), f"open-days-{plan.id}.ics")


routes = [
    Route("/open-days/series/{id:int}.ics", recurring),
    Route("/open-days/{id:int}.ics", one),
    Route("/open-days.ics", feed),
]
