"""An open day for tests: tomorrow afternoon, open for registration."""

from __future__ import annotations

from datetime import timedelta

from civic import clock
from civic.acts.core import Actor
from civic.acts.open_days import editions
from civic.acts.open_days.editions import Words
from civic.models import Area, OpenDay, OpenDaySlot, Registration
from civic.rules.open_days import Slot

WORDS = Words(
    title="社区养老服务开放日（测试）", place="天平街道办事处三楼", about="参观与**问答**", access="有电梯"
)


async def draft(host: Actor, area: Area, *capacities: int, co_hosts: tuple[int, ...] = ()) -> OpenDay:
    """A draft with a slot of two hours for each capacity."""
    now = clock.now()
    begin = now + timedelta(days=1)
    slots = [
        Slot(begin + timedelta(hours=2 * i), begin + timedelta(hours=2 * i + 2), n)
        for i, n in enumerate(capacities or (30,))
    ]
    return await editions.create(
        host, words=WORDS, area=area.code, slots=slots, opens_at=now - timedelta(hours=1),
        closes_at=begin, co_hosts=co_hosts,
    )  # fmt: skip


async def announced(host: Actor, area: Area, *capacities: int, co_hosts: tuple[int, ...] = ()) -> OpenDay:
    return await editions.announce(host, await draft(host, area, *capacities, co_hosts=co_hosts))


async def slots_of(day: OpenDay) -> list[OpenDaySlot]:
    return await OpenDaySlot.filter(open_day_id=day.id).order_by("position")


async def consistent(slot_id: int) -> OpenDaySlot:
    """The counters of a slot are the sums of its registrations; nobody who fits waits."""
    slot = await OpenDaySlot.get(id=slot_id)
    rows = await Registration.filter(slot_id=slot_id).order_by("id")
    taken = sum(r.size for r in rows if r.state in ("confirmed", "attended"))
    line = [r for r in rows if r.state == "waitlisted"]
    assert (slot.taken, slot.waiting) == (taken, sum(r.size for r in line))
    assert 0 <= taken <= slot.capacity
    assert all(r.size > slot.capacity - taken for r in line)
    day = await OpenDay.get(id=slot.open_day_id)
    if day.state != "cancelled":
        slots = await OpenDaySlot.filter(open_day_id=day.id)
        assert (day.registered, day.waiting) == (sum(s.taken for s in slots), sum(s.waiting for s in slots))
    return slot
