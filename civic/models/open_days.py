"""Public open days: series, editions with their slots, registrations, questions and feedback."""

from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model


class OpenDaySeries(Model):
    """Editions that recur. ``rule`` is an RFC 5545 RRULE over days; state: active, ended.

    ``slots`` are ``[{"at": minutes after midnight, "minutes", "capacity"}]``, in the platform's zone.
    """

    id = fields.BigIntField(primary_key=True)
    host: Any = fields.ForeignKeyField(
        "models.Party", related_name="open_day_series", on_delete=fields.RESTRICT
    )
    host_id: int
    area: Any = fields.ForeignKeyField(
        "models.Area", related_name="open_day_series", on_delete=fields.RESTRICT
    )
    area_id: int
    title = fields.CharField(120)
    about = fields.TextField(default="")
    place = fields.CharField(200)
    access = fields.CharField(500, default="")
    rule = fields.CharField(200)
    first_on = fields.DateField()
    slots: fields.Field[list[dict[str, int]]] = fields.JSONField()
    announce_days = fields.SmallIntField(default=21)  # so long before the day registration opens
    state = fields.CharField(12, default="active")
    created_at = fields.DatetimeField()

    class Meta:
        table = "open_day_series"


class OpenDay(Model):
    """One edition. State: draft, discarded (a draft that was dropped), announced, held, cancelled, reported.

    ``registered``, ``waiting`` and ``attended`` count people, companions included. Latitude and longitude are in
    millionths of a degree. ``salt`` is for the commitment to the report's text.
    """

    id = fields.BigIntField(primary_key=True)
    series: Any = fields.ForeignKeyField(
        "models.OpenDaySeries", related_name="editions", null=True, on_delete=fields.SET_NULL
    )
    series_id: int | None
    host: Any = fields.ForeignKeyField("models.Party", related_name="open_days", on_delete=fields.RESTRICT)
    host_id: int
    area: Any = fields.ForeignKeyField("models.Area", related_name="open_days", on_delete=fields.RESTRICT)
    area_id: int
    scenario: Any = fields.ForeignKeyField(
        "models.Scenario", related_name="open_days", null=True, on_delete=fields.SET_NULL
    )
    scenario_id: int | None
    author: Any = fields.ForeignKeyField(
        "models.Person", related_name="open_days", null=True, on_delete=fields.RESTRICT
    )
    author_id: UUID | None
    title = fields.CharField(120)
    about = fields.TextField(default="")
    place = fields.CharField(200)
    access = fields.CharField(500, default="")
    online_url = fields.CharField(300, default="")
    latitude = fields.IntField(null=True)
    longitude = fields.IntField(null=True)
    starts_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    opens_at = fields.DatetimeField()  # registration
    closes_at = fields.DatetimeField()
    state = fields.CharField(12, default="draft")
    cancel_reason = fields.CharField(500, default="")
    report = fields.TextField(default="")
    salt = fields.BinaryField()
    on_day = fields.DateField(null=True)  # of an edition of a series: its day in the platform's zone
    reported_at = fields.DatetimeField(null=True)
    registered = fields.IntField(default=0)
    waiting = fields.IntField(default=0)
    attended = fields.IntField(default=0)
    revision = fields.IntField(default=0)  # SEQUENCE of the calendar entry
    created_at = fields.DatetimeField()

    class Meta:
        table = "open_day"
        unique_together = (("series_id", "on_day"),)
        indexes = (("state", "starts_at"), ("area_id", "starts_at"), ("host_id", "starts_at"))


class OpenDayHost(Model):
    """A party that hosts an edition together with its host."""

    id = fields.BigIntField(primary_key=True)
    open_day: Any = fields.ForeignKeyField(
        "models.OpenDay", related_name="co_hosts", on_delete=fields.CASCADE
    )
    open_day_id: int
    party: Any = fields.ForeignKeyField("models.Party", related_name="co_hosted", on_delete=fields.RESTRICT)
    party_id: int

    class Meta:
        table = "open_day_host"
        unique_together = (("open_day_id", "party_id"),)


class OpenDaySlot(Model):
    """A time within an edition. ``taken`` never exceeds ``capacity``: the database checks it too."""

    id = fields.BigIntField(primary_key=True)
    open_day: Any = fields.ForeignKeyField("models.OpenDay", related_name="slots", on_delete=fields.CASCADE)
    open_day_id: int
    position = fields.SmallIntField()
    starts_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    capacity = fields.IntField()
    taken = fields.IntField(default=0)
    waiting = fields.IntField(default=0)
    turns = fields.IntField(default=0, db_default=0)  # how often places changed hands

    class Meta:
        table = "open_day_slot"
        unique_together = (("open_day_id", "position"),)


