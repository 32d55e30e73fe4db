"""Ballots in the API: reading, hosting, voting, checking, counting."""

from civic.schema.ballots.mutations import Mutation
from civic.schema.ballots.queries import Query, Subscription
from civic.schema.ballots.types import Ballot
from civic.schema.ballots.viewing import turnout

__all__ = ["Ballot", "Mutation", "Query", "Subscription", "turnout"]
