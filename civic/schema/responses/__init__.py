"""The response clock and the answers of departments in the API."""

from civic.schema.responses.mutations import IdPayload, Mutation
from civic.schema.responses.queries import Query
from civic.schema.responses.types import Answer

__all__ = ["Answer", "IdPayload", "Mutation", "Query"]
