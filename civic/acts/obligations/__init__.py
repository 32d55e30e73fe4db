"""Obligations: made, reported, confirmed, disputed, settled, waived; by the clock overdue, confirmed by silence, due again.

Another act makes one with ``await create(SYSTEM, party=…, to=Side(…), text=…, due_on=…, source=Source("resolution", id))``.
"""

from civic.acts.obligations.clockwork import confirm_by_silence, fall_due, recur, remind
from civic.acts.obligations.creating import Source, create, residents_of
from civic.acts.obligations.judging import confirm, dispute, settle, waive
from civic.acts.obligations.reporting import Report, report

__all__ = [
    "Report",
    "Source",
    "confirm",
    "confirm_by_silence",
    "create",
    "dispute",
    "fall_due",
    "recur",
    "remind",
    "report",
    "residents_of",
    "settle",
    "waive",
]
