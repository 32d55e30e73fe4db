"""The rules of a joint meeting: who must be there, what passes, how lots are drawn, how minutes stand."""

from civic.rules.joint_meetings.decisions import CHOICES, RULES, Outcome, decide
from civic.rules.joint_meetings.motions import amend, check_seconder
from civic.rules.joint_meetings.quorum import BLOCS, Bloc, Presence, needed, quorate
from civic.rules.joint_meetings.sortition import draw_order, list_hash

__all__ = [
    "BLOCS",
    "CHOICES",
    "RULES",
    "Bloc",
    "Outcome",
    "Presence",
    "amend",
    "check_seconder",
    "decide",
    "draw_order",
    "list_hash",
    "needed",
    "quorate",
]
