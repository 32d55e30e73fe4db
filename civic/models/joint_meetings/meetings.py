"""A joint meeting, who sits in it, who is there and what it talks about."""

from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model


class JointMeeting(Model):
    """State: draft, convened, in_session, adjourned, minutes_review, closed, cancelled.

    ``rule`` is the decision rule of its motions where the chair fixes no other. ``live_choices``: whether the room sees
    the figures of a vote before it closes, or only how many have voted. ``current_item`` and ``open_vote`` are keys of
    rows that point here, hence no foreign keys. ``salt`` is of its texts.
    """

    id = fields.BigIntField(primary_key=True)
    title = fields.CharField(200)
    about = fields.TextField()
    language = fields.CharField(8, default="zh-Hans")
    salt = fields.BinaryField()
    state = fields.CharField(16, default="draft")
    area: Any = fields.ForeignKeyField("models.Area", related_name="meetings", on_delete=fields.RESTRICT)
    area_id: int
    convener: Any = fields.ForeignKeyField("models.Party", related_name="convened", on_delete=fields.RESTRICT)
    convener_id: int
    scenario: Any = fields.ForeignKeyField(
        "models.Scenario", related_name="meetings", null=True, on_delete=fields.SET_NULL
    )
    scenario_id: int | None
    author: Any = fields.ForeignKeyField("models.Person", related_name="meetings", on_delete=fields.RESTRICT)
    author_id: UUID
    chair: Any = fields.ForeignKeyField(
        "models.Person", related_name="chaired", null=True, on_delete=fields.RESTRICT
    )
    chair_id: UUID | None
    secretary: Any = fields.ForeignKeyField(
        "models.Person", related_name="minuted", null=True, on_delete=fields.RESTRICT
    )
    secretary_id: UUID | None
    place = fields.CharField(200)
    link = fields.CharField(500, default="")
    starts_at = fields.DatetimeField(db_index=True)
    items_until = fields.DatetimeField()
    review_days = fields.IntField(default=7)
    rule = fields.CharField(12, default="concurrent")
    live_choices = fields.BooleanField(default=False)
    current_item = fields.BigIntField(null=True)
    open_vote = fields.BigIntField(null=True)
    quorum_at_opening: fields.Field[dict[str, list[int]]] = fields.JSONField(null=True)
    created_at = fields.DatetimeField()
    convened_at = fields.DatetimeField(null=True)
    opened_at = fields.DatetimeField(null=True)
    adjourned_at = fields.DatetimeField(null=True)
    review_until = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    cancel_reason = fields.CharField(500, default="")

    class Meta:
        table = "joint_meeting"
        indexes = (("state", "starts_at"), ("area_id", "state"))


class MeetingBloc(Model):
    """A bloc that must be present with a share of its seats."""

    id = fields.BigIntField(primary_key=True)
    meeting: Any = fields.ForeignKeyField(
        "models.JointMeeting", related_name="blocs", on_delete=fields.CASCADE
    )
    meeting_id: int
    bloc = fields.CharField(12)
    numerator = fields.IntField()
    denominator = fields.IntField()

    class Meta:
        table = "meeting_bloc"
        unique_together = (("meeting_id", "bloc"),)


class MeetingProposal(Model):
    """The meeting is about this proposal."""

    id = fields.BigIntField(primary_key=True)
    meeting: Any = fields.ForeignKeyField(
        "models.JointMeeting", related_name="proposals", on_delete=fields.CASCADE
    )
    meeting_id: int
    proposal: Any = fields.ForeignKeyField(
        "models.Proposal", related_name="meetings", on_delete=fields.CASCADE
    )
    proposal_id: int

    class Meta:
        table = "meeting_proposal"
        unique_together = (("meeting_id", "proposal_id"),)


class Seat(Model):
    """A seat with its number in the meeting. ``filled_by``: party, nomination, ballot or sortition.

    State: vacant, invited, confirmed. ``person`` is the delegate now; ``replaced`` whose substitute they are.
    """

    id = fields.BigIntField(primary_key=True)
    meeting: Any = fields.ForeignKeyField(
        "models.JointMeeting", related_name="seats", on_delete=fields.CASCADE
    )
    meeting_id: int
    number = fields.IntField()
    bloc = fields.CharField(12)
    party: Any = fields.ForeignKeyField(
        "models.Party", related_name="seats", null=True, on_delete=fields.RESTRICT
    )
    party_id: int | None
    filled_by = fields.CharField(12)
    state = fields.CharField(12, default="vacant")
    present = fields.BooleanField(default=False)
    person: Any = fields.ForeignKeyField(
        "models.Person", related_name="seats", null=True, on_delete=fields.RESTRICT
    )
    person_id: UUID | None
    replaced: Any = fields.ForeignKeyField(
        "models.Person", related_name="substituted", null=True, on_delete=fields.RESTRICT
    )
    replaced_id: UUID | None
    ballot: Any = fields.ForeignKeyField(
        "models.Ballot", related_name="seats", null=True, on_delete=fields.RESTRICT
    )
    ballot_id: int | None
    option_key = fields.CharField(12, null=True)

    class Meta:
        table = "seat"
        unique_together = (
            ("meeting_id", "number"),
            ("meeting_id", "person_id"),
            ("meeting_id", "ballot_id", "option_key"),
        )
        indexes = (("person_id",), ("party_id",))


