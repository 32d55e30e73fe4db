"""Editions: drafted, changed, announced, cancelled, held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_bytes
from urllib.parse import urlsplit

from civic import clock
from civic.acts import notifications, search
from civic.acts.core import Actor, Record, act, act_on, note
from civic.acts.open_days.hosts import hold_alone, host, may_host, place_of_host
from civic.acts.permissions import system, the_person
from civic.acts.proposals import area_of
from civic.errors import N_, InvalidInput, InvalidState
from civic.models import OpenDay, OpenDayHost, OpenDaySlot, Party, Registration, Scenario
from civic.rules import lifecycles, open_days
from civic.rules.open_days import Slot
from civic.rules.text import multiline, one_line

TITLE, ABOUT, PLACE, ACCESS, REASON = 120, 5000, 200, 500, 500


@dataclass(frozen=True, slots=True)
class Words:
    """What an edition says of itself. Latitude and longitude are in millionths of a degree."""

    title: str
    place: str
    about: str = ""
    access: str = ""
    online_url: str = ""
    latitude: int | None = None
    longitude: int | None = None

    def cleaned(self) -> dict[str, object]:
        """Columns. Raises InvalidInput."""
        return {
            "title": one_line(self.title, field="title", limit=TITLE),
            "place": one_line(self.place, field="place", limit=PLACE),
            "about": multiline(self.about, field="about", limit=ABOUT, least=0),
            "access": one_line(self.access, field="access", limit=ACCESS, least=0),
            "online_url": _address(self.online_url),
            **_point(self.latitude, self.longitude),
        }


def _address(text: str) -> str:
    text = one_line(text, field="online_url", limit=300, least=0)
    if text and (urlsplit(text).scheme not in ("http", "https") or not urlsplit(text).hostname):
        raise InvalidInput(
            N_("Give an address that begins with https://."), field="online_url", reason="address"
        )
    return text


def _point(latitude: int | None, longitude: int | None) -> dict[str, object]:
    if (latitude is None) != (longitude is None) or (
        latitude is not None
        and longitude is not None
        and not (abs(latitude) <= 90_000_000 and abs(longitude) <= 180_000_000)
    ):
        raise InvalidInput(
            N_("A map point is a latitude and a longitude in degrees."), field="latitude", reason="point"
        )
    return {"latitude": latitude, "longitude": longitude}


@act("open_day.create", may=may_host)
async def create(
    actor: Actor,
    *,
    words: Words,
    area: str,
    slots: Sequence[Slot],
    opens_at: datetime,
    closes_at: datetime,
    scenario: int | None = None,
    co_hosts: Sequence[int] = (),
) -> OpenDay:
    """Draft an open day with its time slots."""
    place = await area_of(area)
    party = await place_of_host(actor, place)
    if scenario is not None and not await Scenario.filter(id=scenario).exists():
        raise InvalidInput(N_("There is no such scenario."), field="scenario", reason="unknown_scenario")
    day = await draft(
        OpenDay(
            **words.cleaned(), area=place, host=party, author=the_person(actor), scenario_id=scenario,
            opens_at=opens_at, closes_at=closes_at,
        ),
        slots,
    )  # fmt: skip
    for key in dict.fromkeys(co_hosts):
        if key == party.id or not await Party.filter(id=key, state="active").exists():
            raise InvalidInput(N_("A co-host is another active party."), field="co_hosts", reason="co_host")
        await OpenDayHost.create(open_day=day, party_id=key)
    note(Record("open_day", day.id, {"state": "draft"}))
    return day


async def draft(day: OpenDay, slots: Sequence[Slot]) -> OpenDay:
    """Save a new edition with its slots. A step of acts."""
    begin, end = open_days.check_slots(slots)
    if begin <= clock.now():
        raise InvalidInput(N_("An open day lies in the future."), field="slots", reason="past")
    open_days.check_window(day.opens_at, day.closes_at, end)
    day.starts_at, day.ends_at = begin, end
    day.salt, day.created_at = token_bytes(16), clock.now()
    await day.save()
    for position, slot in enumerate(slots, 1):
        await OpenDaySlot.create(
            open_day=day, position=position, starts_at=slot.starts_at, ends_at=slot.ends_at,
            capacity=slot.capacity,
        )  # fmt: skip
    return day


@act_on(OpenDay, "open_day.edit", may=host)
async def edit(actor: Actor, day: OpenDay, *, words: Words, closes_at: datetime | None = None) -> OpenDay:
    """Change the words of an open day, or when registration closes; those registered are told."""
    day.state = lifecycles.move("open_day", day.state, "edit")
    day.update_from_dict(words.cleaned())
    if closes_at is not None:
        open_days.check_window(day.opens_at, closes_at, day.ends_at)
        day.closes_at = closes_at
    day.revision += 1
    await day.save()
    if day.state == "announced":
        await findable(day)
        await tell(day, "open_day.changed")
    note(Record("open_day", day.id, {"revision": day.revision}))
    return day


@act_on(OpenDay, "open_day.announce", may=host)
async def announce(actor: Actor, day: OpenDay) -> OpenDay:
    """Announce an open day: registration opens at its time."""
    if day.starts_at <= clock.now():
        raise InvalidState(N_("This day has begun already; it cannot be announced any more."), reason="past")
    day.state = lifecycles.move("open_day", day.state, "announce")
    await day.save()
    await findable(day)
    slots = await OpenDaySlot.filter(open_day_id=day.id).order_by("position")
    held = [
        {"from": s.starts_at.isoformat(), "until": s.ends_at.isoformat(), "capacity": s.capacity}
        for s in slots
    ]
    note(Record("open_day", day.id, {"state": day.state, "slots": held}))
    return day


@act_on(OpenDay, "open_day.set_capacity", may=host, first=hold_alone)
async def set_capacity(actor: Actor, day: OpenDay, *, position: int, capacity: int) -> OpenDay:
    """Change how many people a slot holds; never fewer than have a place."""
    from civic.acts.open_days.places import move_up

    lifecycles.move("open_day", day.state, "edit")
    slot = await OpenDaySlot.select_for_update().get_or_none(open_day_id=day.id, position=position)
    if slot is None:
        raise InvalidInput(N_("There is no such slot."), field="position", reason="unknown_slot")
    if not max(1, slot.taken) <= capacity <= open_days.MOST_CAPACITY:
        raise InvalidInput(
            N_("%(taken)s places are taken already; choose at least as many."),
            field="capacity", reason="capacity", taken=slot.taken,
        )  # fmt: skip
    slot.capacity = capacity
    payload = {"slot": position, "capacity": capacity}
    if day.state == "announced":
        slot.turns += 1
        payload["turn"] = slot.turns
    await slot.save()
    note(Record("open_day", day.id, payload))
    await move_up(slot)
    return day


@act_on(OpenDay, "open_day.cancel", may=host, first=hold_alone)
async def cancel(actor: Actor, day: OpenDay, *, reason: str) -> OpenDay:
    """Cancel an open day, with a public reason; everybody registered is told. A draft is discarded in silence."""
    day.state = lifecycles.move("open_day", day.state, "cancel")
    day.cancel_reason = one_line(reason, field="reason", limit=REASON)
    day.revision += 1
    await tell(day, "open_day.cancelled", detail=day.cancel_reason)
    await Registration.filter(open_day_id=day.id, state__in=("confirmed", "waitlisted")).update(
        state="cancelled", current=None
    )
    await OpenDaySlot.filter(open_day_id=day.id).update(taken=0, waiting=0)
    day.registered = day.waiting = 0
    await day.save()
    note(Record("open_day", day.id, {"state": day.state}))
    return day


@act_on(OpenDay, "open_day.hold", may=system)
async def hold(actor: Actor, day: OpenDay) -> OpenDay:
    """The day is over: it was held. Late check-ins from the printed list go on until the report."""
    day.state = lifecycles.move("open_day", day.state, "hold")
    await day.save()
    note(Record("open_day", day.id, {"state": day.state}))
    return day


async def findable(day: OpenDay) -> None:
    """Let its words be found in the list."""
    await search.index("open_day", day.id, day.title, day.about, day.place)


async def tell(day: OpenDay, kind: str, detail: str = "") -> None:
    """Tell everybody who is registered."""
    rows = await Registration.filter(
        open_day_id=day.id, person_id__isnull=False, state__in=("confirmed", "waitlisted")
    ).only("id", "person_id")
    people = [row.person_id for row in rows]
    await notifications.tell(
        people, kind, subject="open_day", subject_id=day.id, title=day.title, detail=detail
    )
