"""Joint meetings in the API: the meeting and all that belongs to it, what people can do, and the room as it changes."""

import strawberry

from civic.schema.joint_meetings.planning import Planning
from civic.schema.joint_meetings.queries import Meetings
from civic.schema.joint_meetings.room import RoomQuery, Subscription
from civic.schema.joint_meetings.sitting import Sitting


@strawberry.type
class Query(Meetings, RoomQuery):
    """What can be read of joint meetings."""


@strawberry.type
class Mutation(Planning, Sitting):
    """What people can do with a joint meeting."""


__all__ = ["Mutation", "Query", "Subscription"]
