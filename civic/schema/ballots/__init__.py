"""Ballots in the API: reading, hosting, voting, checking, counting."""

from civic.schema.ballots.mutations import Mutation
from civic.schema.ballots.queries import Query, Subscription

__all__ = ["Mutation", "Query", "Subscription"]
