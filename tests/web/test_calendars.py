"""Calendars of open days, read by libraries that nobody here wrote."""

import json
import subprocess
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from civic import clock
from civic.acts.open_days import editions, series
from civic.rules.open_days import Pattern
from civic.rules.recurrence import dates
from tests.support import open_days as made
from tests.support.server import ROOT
from tests.support.world import World

pytestmark = pytest.mark.anyio
NPM = ROOT / "tests" / "npm"
SHANGHAI = ZoneInfo("Asia/Shanghai")
# ical.js reads the calendar and expands what recurs; times are printed as they stand, with their zone.
READ = """
import ICAL from 'ical.js';
import { readFileSync } from 'node:fs';
const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, 'utf8')));
for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(new ICAL.Timezone(zone));
const found = calendar.getAllSubcomponents('vevent').map(component => {
  const event = new ICAL.Event(component), starts = [];
  const steps = event.isRecurring() ? event.iterator() : null;
  for (let next = steps ? steps.next() : event.startDate; next && starts.length < 400; next = steps ? steps.next() : null)
    starts.push({ local: next.toString(), zone: next.zone.tzid, unix: next.toUnixTime() });
  return { uid: event.uid, summary: event.summary, location: event.location,
           status: component.getFirstPropertyValue('status'), sequence: event.sequence,
           starts, seconds: event.duration.toSeconds() };
});
console.log(JSON.stringify(found));
"""


def read(content: bytes) -> list[dict[str, Any]]:
    done = subprocess.run(
        ["node", "--input-type=module", "-e", READ], input=content, cwd=NPM, capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


async def test_an_edition(client: Any, world: World) -> None:
    day = await made.announced(world.as_official, world.community, 30, 20)
    first, second = await made.slots_of(day)
    answer = await client.get(f"/open-days/{day.id}.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    one, two = read(answer.content)
    assert one["summary"].endswith("(1/2)") and one["location"] == day.place and one["seconds"] == 7200
    assert one["starts"] == [
        {
            "local": first.starts_at.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M:%S"), "zone": "Asia/Shanghai",
            "unix": int(first.starts_at.timestamp()),
        }
    ]  # fmt: skip
    assert two["starts"][0]["unix"] == int(second.starts_at.timestamp()) and one["uid"] != two["uid"]
    draft = await made.draft(world.as_official, world.community, 3)
    assert (await client.get(f"/open-days/{draft.id}.ics")).status_code == 404


async def test_the_feed_of_an_area(client: Any, world: World) -> None:
    host = world.as_official
    day = await made.announced(host, world.community, 30)
    gone = await made.announced(host, world.community, 30)
    await editions.cancel(host, gone, reason="台风")
    events = read((await client.get(f"/open-days.ics?area={world.district.code}")).content)
    assert {(e["status"], e["sequence"]) for e in events} == {("CONFIRMED", 0), ("CANCELLED", 1)}
    assert read((await client.get(f"/open-days.ics?area={world.elsewhere.code}")).content) == []
    calendar = Calendar.from_ical((await client.get("/open-days.ics")).content)
    assert len(calendar.walk("VEVENT")) == 2 and len(calendar.walk("VTIMEZONE")) == 1
    assert any(str(day.id) in event["UID"] for event in calendar.walk("VEVENT"))


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MONTHLY;BYDAY=2SA;COUNT=12",
        "FREQ=MONTHLY;BYDAY=-1FR;COUNT=5",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;COUNT=9",
        "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=4",
        "FREQ=YEARLY;COUNT=3",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=6",
    ],
)
async def test_a_series_recurs_as_we_say(client: Any, world: World, rule: str) -> None:
    first = clock.today() + timedelta(days=3)
    plan = await series.plan(
        world.as_official, title="每月开放日（测试）", area=world.community.code, place="三楼", rule=rule,
        first_on=first, slots=[Pattern(14 * 60 + 30, 90, 30)],
    )  # fmt: skip
    (event,) = read((await client.get(f"/open-days/series/{plan.id}.ics")).content)
    assert [s["local"] for s in event["starts"]] == [f"{d.isoformat()}T14:30:00" for d in dates(rule, first)]
    assert {s["zone"] for s in event["starts"]} == {"Asia/Shanghai"} and event["seconds"] == 90 * 60
