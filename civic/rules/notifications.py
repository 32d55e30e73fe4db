"""What people are told: the kinds of news, the topics they choose by, and when a digest is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from civic.errors import N_

CHANNELS = ("platform", "mail")
OFTEN = ("at_once", "daily", "never")
DIGEST_AT = time(8, 0)


@dataclass(frozen=True, slots=True)
class Topic:
    """What one chooses by: its name, and how often mail comes when nothing was chosen."""

    label: str
    mail: str


TOPICS: Mapping[str, Topic] = {
    "proposals": Topic(N_("My proposals, amendments and comments"), "daily"),
    "supported": Topic(N_("Changes of proposals that I support"), "daily"),
    "answers": Topic(N_("Official answers to what I asked"), "at_once"),
    "desk": Topic(N_("What my party has to do"), "at_once"),
    "meetings": Topic(N_("Joint meetings in which I have a part"), "at_once"),
    "parties": Topic(N_("My residence, my parties and roles"), "at_once"),
    "open_days": Topic(N_("Open days for which I am registered"), "at_once"),
    "votes": Topic(N_("Rolls of votes on which I stand, or that I challenged"), "at_once"),
    "moderation": Topic(N_("Reports to the stewards"), "daily"),
}

# kind: its topic, and its sentence with %(title)s and perhaps %(detail)s.
KINDS: Mapping[str, tuple[str, str]] = {
    "proposal.commented": ("proposals", N_("Somebody commented on your proposal “%(title)s”.")),
    "comment.answered": ("proposals", N_("Your comment on “%(title)s” has an answer.")),
    "comment.hidden": ("proposals", N_("Your comment on “%(title)s” was hidden: %(detail)s")),
    "comment.restored": ("proposals", N_("Your comment on “%(title)s” can be read again.")),
    "proposal.qualified": (
        "proposals",
        N_("“%(title)s” has enough support: the department owes an answer."),
    ),
    "proposal.hidden": ("proposals", N_("“%(title)s” was hidden: %(detail)s")),
    "proposal.restored": ("proposals", N_("“%(title)s” can be read again.")),
    "proposal.edited": (
        "supported",
        N_("“%(title)s”, which you support, was changed: %(detail)s"),
    ),
    "proposal.withdrawn": ("supported", N_("“%(title)s”, which you support, was withdrawn.")),
    "amendment.proposed": ("proposals", N_("Somebody proposes another text for “%(title)s”: %(detail)s")),
    "amendment.accepted": ("proposals", N_("Your amendment of “%(title)s” was taken over.")),
    "amendment.declined": ("proposals", N_("Your amendment of “%(title)s” was declined: %(detail)s")),
    "merge.asked": ("proposals", N_("The author of another proposal asks you to take it into “%(title)s”.")),
    "merge.declined": ("proposals", N_("Your proposal was not taken into “%(title)s”: %(detail)s")),
    "proposal.merged": (
        "supported",
        N_("A proposal that you support is now part of “%(title)s”; your support went with it."),
    ),
    "response.published": ("answers", N_("“%(title)s” has an official answer.")),
    "response.edited": ("answers", N_("The official answer to “%(title)s” was changed: %(detail)s")),
    "response.extended": ("answers", N_("The time for the answer to “%(title)s” was extended: %(detail)s")),
    "response.overdue": ("answers", N_("The answer to “%(title)s” is overdue.")),
    "response.started": ("desk", N_("“%(title)s” awaits the answer of your department.")),
    "response.half": ("desk", N_("Half of the time for the answer to “%(title)s” has passed.")),
    "response.most": ("desk", N_("Four fifths of the time for the answer to “%(title)s” have passed.")),
    "response.late": ("desk", N_("The answer of your department to “%(title)s” is overdue.")),
    "response.corrected": (
        "desk",
        N_("The calendar is announced: the day for the answer to “%(title)s” has moved."),
    ),
    "response.escalated": ("desk", N_("The answer to “%(title)s” is taken to a joint meeting.")),
    "joint_meeting.convened": (
        "desk",
        N_("“%(title)s” is convened, and your party has seats. Name its delegates."),
    ),
    "joint_meeting.invited": ("meetings", N_("You are invited to a seat in “%(title)s”.")),
    "joint_meeting.officer": ("meetings", N_("You are named to lead or to record “%(title)s”.")),
    "joint_meeting.cancelled": ("meetings", N_("“%(title)s” is cancelled: %(detail)s")),
    "joint_meeting.minutes": (
        "meetings",
        N_("The minutes of “%(title)s” wait for your signature or objection."),
    ),
    "joint_meeting.item": (
        "desk",
        N_("The chair has decided on the item that you asked for in “%(title)s”."),
    ),
    "party.apply": ("moderation", N_("“%(title)s” applies as a party and waits for your decision.")),
    "party.approve": ("parties", N_("“%(title)s” is approved: you can act for it.")),
    "party.reject": ("parties", N_("The application of “%(title)s” was rejected: %(detail)s")),
    "party.suspend": ("parties", N_("“%(title)s” is suspended: %(detail)s")),
    "party.reinstate": ("parties", N_("“%(title)s” may act again.")),
    "party.close": ("parties", N_("“%(title)s” is closed: %(detail)s")),
    "membership.invite": ("parties", N_("“%(title)s” invites you to a role.")),
    "residency.verify": ("parties", N_("Your residence in %(title)s is verified.")),
    "residency.reject": ("parties", N_("Your claim to live in %(title)s was rejected: %(detail)s")),
    "residency.revoke": ("parties", N_("Your residence in %(title)s was revoked: %(detail)s")),
    "residency.expire": ("parties", N_("Your residence in %(title)s has expired. Please claim it again.")),
    "open_day.promoted": ("open_days", N_("You have places at “%(title)s”: somebody gave theirs back.")),
    "open_day.changed": ("open_days", N_("“%(title)s”, for which you are registered, was changed.")),
    "open_day.cancelled": (
        "open_days",
        N_("“%(title)s”, for which you are registered, was cancelled: %(detail)s"),
    ),
    "open_day.answered": ("open_days", N_("Your question at “%(title)s” has an answer.")),
    "charter.opened": ("desk", N_("“%(title)s” names your party and is open for negotiation.")),
    "charter.proposed": ("desk", N_("A change of “%(title)s” is proposed: %(detail)s")),
    "charter.changed": ("desk", N_("The text of “%(title)s” was changed: %(detail)s")),
    "charter.declined": ("desk", N_("Your change of “%(title)s” was declined: %(detail)s")),
    "charter.signing": ("desk", N_("“%(title)s” is out for your party's signature.")),
    "charter.signing_anew": (
        "desk",
        N_("A word of “%(title)s” was changed; signing begins anew: %(detail)s"),
    ),
    "charter.in_force": ("desk", N_("“%(title)s” is in force; its duties stand on your desk.")),
    "charter.ended": ("desk", N_("“%(title)s” has ended: %(detail)s")),
    "obligation.due": ("desk", N_("Your party owes: “%(title)s”.")),
    "obligation.soon": ("desk", N_("“%(title)s” falls due on %(detail)s. Report it when it is done.")),
    "obligation.reported": ("desk", N_("Reported as kept: “%(title)s”. Confirm or dispute it.")),
    "obligation.confirmed": ("desk", N_("Confirmed as kept: “%(title)s”.")),
    "obligation.disputed": ("desk", N_("Your report on “%(title)s” is disputed: %(detail)s")),
    "obligation.to_settle": ("desk", N_("A dispute awaits your decision, on “%(title)s”: %(detail)s")),
    "obligation.settled": ("desk", N_("The dispute on “%(title)s” is settled: %(detail)s")),
    "obligation.waived": ("desk", N_("“%(title)s” is waived: %(detail)s")),
    "obligation.overdue": ("desk", N_("Your party is late with “%(title)s”.")),
    "obligation.owed_late": ("desk", N_("What is owed to you is late: “%(title)s”.")),
    "ballot.complaint": ("desk", N_("Somebody complains about the count of “%(title)s”: %(detail)s")),
    "ballot.complaint_answered": (
        "answers",
        N_("Your complaint about “%(title)s” is answered: %(detail)s"),
    ),
    "ballot.complaint_upheld": (
        "moderation",
        N_("A complaint about “%(title)s” is upheld; only a steward can declare the vote void: %(detail)s"),
    ),
    "ballot.voided": ("answers", N_("The vote “%(title)s” was declared void: %(detail)s")),
    "roll.challenged": ("desk", N_("Somebody objects to the roll of “%(title)s”. Decide before it opens.")),
    "roll.accepted": ("votes", N_("Your objection to the roll of “%(title)s” was accepted: %(detail)s")),
    "roll.rejected": ("votes", N_("Your objection to the roll of “%(title)s” was rejected: %(detail)s")),
    "roll.added": ("votes", N_("You were put on the roll of “%(title)s”.")),
    "roll.changed": ("votes", N_("Your weight on the roll of “%(title)s” was changed.")),
    "roll.removed": (
        "votes",
        N_("You were taken off the roll of “%(title)s”. If that is wrong, object before it opens."),
    ),
    "moderation.reported": ("moderation", N_("Somebody reports “%(title)s”: %(detail)s")),
}

# Where a subject's page is; the key goes into the place.
PATHS: Mapping[str, str] = {
    "open_day": "/open-days/%s",
    "ballot_complaints": "/ballots/%s/complaints",
    "ballot": "/ballots/%s",
    "ballot_roll": "/ballots/%s/roll",
    "proposal": "/proposals/%s",
    "response": "/responses/%s",
    "joint_meeting": "/meetings/%s",
    "party": "/parties/%s",
    "invitation": "/desk?invitation=%s",
    "residency": "/desk/residence?claim=%s",
    "charter": "/charters/%s",
    "obligation": "/obligations/%s",
    "moderation": "/moderation?from=%s",
}


def topic_of(kind: str) -> str:
    """The topic of a kind. KeyError for a kind that does not exist."""
    return KINDS[kind][0]


def path_of(subject: str, subject_id: int) -> str:
    """The page that a notification leads to."""
    return PATHS[subject] % subject_id


def default(topic: str, channel: str) -> str:
    """How often a person is told who has chosen nothing."""
    return "at_once" if channel == "platform" else TOPICS[topic].mail


def digest_boundary(now: datetime, zone: ZoneInfo) -> datetime:
    """The last time at which digests went out: today's or yesterday's eight o'clock, aware."""
    local = now.astimezone(zone)
    today = datetime.combine(local.date(), DIGEST_AT, zone)
    return today if today <= local else today - timedelta(days=1)


def retry_after(failures: int) -> timedelta | None:
    """How long a message waits after its nth failure; None: it is given up."""
    waits = (1, 5, 30, 120, 360, 720, 1440)
    return timedelta(minutes=waits[failures - 1]) if failures <= len(waits) else None
