"""A tiny schema, its pages and an application without a database, to try the web layer with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import httpx2
import strawberry
from strawberry.file_uploads import Upload

from civic import app as civic_app
from civic import events
from civic.errors import InvalidInput, InvalidState
from civic.paths import templates
from civic.schema import build
from civic.schema.core.execute import Engine
from civic.schema.core.ids import encode
from civic.schema.core.query import Query as Core
from civic.web.sessions import Found, digest

NOTES: dict[str, dict[str, Any]] = {}
SENT: list[Any] = []


@strawberry.enum
class Tone(Enum):
    CALM = "calm"
    LOUD = "loud"


@strawberry.type
class Note:
    id: strawberry.ID
    title: str
    tone: Tone
    tags: list[str]


@strawberry.input
class PlaceInput:
    street: str
    number: int | None = None


@strawberry.input
class OptionInput:
    label: str


@strawberry.input
class NoteInput:
    title: str
    tone: Tone = Tone.CALM
    tags: list[str] = strawberry.field(default_factory=list)
    place: PlaceInput | None = None
    options: list[OptionInput] | None = None
    sure: bool = False
    agreed: bool
    at: datetime | None = None
    file: Upload | None = None
    password: str | None = None


@strawberry.input
class RenameInput:
    id: strawberry.ID
    title: str


@strawberry.type
class NoteAnswer:
    note: Note


def shown(key: str) -> Note | None:
    row = NOTES.get(key)
    return (
        Note(id=encode("Note", key), title=row["title"], tone=row["tone"], tags=row["tags"]) if row else None
    )


@strawberry.type
class Query(Core):
    @strawberry.field
    def note(self, id: strawberry.ID) -> Note | None:
        from civic.schema.core.ids import decode

        return shown(decode(id, "Note"))

    @strawberry.field
    def notes(self, first: int = 10, tone: Tone | None = None) -> list[Note]:
        return [note for key in list(NOTES)[:first] if (note := shown(key)) and tone in (None, note.tone)]

    @strawberry.field
    def me(self, info: strawberry.Info) -> str:
        return str(info.context.signed_in().name)

    @strawberry.field
    def crash(self) -> str:
        raise ZeroDivisionError("secret")


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def write_note(self, input: NoteInput) -> NoteAnswer:
        if not input.title:
            raise InvalidInput("Write a title.", field="title", reason="empty")
        if input.title == "taken":
            raise InvalidState("Too late.")
        content = (await input.file.read()).decode() if input.file else None
        SENT.append((input, content))
        key = f"n{len(NOTES) + 1}"
        NOTES[key] = {"title": input.title, "tone": input.tone, "tags": input.tags}
        note = shown(key)
        assert note
        return NoteAnswer(note=note)

    @strawberry.mutation
    def rename(self, input: RenameInput) -> NoteAnswer:
        from civic.schema.core.ids import decode

        key = decode(input.id, "Note")
        NOTES[key]["title"] = input.title
        note = shown(key)
        assert note
        return NoteAnswer(note=note)


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def ticks(self, count: int = 3) -> AsyncIterator[int]:
        for number in range(count):
            yield number

    @strawberry.subscription
    async def news(self) -> AsyncIterator[str]:
        async for act in events.subscribe("note:1"):
            yield act


PAGES = {
    "index.html": "{% extends 'layout/base.html' %}{% import 'parts/forms.html' as f %}{% block title %}Home{% endblock %}"
    "{% block main %}<p id='list'>{% block list %}{% for n in data.notes %}<a href='/notes/{{ n.id|key }}'>{{ n.title }}</a>"
    "{{ f.hidden('x', 1) }}{% endfor %}{% endblock %}</p>{{ _('Search') }} {{ url(after='b') }}"
    " {{ 12345|number }}{% endblock %}",
    "index.graphql": "query Home($first: Int = 5, $tone: Tone) { notes(first: $first, tone: $tone) { id title } }",
    "about.html": "{% extends 'layout/base.html' %}{% block main %}About{% endblock %}",
    "about.graphql": "# No data.\n",
    "notes/new.html": "{% extends 'layout/base.html' %}{% import 'parts/forms.html' as f %}{% block main %}"
    "{{ f.error_summary(form) }}{% call f.form_tag('Write', multipart=true) %}{{ f.text(form, 'title', 'Title') }}"
    "{{ f.text(form, 'place.street', 'Street') }}{{ f.submit('Save') }}{% endcall %}{% endblock %}",
    "notes/new.graphql": "# @redirect /notes/{writeNote.note.id}#end\n# @flash Saved.\n"
    "mutation Write($input: NoteInput!) { writeNote(input: $input) { note { id } } }",
    "notes/[id].html": "{% extends 'layout/base.html' %}{% import 'parts/forms.html' as f %}{% block main %}"
    "<h1>{{ data.note.title }}</h1>{% call f.form_tag('Rename') %}{{ f.text(form_of('Rename'), 'title', 'T') }}{% endcall %}"
    "{% endblock %}",
    "notes/[id].graphql": "# @id Note\n# @require note\nquery P($id: ID!) { note(id: $id) { title } }\n"
    "mutation Rename($input: RenameInput!) { rename(input: $input) { note { id } } }",
    "mine.html": "{% extends 'layout/base.html' %}{% block main %}{{ data.me }}{% endblock %}",
    "mine.graphql": "# @signed-in\nquery Mine { me }",
    "me.html": "{{ data.me }}",
    "me.graphql": "{ me }",
    "crash.html": "{{ data.crash }}",
    "crash.graphql": "{ crash }",
}


@dataclass
class Store:
    """Sessions in memory."""

    found: dict[str, Found] = field(default_factory=dict)

    async def session(self, hash: str) -> Found | None:
        return self.found.get(hash)

    async def access_token(self, hash: str) -> Found | None:
        return self.found.get("t" + hash)

    async def start(self, person: Any, hash: str, ends_at: datetime) -> None:
        self.found[hash] = Found(person, ends_at, None)

    async def touch(self, hash: str) -> None: ...

    async def end(self, hash: str) -> None:
        self.found.pop(hash, None)


PERSON = SimpleNamespace(
    pk="p1", name="Lin", pseudonym="p-lin", email="l@example.org", language="en", steward=False
)


def write_pages(folder: Path) -> Path:
    """The tiny pages beside the platform's own layout and parts."""
    for name in ("layout", "parts", "assets"):
        (folder / name).symlink_to(templates() / name)
    for name, text in PAGES.items():
        path = folder / "pages" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def engine() -> Engine:
    module = ModuleType("tiny")
    module.Query, module.Mutation, module.Subscription = Query, Mutation, Subscription  # type: ignore[attr-defined]
    return Engine(build([module]))


def make_app(folder: Path) -> Any:
    """The application on the tiny schema, its sessions in memory; ``lin`` is a valid session token."""
    NOTES.clear()
    SENT.clear()
    NOTES["n1"] = {"title": "First", "tone": Tone.CALM, "tags": []}
    app = civic_app.create_app(engine(), write_pages(folder))
    store = Store(
        {
            digest("lin"): Found(PERSON, None, None),
            "t" + digest("reader"): Found(PERSON, None, None, frozenset({"read"})),
        }
    )
    app.state.sessions.store = store
    return app


def client(app: Any) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app),
        base_url="http://127.0.0.1:8000",
        headers={"Accept-Language": "en"},
    )
