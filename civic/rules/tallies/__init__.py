"""Counting votes: exact, deterministic, repeatable by anybody from the published box.

`choices` says what a vote looks like, `papers` whether a text is one. `counting` counts with the help of `ranked`, `stv`,
`schulze` and `budgets`, `passing` decides, `lots` draws, `recount` does it all from a box.
"""

from civic.rules.tallies.choices import (
    ABSTAIN,
    APPROVING,
    BUDGETS,
    METHODS,
    RANKED,
    YES_NO,
    canonical,
    check_definition,
    clean_choice,
)
from civic.rules.tallies.counting import count, tally
from civic.rules.tallies.passing import PASSING, break_tie, quorum_needed
from civic.rules.tallies.recount import box_bytes, recount
from civic.rules.tallies.results import Details, Result

__all__ = [
    "ABSTAIN",
    "APPROVING",
    "BUDGETS",
    "METHODS",
    "PASSING",
    "RANKED",
    "YES_NO",
    "Details",
    "Result",
    "box_bytes",
    "break_tie",
    "canonical",
    "check_definition",
    "clean_choice",
    "count",
    "quorum_needed",
    "recount",
    "tally",
]
