"""Charters from draft to end: drafted, negotiated clause by clause, signed, in force, followed."""

from civic.acts.charters.drafting import (
    SUBJECTS,
    add_clause,
    change_clause,
    create,
    edit,
    open_,
    remove_clause,
)
from civic.acts.charters.keeping import declare_trigger, end
from civic.acts.charters.negotiating import accept_change, decline_change, propose_change, withdraw_change
from civic.acts.charters.signing import enter_into_force, reopen, sign, start_signing, supersede
from civic.acts.charters.writing import named, read, read_rows

__all__ = [
    "SUBJECTS",
    "accept_change",
    "add_clause",
    "change_clause",
    "create",
    "declare_trigger",
    "decline_change",
    "edit",
    "end",
    "enter_into_force",
    "named",
    "open_",
    "propose_change",
    "read",
    "read_rows",
    "remove_clause",
    "reopen",
    "sign",
    "start_signing",
    "supersede",
    "withdraw_change",
]
