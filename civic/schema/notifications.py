"""What the signed-in person is told, and how they want it."""

from __future__ import annotations

from datetime import datetime

import strawberry

from civic import i18n
from civic.acts import notifications
from civic.models import Notification as NotificationRow
from civic.models import NotificationChoice
from civic.rules import notifications as rules
from civic.schema.core.connections import Connection, page_of
from civic.schema.core.ids import decode_int, encode
from civic.schema.people import Info


@strawberry.type(description="Something that the viewer is told.")
class Notification:
    id: strawberry.ID
    kind: str = strawberry.field(description="Such as response.published.")
    text: str = strawberry.field(description="The sentence, in the language of the request.")
    path: str = strawberry.field(description="The page that it is about.")
    at: datetime
    read: bool

    @classmethod
    def of(cls, info: Info, row: NotificationRow) -> Notification:
        return cls(
            id=encode("Notification", row.id), kind=row.kind,
            text=notifications.sentence(row.kind, row.title, row.detail, info.context.language),
            path=rules.path_of(row.subject, row.subject_id), at=row.at, read=row.read_at is not None,
        )  # fmt: skip


@strawberry.type(description="How often the viewer is told of a topic.")
class Choice:
    topic: str
    label: str
    platform: str = strawberry.field(description="at_once or never.")
    mail: str = strawberry.field(description="at_once, daily or never.")


@strawberry.type
class Query:
    @strawberry.field(description="What the viewer is told, the newest first.")
    async def notifications(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        unread: bool = False,
    ) -> Connection[Notification]:
        rows = NotificationRow.filter(person_id=info.context.signed_in().id, shown=True)
        if unread:
            rows = rows.filter(read_at=None)
        found = await page_of(first, after, last, before).rows(rows, [("id", "desc")])
        return found.connection(lambda row: Notification.of(info, row), total=rows.count)

    @strawberry.field(description="How the viewer wants to be told, by topic.")
    async def notification_choices(self, info: Info) -> list[Choice]:
        rows = NotificationChoice.filter(person_id=info.context.signed_in().id)
        chosen = {(row.topic, row.channel): row.often for row in await rows}

        def often(topic: str, channel: str) -> str:
            return chosen.get((topic, channel)) or rules.default(topic, channel)

        return [
            Choice(
                topic=name, label=i18n.gettext(topic.label, info.context.language),
                platform=often(name, "platform"), mail=often(name, "mail"),
            )
            for name, topic in rules.TOPICS.items()
        ]  # fmt: skip


@strawberry.input
class MarkReadInput:
    notifications: list[strawberry.ID] | None = strawberry.field(default=None, description="Without it: all.")


@strawberry.input
class ChoiceInput:
    topic: str
    platform: str = strawberry.field(description="at_once or never.")
    mail: str = strawberry.field(description="at_once, daily or never.")


@strawberry.input
class ChooseNotificationsInput:
    choices: list[ChoiceInput]


@strawberry.type
class MarkReadPayload:
    marked: int


@strawberry.type
class ChooseNotificationsPayload:
    kept: int


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Mark notifications as read. Nobody else learns of it: no act.")
    async def mark_notifications_read(self, info: Info, input: MarkReadInput) -> MarkReadPayload:
        given = input.notifications
        keys = (
            None if given is None else [decode_int(i, "Notification", field="notifications") for i in given]
        )
        return MarkReadPayload(marked=await notifications.mark_read(info.context.signed_in(), keys))

    @strawberry.mutation(description="Choose what one is told, and how often. Private: no act.")
    async def choose_notifications(
        self, info: Info, input: ChooseNotificationsInput
    ) -> ChooseNotificationsPayload:
        choices = {
            (c.topic, channel): getattr(c, channel) for c in input.choices for channel in rules.CHANNELS
        }
        await notifications.choose(info.context.signed_in(), choices)
        return ChooseNotificationsPayload(kept=len(input.choices))
