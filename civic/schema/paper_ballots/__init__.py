"""Voting on paper in the API: how it stands for everybody, handing out and entering for the host's clerks."""

from civic.schema.paper_ballots.roots import Mutation, Query

__all__ = ["Mutation", "Query"]
