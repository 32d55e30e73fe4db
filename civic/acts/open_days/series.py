"""Series: a rule that makes editions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, time, timedelta

from civic import clock
from civic.acts.core import Actor, Record, act, act_on, note
from civic.acts.open_days.editions import ABOUT, ACCESS, PLACE, TITLE, draft
from civic.acts.open_days.hosts import host, may_host, place_of_host
from civic.acts.permissions import system
from civic.acts.proposals import area_of
from civic.errors import N_, InvalidInput, InvalidState
from civic.models import OpenDay, OpenDaySeries
from civic.rules import open_days
from civic.rules.open_days import Pattern
from civic.rules.recurrence import dates
from civic.rules.text import multiline, one_line
from civic.settings import settings

AHEAD = timedelta(days=60)


@act("open_day.plan_series", may=may_host)
async def plan(
    actor: Actor,
    *,
    title: str,
    area: str,
    place: str,
    rule: str,
    first_on: date,
    slots: Sequence[Pattern],
    about: str = "",
    access: str = "",
    announce_days: int = 21,
) -> OpenDaySeries:
    """Plan open days that recur; each edition is made as a draft when its day comes near."""
    where = await area_of(area)
    party = await place_of_host(actor, where)
    open_days.check_patterns(slots)
    if first_on < clock.today():
        raise InvalidInput(N_("An open day lies in the future."), field="first_on", reason="past")
    if not 1 <= announce_days <= 180:
        raise InvalidInput(
            N_("Registration opens 1 to 180 days before the day."), field="announce_days", reason="range"
        )
    days = dates(rule, first_on, field="rule")
    series = await OpenDaySeries.create(
        host=party, area=where, title=one_line(title, field="title", limit=TITLE),
        about=multiline(about, field="about", limit=ABOUT, least=0), place=one_line(place, field="place", limit=PLACE),
        access=one_line(access, field="access", limit=ACCESS, least=0), rule=rule.strip().upper().removeprefix("RRULE:"),
        first_on=first_on, slots=[asdict(slot) for slot in slots], announce_days=announce_days, created_at=clock.now(),
    )  # fmt: skip
    note(Record("open_day_series", series.id, {"rule": series.rule, "dates": len(days)}))
    return series


@act_on(OpenDaySeries, "open_day.end_series", may=host)
async def end(actor: Actor, series: OpenDaySeries) -> OpenDaySeries:
    """End a series; editions that exist stay."""
    if series.state != "active":
        raise InvalidState(N_("This series has ended."), reason="wrong_state")
    series.state = "ended"
    await series.save()
    note(Record("open_day_series", series.id, {"state": series.state}))
    return series


@act_on(OpenDaySeries, "open_day.make_edition", may=system)
async def make_edition(actor: Actor, series: OpenDaySeries, *, on: date) -> OpenDay:
    """Make the edition of a day, as a draft."""
    zone = settings().zone
    slots = open_days.slots_on(on, [Pattern(**slot) for slot in series.slots], zone)
    if await OpenDay.filter(series_id=series.id, on_day=on).exists():
        raise InvalidState(N_("This edition exists already."), reason="exists")
    begins = min(s.starts_at for s in slots)
    opens = datetime.combine(on - timedelta(days=series.announce_days), time(9), zone)
    day = await draft(
        OpenDay(
            series=series, host_id=series.host_id, area_id=series.area_id, title=series.title, about=series.about,
            place=series.place, access=series.access, opens_at=opens, closes_at=begins, on_day=on,
        ),
        slots,
    )  # fmt: skip
    note(Record("open_day", day.id, {"state": "draft", "series": series.id}))
    return day


def due(series: OpenDaySeries) -> list[date]:
    """The days of a series for which an edition should exist by now."""
    today = clock.today()
    return [day for day in dates(series.rule, series.first_on) if today < day <= today + AHEAD]
