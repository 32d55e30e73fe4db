"""Downloads: who gets a file, and that nothing in it can run."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from civic import clock, db
from civic.models import Area, Attachment, File, Person, Proposal
from civic.settings import settings
from civic.web.sessions import digest

pytestmark = pytest.mark.anyio


async def store(content: bytes, name: str, media_type: str) -> tuple[Person, File]:
    place = settings().files_dir / sha256(content).hexdigest()
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)

    async def save() -> tuple[Person, File]:
        person = await Person.create(pseudonym=name[:9], name="Lin", created_at=clock.now())
        file = await File.create(
            sha256=place.name,
            name=name,
            media_type=media_type,
            size=len(content),
            owner=person,
            at=clock.now(),
        )
        return person, file

    return await db.write(save)


async def attach(file: File, kind: str, subject_id: int) -> None:
    async def save() -> None:
        await Attachment.create(file=file, kind=kind, subject_id=subject_id)

    await db.write(save)


async def test_a_public_file_is_saved_not_run(app: Any, client: Any) -> None:
    _, file = await store(b"<script>alert(1)</script>", "计划 1.html", "text/html")
    await attach(file, "response", 1)
    answer = await client.get(f"/files/{file.id}/x.html")
    assert answer.content == b"<script>alert(1)</script>"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E8%AE%A1")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    kept = await client.get(f"/files/{file.id}/x", headers={"If-None-Match": answer.headers["etag"]})
    assert kept.status_code == 304


async def test_an_image_is_shown(app: Any, client: Any) -> None:
    _, file = await store(b"\x89PNG", "a.png", "image/png")
    await attach(file, "response", 1)
    answer = await client.get(f"/files/{file.id}/a.png")
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-disposition"].startswith("inline")


async def test_a_file_of_nobody_else(app: Any, client: Any) -> None:
    person, file = await store(b"private", "b.txt", "text/plain")
    for key in (str(file.id), "999", "x", "9" * 40):
        assert (await client.get(f"/files/{key}/b.txt")).status_code == 404
    await app.state.sessions.store.start(person, digest("t"), clock.now() + timedelta(days=1))
    client.cookies.set("civic_session", "t")
    answer = await client.get(f"/files/{file.id}/b.txt")
    assert answer.content == b"private" and answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("hidden", ["draft", "hidden"])
async def test_files_of_hidden_things_are_not_public(app: Any, client: Any, hidden: str) -> None:
    person, file = await store(b"draft", "c.txt", "text/plain")

    async def save() -> Proposal:
        area = await Area.create(name="A", level="city", code="1")
        return await Proposal.create(
            author=person, area=area, title="T", body="B", salt=b"s", state=hidden, created_at=clock.now()
        )

    proposal = await db.write(save)
    await attach(file, "proposal", proposal.id)
    assert (await client.get(f"/files/{file.id}/c.txt")).status_code == 404

    async def publish() -> None:
        await Proposal.filter(id=proposal.id).update(state="published")

    await db.write(publish)
    assert (await client.get(f"/files/{file.id}/c.txt")).content == b"draft"
