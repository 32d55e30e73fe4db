"""An open day for tests: tomorrow afternoon, open for registration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from civic import clock
from civic.acts.core import Actor
from civic.acts.open_days import editions, places, questions
from civic.acts.open_days.editions import Words
from civic.models import Area, OpenDay, OpenDayQuestion, OpenDaySlot, Registration
from civic.rules.open_days import Slot
from tests.support.permissions import Cast

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


@dataclass(frozen=True)
class Private:
    """What is private about open days: a draft, a dropped draft, a hidden question, names on the door's list."""

    drafts: tuple[OpenDay, OpenDay]
    public: OpenDay
    hidden: OpenDayQuestion
    own: Registration
    elder: Registration

    def keys(self) -> dict[str, list[int]]:
        """Ids by type, for a reader who guesses them."""
        return {
            "OpenDay": [self.public.id, *(day.id for day in self.drafts)],
            "OpenDayQuestion": [self.hidden.id], "OpenDayRegistration": [self.own.id, self.elder.id],
        }  # fmt: skip


async def private(cast: Cast) -> Private:
    """All of it: the resident registers, somebody is registered at the counter, a question is answered and hidden."""
    host, area = cast["host"], cast.world.community
    kept, dropped = await draft(host, area), await draft(host, area)
    await editions.cancel(host, dropped, reason="不办了")
    day = await announced(host, area)
    slot = (await slots_of(day))[0]
    own = await places.register(cast["resident"], slot)
    elder = await places.register_for(host, slot, name="窗口登记的人")
    asked = await questions.ask(cast["resident_elsewhere"], day, body="含有他人电话的问题")
    await questions.answer(host, asked, body="答复里也有电话")
    await questions.hide(cast["steward"], asked, reason="含有他人电话")
    return Private((kept, dropped), day, asked, own, elder)


async def mark(made: Private, name: Callable[..., str]) -> None:
    """Write a mark into each private thing; ``name(what, *who may see it)`` gives one."""
    for day in made.drafts:
        await OpenDay.filter(id=day.id).update(
            title=name("openday", "host"), about=name("about", "host"), cancel_reason=name("why", "host")
        )
    await OpenDayQuestion.filter(id=made.hidden.id).update(
        body=name("question", "resident_elsewhere"), answer=name("answer", "resident_elsewhere")
    )
    await Registration.filter(id=made.own.id).update(name=name("registered", "resident", "host"))
    await Registration.filter(id=made.elder.id).update(name=name("elder", "host"))
