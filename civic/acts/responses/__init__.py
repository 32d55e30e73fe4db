"""What awaits a department's answer, the answers with their commitments, and what those who asked think of them."""

from civic.acts.responses.answering import (
    DECIDED,
    VERDICTS,
    Commitment,
    edit,
    publish,
)
from civic.acts.responses.asking import asked, escalate, rate
from civic.acts.responses.clock import (
    correct,
    department_for,
    end_clocks,
    extend,
    of_department,
    start_clock,
    start_for_area,
    warn,
)

__all__ = [
    "DECIDED",
    "VERDICTS",
    "Commitment",
    "asked",
    "correct",
    "department_for",
    "edit",
    "end_clocks",
    "escalate",
    "extend",
    "of_department",
    "publish",
    "rate",
    "start_clock",
    "start_for_area",
    "warn",
]
