"""Public open days in the API."""

from civic.schema.open_days.mutations import Mutation
from civic.schema.open_days.queries import Query

__all__ = ["Mutation", "Query"]
