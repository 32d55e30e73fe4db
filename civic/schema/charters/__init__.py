"""Charters in the API: clauses, versions, changes, signatures, what is missing, and what people do about them."""

import strawberry

from civic.schema.charters import queries, resolutions
from civic.schema.charters.mutations import Mutation


@strawberry.type
class Query(queries.Query, resolutions.Query):
    """Charters, and what they are drafted from."""


__all__ = ["Mutation", "Query"]
