"""`civic import proposals`."""

from __future__ import annotations

from pathlib import Path

from starlette.concurrency import run_in_threadpool

from civic.acts.core import SYSTEM
from civic.acts.imports import import_proposals as act
from civic.acts.responses import department_for
from civic.errors import N_, InvalidInput
from civic.importing.report import Progress, Report
from civic.models import Area, AreaWithin, Proposal
from civic.rules.import_rows import Refused, decode
from civic.rules.proposal_files import Mapping, ProposalLine, mapped, open_table, read, recognise
from civic.rules.thresholds import inherit
from civic.settings import settings

BATCH = 500


async def import_proposals(
    path: Path,
    *,
    area: str,
    changes: dict[str, str] | None = None,
    dry_run: bool = False,
    progress: Progress = lambda done, of: None,
) -> Report:
    """Take over the proposals of a table into an area; answers become those of the department that covers it.

    changes: what the columns are called where the table is of no known kind, as `Mapping` names them.
    Raises InvalidInput when the table cannot be used at all.
    """
    place = await Area.get_or_none(code=area)
    if place is None:
        raise InvalidInput(N_("There is no area with this code."), field="area", reason="unknown_area")
    table = open_table(decode(await run_in_threadpool(path.read_bytes)))
    columns = list(table.fieldnames or ())
    changes = changes or {}
    base = Mapping() if {"id", "title", "created_at", "source"} <= set(changes) else recognise(columns)
    mapping = mapped(base, changes, columns)
    report = Report(source=mapping.source)
    rows = list(read(table, mapping, settings().zone))
    report.rows = len(rows)
    report.refused = [row for row in rows if isinstance(row, Refused)]
    lines = [row for row in rows if isinstance(row, ProposalLine)]
    department = await department_for(place.id)
    threshold = await _threshold(place)
    for start in range(0, len(lines), BATCH):
        batch = lines[start : start + BATCH]
        there = Proposal.filter(source=mapping.source, source_id__in=[line.source_id for line in batch])
        known = {str(key) for key in await there.values_list("source_id", flat=True)}
        new = [line for line in batch if line.source_id not in known]
        if department is None:
            orphans = [line for line in new if line.answer]
            report.refused += [_without_department(line) for line in orphans]
            new = [line for line in new if not line.answer]
        if new and not dry_run:
            await act(
                SYSTEM, source=mapping.source, lines=new, area=place, threshold=threshold,
                department=department, language=mapping.language,
            )  # fmt: skip
        report.known += len(known)
        report.taken += len(new)
        progress(start + len(batch), len(lines))
    return report


async def _threshold(place: Area) -> int:
    above = AreaWithin.filter(descendant_id=place.id).order_by("depth")
    return inherit(
        list(await above.values_list("ancestor__support_threshold", flat=True)),  # type: ignore[arg-type]
        settings().support_threshold,
    )


def _without_department(line: ProposalLine) -> Refused:
    error = InvalidInput(
        N_("It has an answer, but no department covers the area. Register the department first."),
        field="area",
        reason="no_department",
    )
    return Refused(line.line, line.source_id, error)
