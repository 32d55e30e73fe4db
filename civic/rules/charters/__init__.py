"""Charters as plain values: clauses, their exact text, whether they are complete, and how two versions differ."""

from civic.rules.charters.clauses import BLOCS, KINDS, Clause, Due, Side, checked, from_plain, plain
from civic.rules.charters.comparison import Difference, compare
from civic.rules.charters.completeness import Finding, findings
from civic.rules.charters.schedule import first_due, next_due
from civic.rules.charters.text import canonical, clauses_of, text_hash

__all__ = [
    "BLOCS",
    "KINDS",
    "Clause",
    "Difference",
    "Due",
    "Finding",
    "Side",
    "canonical",
    "checked",
    "clauses_of",
    "compare",
    "findings",
    "first_due",
    "from_plain",
    "next_due",
    "plain",
    "text_hash",
]
