"""Hostile text in every form of every page: the page again with what was typed, or a redirect; never a failure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle
from secrets import token_hex
from typing import Any

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLList, GraphQLNonNull

from civic import clock
from civic.schema.core.ids import encode
from civic.web.pages.documents import Documents, Operation
from civic.web.pages.routing import Page
from civic.web.security import csrf_token
from civic.web.sessions import cookie_name, digest
from tests.acts.permission_rows import ballots as ballot_rows
from tests.acts.permission_rows import proposals as proposal_rows
from tests.support.hostile import NUL, naughty, strings
from tests.support.permissions import Cast
from tests.support.world import World

pytestmark = [pytest.mark.anyio, pytest.mark.slow, pytest.mark.timeout(600), naughty]
ANSWERS = {200, 303, 400, 401, 403, 404, 409, 413, 422, 429}
TOKEN = "the session of this test"


def dealt() -> Iterator[list[str]]:
    """For each form and role the next few texts: two with markup, two others, and two of what is odd in its own way.

    A form gets each odd one from one of the roles, and the lists go round: so every text comes to many forms.
    """
    every = strings()
    markup = cycle(text for text in every if "<" in text)
    others = cycle(text for text in every if "<" not in text)
    nul = cycle(NUL)
    odd = cycle(["x" * 100_000, "a\r\nb", "'\"><b>"])
    while True:
        yield [next(markup), next(markup), next(others), next(others), next(nul), next(odd), next(odd)]


USUAL = {"Int": "1", "Float": "1", "Boolean": "true", "Date": "2027-03-01", "DateTime": "2027-03-01T10:00"}
USUAL_TEXTS = {
    "verdict": "accepted",
    "stance": "for",
    "method": "single",
    "passing": "plurality",
    "kind": "association",
}


def names(kind: Any, prefix: str, depth: int = 0) -> list[tuple[str, str]]:
    """The fields of a form for an input type, and what each usually holds: "" for free text.

    Ids are left out, so that the page fills in those of its address.
    """
    while isinstance(kind, GraphQLNonNull):
        kind = kind.of_type
    if isinstance(kind, GraphQLList):
        inner = kind.of_type
        while isinstance(inner, GraphQLNonNull):
            inner = inner.of_type
        return names(inner, f"{prefix}.0" if isinstance(inner, GraphQLInputObjectType) else prefix, depth + 1)
    if isinstance(kind, GraphQLInputObjectType):
        found = []
        for name, field in kind.fields.items() if depth < 4 else ():
            found += names(field.type, f"{prefix}.{name}" if prefix else name, depth + 1)
        return found
    if isinstance(kind, GraphQLEnumType):
        return [(prefix, next(iter(kind.values)))]
    if kind.name == "String":
        return [(prefix, USUAL_TEXTS.get(prefix, ""))]
    return [(prefix, USUAL[kind.name])] if kind.name in USUAL else []


def fields(operation: Operation) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, kind in operation.variables.items():
        found += names(kind, "" if name == "input" else name)
    return found


async def test_every_form_of_every_page(app: Any, client: Any, world: World) -> None:
    cast = await Cast.make(world)
    made = {
        "proposals": (await proposal_rows.draft(cast)).id, "ballots": (await ballot_rows.draft(cast)).id,
        "parties": cast.party("manager").id, "areas": world.community.code,
        "asParty": encode("Party", world.department.id), "responses": (await proposal_rows.deadline(cast)).id,
    }  # fmt: skip
    tokens = {}
    for role in ("resident", "host"):
        tokens[role] = f"{TOKEN} {role}".replace(" ", "-")
        await app.state.sessions.store.start(
            cast.person(role), digest(tokens[role]), clock.now() + timedelta(days=1)
        )
    documents, seen = Documents(app.state.engine), Counter[int]()
    wrong: list[str] = []
    texts = dealt()
    # Accounts last: there one can delete oneself.
    for page in sorted(app.state.pages.routes.pages(), key=lambda page: page.pattern.startswith("account")):
        for operation in documents.get(page.document, 1).mutations.values():
            for role in tokens:
                wrong += await attack(client, page, operation, made, tokens[role], next(texts), seen)
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong[:20])
    # They came as far as the acts: some were carried out, and many refused for what they say.
    assert seen[303] + seen[200] > 20 and seen[422] > 500, seen


async def attack(
    client: Any,
    page: Page,
    operation: Operation,
    made: dict[str, Any],
    token: str,
    texts: list[str],
    seen: Counter[int],
) -> list[str]:
    """Send the form with each text in all its text fields."""
    folder = page.pattern.split("/")[0]
    path = "/" + page.pattern
    for part in page.pattern.split("/"):
        if part.startswith("["):
            path = path.replace(part, str(made.get(folder, 1)))
    wrong = []
    given = fields(operation)
    for text in texts if any(not usual for _, usual in given) else ["1"]:
        form = {name: usual or text for name, usual in given}
        if operation.name != "Comment":
            form["asParty"] = made["asParty"] if token.endswith("host") else ""
        form |= {"_op": operation.name, "_csrf": csrf_token(token), "_once": token_hex(8)}
        headers = {"Cookie": f"{cookie_name()}={token}", "Accept": "text/html"}
        answer = await client.post(path, data=form, headers=headers)
        seen[answer.status_code] += 1
        if answer.status_code not in ANSWERS:
            wrong.append(f"{path} {operation.name} {text!r:.50}: {answer.status_code}")
        if "<" in text and len(text) > 6 and text.strip() in answer.text:
            wrong.append(f"{path} {operation.name} {text!r:.50}: came back as markup")
    return wrong