class Attendance(Model):
    """A delegate came, and maybe left."""

    id = fields.BigIntField(primary_key=True)
    seat: Any = fields.ForeignKeyField("models.Seat", related_name="attendance", on_delete=fields.CASCADE)
    seat_id: int
    person: Any = fields.ForeignKeyField(
        "models.Person", related_name="attendance", on_delete=fields.RESTRICT
    )
    person_id: UUID
    came_at = fields.DatetimeField()
    left_at = fields.DatetimeField(null=True)

    class Meta:
        table = "attendance"
        indexes = (("seat_id", "came_at"),)


class Sortition(Model):
    """The call for volunteers of an area and its draw. State: open, closed, drawn. ``seed`` is a checkpoint's root."""

    meeting: Any = fields.OneToOneField("models.JointMeeting", related_name="sortition", primary_key=True)
    meeting_id: int
    area: Any = fields.ForeignKeyField("models.Area", related_name="sortitions", on_delete=fields.RESTRICT)
    area_id: int
    state = fields.CharField(8, default="open")
    closes_at = fields.DatetimeField(db_index=True)
    list_hash = fields.CharField(64, default="")
    size = fields.BigIntField(null=True)
    seed = fields.CharField(64, default="")

    class Meta:
        table = "sortition"


class Volunteer(Model):
    """Somebody whose name goes into the draw. ``rank`` counts from 1 once it is drawn."""

    id = fields.BigIntField(primary_key=True)
    meeting: Any = fields.ForeignKeyField(
        "models.JointMeeting", related_name="volunteers", on_delete=fields.CASCADE
    )
    meeting_id: int
    person: Any = fields.ForeignKeyField(
        "models.Person", related_name="volunteered", on_delete=fields.RESTRICT
    )
    person_id: UUID
    rank = fields.IntField(null=True)
    declined = fields.BooleanField(default=False)

    class Meta:
        table = "volunteer"
        unique_together = (("meeting_id", "person_id"),)
        indexes = (("meeting_id", "rank"),)


class AgendaItem(Model):
    """An item in its order. State: requested, accepted, refused; ``done_at`` when the meeting is through with it."""

    id = fields.BigIntField(primary_key=True)
    meeting: Any = fields.ForeignKeyField(
        "models.JointMeeting", related_name="items", on_delete=fields.CASCADE
    )
    meeting_id: int
    position = fields.IntField()
    title = fields.CharField(200)
    body = fields.TextField(default="")
    salt = fields.BinaryField()
    state = fields.CharField(12, default="accepted")
    requested_by: Any = fields.ForeignKeyField(
        "models.Party", related_name="agenda_items", null=True, on_delete=fields.RESTRICT
    )
    requested_by_id: int | None
    reason = fields.CharField(500, default="")
    done_at = fields.DatetimeField(null=True)

    class Meta:
        table = "agenda_item"
        indexes = (("meeting_id", "position"),)


class Speaker(Model):
    """A seat on the speakers' list of an item. State: waiting, speaking, done, withdrawn.

    ``live`` is the seat while it waits or speaks, so that it stands on the list once.
    """

    id = fields.BigIntField(primary_key=True)
    meeting: Any = fields.ForeignKeyField(
        "models.JointMeeting", related_name="speakers", on_delete=fields.CASCADE
    )
    meeting_id: int
    item: Any = fields.ForeignKeyField(
        "models.AgendaItem", related_name="speakers", null=True, on_delete=fields.CASCADE
    )
    item_id: int | None
    seat: Any = fields.ForeignKeyField("models.Seat", related_name="speeches", on_delete=fields.CASCADE)
    seat_id: int
    person: Any = fields.ForeignKeyField("models.Person", related_name="speeches", on_delete=fields.RESTRICT)
    person_id: UUID
    state = fields.CharField(10, default="waiting")
    live = fields.BigIntField(null=True, unique=True)
    asked_at = fields.DatetimeField()
    began_at = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "speaker"
        indexes = (("meeting_id", "state", "id"),)
