"""Obligations in the API: promises and duties, how they stand, and what people do about them."""

from civic.schema.obligations.mutations import Mutation
from civic.schema.obligations.queries import Query
from civic.schema.obligations.sides import Side
from civic.schema.obligations.types import Obligation

__all__ = ["Mutation", "Obligation", "Query", "Side"]
