"""`civic import roll`."""

from __future__ import annotations

from pathlib import Path

from starlette.concurrency import run_in_threadpool

from civic.acts import ballots
from civic.acts.core import SYSTEM
from civic.errors import N_, NotFound
from civic.importing.report import Progress, Report
from civic.models import Ballot


async def import_roll(
    path: Path, *, ballot: int, dry_run: bool = False, progress: Progress = lambda done, of: None
) -> Report:
    """Take over the roll of a draft ballot, whole or not at all; see `civic.rules.rolls` for its form.

    With a wrong line nothing is taken, and the report names it. Raises InvalidInput for a file that is no roll, NotFound,
    InvalidState.
    """
    draft = await Ballot.get_or_none(id=ballot)
    if draft is None:
        raise NotFound(N_("This does not exist, or no longer."), reason="gone")
    ballots.check_draft(draft)
    file = await ballots.examine(await run_in_threadpool(path.read_bytes), progress)
    report = Report(rows=file.rows, refused=file.refused)
    if not file.wrong:
        if not dry_run:
            await ballots.upload(SYSTEM, draft.id, file=file, progress=progress)
        report.taken = file.rows
    return report
