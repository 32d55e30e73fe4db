"""Proposals in the API."""

from civic.schema.proposals.mutations import Mutation, Subscription
from civic.schema.proposals.queries import Query
from civic.schema.proposals.types import Change, Proposal, changes

__all__ = ["Change", "Mutation", "Proposal", "Query", "Subscription", "changes"]
