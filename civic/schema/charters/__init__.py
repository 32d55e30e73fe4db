"""Charters in the API: clauses, versions, changes, signatures, what is missing, and what people do about them."""

from civic.schema.charters.mutations import Mutation
from civic.schema.charters.queries import Query

__all__ = ["Mutation", "Query"]