class Registration(Model):
    """Places for a person and companions, or a party's delegation. State: confirmed, waitlisted, cancelled,
    attended, no_show.

    The line is the order of ``id``. ``code`` is the ticket's. ``name`` is whom the door asks for; ``current`` names
    edition and person while the registration stands, so that nobody stands in it twice.
    """

    id = fields.BigIntField(primary_key=True)
    open_day: Any = fields.ForeignKeyField(
        "models.OpenDay", related_name="registrations", on_delete=fields.CASCADE
    )
    open_day_id: int
    slot: Any = fields.ForeignKeyField(
        "models.OpenDaySlot", related_name="registrations", on_delete=fields.CASCADE
    )
    slot_id: int
    person: Any = fields.ForeignKeyField(
        "models.Person", related_name="registrations", null=True, on_delete=fields.CASCADE
    )
    person_id: UUID | None
    party: Any = fields.ForeignKeyField(
        "models.Party", related_name="registrations", null=True, on_delete=fields.CASCADE
    )
    party_id: int | None
    clerk: Any = fields.ForeignKeyField(
        "models.Person", related_name="registered_for", null=True, on_delete=fields.SET_NULL
    )
    clerk_id: UUID | None
    name = fields.CharField(80)
    size = fields.SmallIntField()
    state = fields.CharField(12)
    code = fields.CharField(16, unique=True)
    current = fields.CharField(64, null=True, unique=True)
    at = fields.DatetimeField()
    promoted_at = fields.DatetimeField(null=True)
    checked_in_at = fields.DatetimeField(null=True)
    attempt = fields.CharField(40, default="", db_default="")  # the scan that let them in

    class Meta:
        table = "registration"
        indexes = (("slot_id", "state", "id"), ("open_day_id", "state"), ("person_id",))


class OpenDayQuestion(Model):
    """A question to the host. State: open, answered, hidden. ``proposal`` is what it was carried into."""

    id = fields.BigIntField(primary_key=True)
    open_day: Any = fields.ForeignKeyField(
        "models.OpenDay", related_name="questions", on_delete=fields.CASCADE
    )
    open_day_id: int
    author: Any = fields.ForeignKeyField(
        "models.Person", related_name="questions", null=True, on_delete=fields.RESTRICT
    )
    author_id: UUID | None
    body = fields.CharField(1000)
    salt = fields.BinaryField()
    state = fields.CharField(12, default="open")
    supports = fields.IntField(default=0)
    answer = fields.TextField(default="")
    answered_at = fields.DatetimeField(null=True)
    answered_by: Any = fields.ForeignKeyField(
        "models.Party", related_name="answered_questions", null=True, on_delete=fields.RESTRICT
    )
    answered_by_id: int | None
    hidden_reason = fields.CharField(500, default="")
    proposal: Any = fields.ForeignKeyField(
        "models.Proposal", related_name="questions", null=True, on_delete=fields.SET_NULL
    )
    proposal_id: int | None
    at = fields.DatetimeField()

    class Meta:
        table = "open_day_question"
        indexes = (("open_day_id", "supports"),)


class QuestionSupport(Model):
    """One person supports one question, once."""

    id = fields.BigIntField(primary_key=True)
    question: Any = fields.ForeignKeyField(
        "models.OpenDayQuestion", related_name="support_rows", on_delete=fields.CASCADE
    )
    question_id: int
    person: Any = fields.ForeignKeyField(
        "models.Person", related_name="question_supports", on_delete=fields.CASCADE
    )
    person_id: UUID

    class Meta:
        table = "question_support"
        unique_together = (("question_id", "person_id"),)


class OpenDayFeedback(Model):
    """What somebody who came thinks of the day: 1 (bad) to 5 (good), and a word."""

    id = fields.BigIntField(primary_key=True)
    registration: Any = fields.OneToOneField(
        "models.Registration", related_name="feedback", on_delete=fields.CASCADE
    )
    registration_id: int
    open_day: Any = fields.ForeignKeyField(
        "models.OpenDay", related_name="feedback", on_delete=fields.CASCADE
    )
    open_day_id: int
    stars = fields.SmallIntField()
    text = fields.CharField(1000, default="")
    salt = fields.BinaryField()
    at = fields.DatetimeField()

    class Meta:
        table = "open_day_feedback"
