"""Application scenarios: a department says what it wants to build, and with which modules; everything else hangs on it."""

from __future__ import annotations

from collections.abc import Sequence

from civic import clock
from civic.acts import search
from civic.acts.core import Actor, Record, act, act_on, note
from civic.acts.permissions import department, require_official, require_role
from civic.errors import N_, InvalidInput
from civic.models import Area, Module, Party, Scenario
from civic.rules import lifecycles
from civic.rules.text import multiline, one_line

TITLE, SUMMARY, MOST_MODULES = 120, 5000, 30


async def lead(actor: Actor, subject: Scenario) -> None:
    """a manager or delegate of the department that leads it"""
    await require_role(actor, await Party.get(id=subject.lead_id), "manager", "delegate")


@act("scenario.propose", may=department)
async def propose(
    actor: Actor, *, title: str, area: str, summary: str, modules: Sequence[str] = (), title_en: str = ""
) -> Scenario:
    """Propose an application scenario, in public."""
    place = await Area.get_or_none(code=area.strip()) if len(area.strip()) <= 20 else None
    if place is None:
        raise InvalidInput(N_("There is no area with this code."), field="area", reason="unknown_area")
    party = await require_official(actor, place.id, "manager", "delegate")
    scenario = Scenario(area=place, lead=party, created_at=clock.now())
    await _write(scenario, title, title_en, summary, modules)
    return scenario


@act_on(Scenario, "scenario.edit", may=lead)
async def edit(
    actor: Actor,
    scenario: Scenario,
    *,
    title: str,
    summary: str,
    modules: Sequence[str] = (),
    title_en: str = "",
) -> Scenario:
    """Say anew what a proposed scenario is, and of which modules it consists."""
    scenario.state = lifecycles.move("scenario", scenario.state, "edit")
    await _write(scenario, title, title_en, summary, modules)
    return scenario


async def _write(scenario: Scenario, title: str, title_en: str, summary: str, modules: Sequence[str]) -> None:
    scenario.title = one_line(title, field="title", limit=TITLE)
    scenario.title_en = one_line(title_en, field="title_en", limit=TITLE, least=0)
    scenario.summary = multiline(summary, field="summary", limit=SUMMARY)
    names = [one_line(name, field="modules", limit=TITLE) for name in modules if name.strip()]
    if len(names) > MOST_MODULES:
        raise InvalidInput(
            N_("At most %(limit)s modules."), field="modules", reason="too_many", limit=MOST_MODULES
        )
    if len({name.casefold() for name in names}) != len(names):
        raise InvalidInput(N_("Two modules have the same name."), field="modules", reason="same_name")
    await scenario.save()
    await Module.filter(scenario_id=scenario.id).delete()
    await Module.bulk_create([Module(scenario=scenario, title=name) for name in names])
    await search.index("scenario", scenario.id, scenario.title, scenario.title_en, scenario.summary, *names)
    note(Record("scenario", scenario.id, {"state": scenario.state, "modules": len(names)}))
