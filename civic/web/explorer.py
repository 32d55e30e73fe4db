"""The page at /graphql to try the API with: its examples. It needs no third party."""

from __future__ import annotations

from typing import Any

from civic import i18n
from civic.errors import N_

# What it does, the document, and its variables as JSON.
EXAMPLES: tuple[tuple[str, str, str], ...] = (
    (
        N_("The newest proposals"),
        "query Newest($first: Int = 5) {\n  proposals(first: $first) {\n    totalCount\n    nodes { id title state supports "
        "publishedAt author { name } area { name code } }\n    pageInfo { hasNextPage endCursor }\n  }\n}",
        '{"first": 5}',
    ),
    (
        N_("Votes that are open, with their turnout"),
        '{\n  ballots(first: 10, state: "open") {\n'
        "    nodes { id title closesAt eligible cast area { name } host { name } }\n  }\n}",
        "",
    ),
    (
        N_("An area, what it lies in and what lies in it"),
        "query Area($code: String!) {\n  area(code: $code) {\n    name level\n    above { name code }\n"
        "    children(first: 20) { nodes { name code } }\n  }\n}",
        '{"code": "310104"}',
    ),
    (
        N_("The last acts on the public ledger, with proofs"),
        "{\n  checkpoint { size root }\n  ledger(first: 3) { nodes { seq act kind subject leafHash proof } }\n}",
        "",
    ),
    (N_("Who I am"), "{\n  viewer { name pseudonym memberships { role party { name kind } } }\n}", ""),
    (
        N_("All that can be asked for"),
        "{\n  __schema {\n    queryType { fields { name description } }\n"
        "    mutationType { fields { name description } }\n  }\n}",
        "",
    ),
)


def names(language: str) -> dict[str, Any]:
    """What the page's template needs beside what every page has."""
    return {
        "examples": [
            {"label": str(i18n.gettext(label, language)), "query": query, "variables": variables}
            for label, query, variables in EXAMPLES
        ]
    }
