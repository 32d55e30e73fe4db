"""Joint meetings: seats, attendance, agenda, motions, votes, resolutions, minutes."""

from civic.models.joint_meetings.meetings import (
    AgendaItem,
    Attendance,
    JointMeeting,
    MeetingBloc,
    MeetingProposal,
    Seat,
    Sortition,
    Speaker,
    Volunteer,
)
from civic.models.joint_meetings.minutes import Minutes, MinutesReply
from civic.models.joint_meetings.motions import (
    Motion,
    MotionClause,
    MotionVote,
    Recusal,
    Resolution,
    RollCall,
)

__all__ = [
    "AgendaItem",
    "Attendance",
    "JointMeeting",
    "MeetingBloc",
    "MeetingProposal",
    "Minutes",
    "MinutesReply",
    "Motion",
    "MotionClause",
    "MotionVote",
    "Recusal",
    "Resolution",
    "RollCall",
    "Seat",
    "Sortition",
    "Speaker",
    "Volunteer",
]
