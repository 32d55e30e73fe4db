"""Ballots in the API: reading, hosting, voting, checking, counting, and who may vote."""

import strawberry

from civic.schema.ballots.mutations import Mutation as Holding
from civic.schema.ballots.queries import Query as Reading
from civic.schema.ballots.queries import Subscription
from civic.schema.ballots.roll_uploads import RollUploadMutation, RollUploadQuery
from civic.schema.ballots.rolls import RollMutation, RollQuery
from civic.schema.ballots.types import Ballot
from civic.schema.ballots.viewing import turnout


@strawberry.type
class Query(Reading, RollQuery, RollUploadQuery):
    """What can be read of ballots."""


@strawberry.type
class Mutation(Holding, RollMutation, RollUploadMutation):
    """What people can do with a ballot."""


__all__ = ["Ballot", "Mutation", "Query", "Subscription", "turnout"]
