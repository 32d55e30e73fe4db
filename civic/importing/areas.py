"""`civic import areas`."""

from __future__ import annotations

from pathlib import Path

from starlette.concurrency import run_in_threadpool

from civic.acts.areas import import_areas as act
from civic.acts.core import SYSTEM
from civic.errors import N_, InvalidInput
from civic.importing.report import Progress, Report
from civic.models import Area
from civic.rules.area_files import AreaLine, read
from civic.rules.import_rows import Refused, decode

BATCH = 2000


async def import_areas(
    path: Path, *, dry_run: bool = False, progress: Progress = lambda done, of: None
) -> Report:
    """Take over the areas of a file; see `civic.rules.area_files` for its forms."""
    rows = list(read(decode(await run_in_threadpool(path.read_bytes))))
    report = Report(rows=len(rows))
    known = {
        code: (name, parent)
        for code, name, parent in await Area.all().values_list("code", "name", "parent__code")
    }
    will_be = set(known)
    todo: list[AreaLine] = []
    for row in rows:
        refused = row if isinstance(row, Refused) else _refusal(row, known, will_be)
        if refused:
            report.refused.append(refused)
            continue
        assert isinstance(row, AreaLine)
        will_be.add(row.code)
        if row.code in known and known[row.code][0] == row.name:
            report.known += 1
        else:
            todo.append(row)
    for start in range(0, len(todo), BATCH):
        batch = todo[start : start + BATCH]
        if not dry_run:
            await act(SYSTEM, lines=batch)
        report.taken += len(batch)
        progress(start + len(batch), len(todo))
    return report


def _refusal(row: AreaLine, known: dict[str, tuple[str, str | None]], will_be: set[str]) -> Refused | None:
    if row.parent and row.parent not in will_be:
        error = InvalidInput(
            N_("The area above, %(code)s, does not exist."), field="area", reason="no_parent", code=row.parent
        )
    elif row.code in known and (known[row.code][1] or "") != row.parent:
        error = InvalidInput(
            N_("This area exists below another one, %(code)s."), field="area", reason="other_parent",
            code=known[row.code][1] or "—",
        )  # fmt: skip
    else:
        return None
    return Refused(row.line, row.code, error)
