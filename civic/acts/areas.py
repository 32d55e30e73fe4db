"""The tree of areas, taken over from files of codes, and what is set for an area."""

from __future__ import annotations

from hashlib import sha256

from civic import db
from civic.acts.core import Actor, Record, act, act_on, note
from civic.acts.permissions import any_of, official_of_area, steward, system
from civic.errors import N_, InvalidInput
from civic.models import Area, AreaWithin
from civic.rules.area_files import AreaLine

# Some five rows an area: made as objects they would take most of the time.
WITHIN = "INSERT INTO area_within (ancestor_id, descendant_id, depth) VALUES (?, ?, ?)"


@act("area.import", may=any_of(steward, system))
async def import_areas(actor: Actor, *, lines: list[AreaLine]) -> int:
    """Take over areas from a file, or their changed names; each below one that exists by then."""
    codes = {line.code for line in lines} | {line.parent for line in lines if line.parent}
    known = {area.code: area for area in await Area.filter(code__in=list(codes))}
    above = await _above([area.id for area in known.values()])
    # A level at a time, so that the areas above have keys.
    waiting = [line for line in lines if line.code not in known]
    while waiting:
        ready = [line for line in waiting if not line.parent or line.parent in known]
        if not ready:
            raise InvalidInput(
                N_("The area above, %(code)s, does not exist."), field="area", reason="no_parent",
                code=waiting[0].parent,
            )  # fmt: skip
        await Area.bulk_create([_row(line, known) for line in ready], batch_size=1000)
        made = {area.code: area for area in await Area.filter(code__in=[line.code for line in ready])}
        closure = []
        for line in ready:
            area = made[line.code]
            chain = [area.id, *(above[known[line.parent].id] if line.parent else [])]
            above[area.id] = chain
            closure += [[ancestor, area.id, depth] for depth, ancestor in enumerate(chain)]
        await db.execute_many(WITHIN, closure)
        known |= made
        waiting = [line for line in waiting if line.code not in known]
    for line in lines:
        if known[line.code].name != line.name:
            await Area.filter(id=known[line.code].id).update(name=line.name)
    text = "\n".join(f"{line.code},{line.name},{line.level},{line.parent}" for line in lines)
    digest = sha256(text.encode()).hexdigest()
    note(Record("area", lines[0].code, {"areas": len(lines), "sha256": digest}))
    return len(lines)


def _row(line: AreaLine, known: dict[str, Area]) -> Area:
    parent = known[line.parent].id if line.parent else None
    return Area(code=line.code, name=line.name, level=line.level, parent_id=parent)


async def _above(ids: list[int]) -> dict[int, list[int]]:
    """For each area itself and those above it, the nearest first."""
    found: dict[int, list[int]] = {}
    rows = AreaWithin.filter(descendant_id__in=ids).order_by("depth")
    for descendant, ancestor in await rows.values_list("descendant_id", "ancestor_id"):
        found.setdefault(descendant, []).append(ancestor)
    return found


@act_on(Area, "area.set_threshold", may=any_of(steward, official_of_area))
async def set_threshold(actor: Actor, area: Area, *, supports: int) -> Area:
    """Set how many supports qualify a proposal in an area; what is published keeps the number it had."""
    if not 1 <= supports <= 1_000_000:
        raise InvalidInput(N_("Choose a number from 1 to 1,000,000."), field="supports", reason="range")
    area.support_threshold = supports
    await area.save()
    note(Record("area", area.code, {"threshold": supports}))
    return area
