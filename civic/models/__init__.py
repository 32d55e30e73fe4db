"""The tables. Columns, constraints and indexes; no behaviour.

Public things have a whole number as key, because it stands in their URL; people have a random one. Texts that
may have to be erased carry a ``salt``: the ledger only holds a salted hash of them.
"""

from tortoise.models import Model

from civic.models.areas import Area, AreaWithin
from civic.models.ballots import (
    Ballot,
    BoxEntry,
    Certification,
    ClosedBox,
    Complaint,
    OpenVote,
    Option,
    Paper,
    Roll,
    RollChallenge,
    RollEntry,
    RollLine,
    RollUpload,
    Scrutineer,
)
from civic.models.charters import (
    Charter,
    CharterVersion,
    Clause,
    ClauseAnswer,
    ClauseChange,
    Signature,
)
from civic.models.comments import Comment
from civic.models.files import Attachment, File
from civic.models.joint_meetings import (
    AgendaItem,
    Attendance,
    JointMeeting,
    MeetingBloc,
    MeetingProposal,
    Minutes,
    MinutesReply,
    Motion,
    MotionClause,
    MotionVote,
    Recusal,
    Resolution,
    RollCall,
    Seat,
    Sortition,
    Speaker,
    Volunteer,
)
from civic.models.ledger import LedgerCheckpoint, LedgerEntry, LedgerTile
from civic.models.moderation import Report
from civic.models.notifications import Mail, Notification, NotificationChoice
from civic.models.obligations import Evidence, Obligation, ObligationStep
from civic.models.open_days import (
    OpenDay,
    OpenDayFeedback,
    OpenDayHost,
    OpenDayQuestion,
    OpenDaySeries,
    OpenDaySlot,
    QuestionSupport,
    Registration,
)
from civic.models.paper_ballots import PaperBatch, PaperPolling, PaperReading, PaperVoter
from civic.models.parties import Invitation, Membership, Party
from civic.models.people import AccessToken, Identity, OneTimeCode, Person, Residency, Session
from civic.models.proposals import Amendment, MergeRequest, Proposal, ProposalVersion, Support
from civic.models.responses import Deadline, Escalation, Rating, Response, ResponseVersion
from civic.models.scenarios import Module, Scenario
from civic.models.search import SearchDocument
from civic.models.tokens import TokenIssue

__all__ = [
    "AccessToken",
    "AgendaItem",
    "Amendment",
    "Area",
    "AreaWithin",
    "Attachment",
    "Attendance",
    "Ballot",
    "BoxEntry",
    "Certification",
    "Charter",
    "CharterVersion",
    "Clause",
    "ClauseAnswer",
    "ClauseChange",
    "ClosedBox",
    "Comment",
    "Complaint",
    "Deadline",
    "Escalation",
    "Evidence",
    "File",
    "Identity",
    "Invitation",
    "JointMeeting",
    "LedgerCheckpoint",
    "LedgerEntry",
    "LedgerTile",
    "Mail",
    "MeetingBloc",
    "MeetingProposal",
    "Membership",
    "MergeRequest",
    "Minutes",
    "MinutesReply",
    "Module",
    "Motion",
    "MotionClause",
    "MotionVote",
    "Notification",
    "NotificationChoice",
    "Obligation",
    "ObligationStep",
    "OneTimeCode",
    "OpenDay",
    "OpenDayFeedback",
    "OpenDayHost",
    "OpenDayQuestion",
    "OpenDaySeries",
    "OpenDaySlot",
    "OpenVote",
    "Option",
    "Paper",
    "PaperBatch",
    "PaperPolling",
    "PaperReading",
    "PaperVoter",
    "Party",
    "Person",
    "Proposal",
    "ProposalVersion",
    "QuestionSupport",
    "Rating",
    "Recusal",
    "Registration",
    "Report",
    "Residency",
    "Resolution",
    "Response",
    "ResponseVersion",
    "Roll",
    "RollCall",
    "RollChallenge",
    "RollEntry",
    "RollLine",
    "RollUpload",
    "Scenario",
    "Scrutineer",
    "SearchDocument",
    "Seat",
    "Session",
    "Signature",
    "Sortition",
    "Speaker",
    "Support",
    "TokenIssue",
    "Volunteer",
]

for _model in list(globals().values()):
    if isinstance(_model, type) and issubclass(_model, Model):
        _model._meta.table_description = ""  # our docstrings are for readers, not for the database
