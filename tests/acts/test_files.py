"""Attachments: kept by content, seen with their proposal, removed by the author."""

from typing import Any

import pytest

from civic import storage
from civic.acts import files, proposals
from civic.acts.core import Actor
from civic.errors import InvalidInput, InvalidState, NotFound, TooMany
from civic.models import Attachment, File
from tests.acts.test_proposals import published, refusal
from tests.support.world import World

pytestmark = pytest.mark.anyio


async def test_a_file_is_attached_and_removed(app: Any, client: Any, world: World) -> None:
    """ "proposal.attach", "proposal.detach" """
    author = await world.resident()
    draft = await proposals.create(Actor(author), title="甲", body="乙", area=world.community.code)
    await refusal(InvalidInput, "file_type", files.store("a.html", b"<script>"))
    kept = await files.store("说明.txt", "请看".encode())
    assert storage.place(kept.sha256).read_bytes() == "请看".encode()
    made = await files.attach(Actor(author), draft, file=kept)
    row = await File.get(id=made.file_id)
    path = f"/files/{row.id}/{row.name}"
    assert (await client.get(path)).status_code == 404
    await refusal(InvalidState, "attached", files.attach(Actor(author), draft, file=kept))
    await proposals.publish(Actor(author), draft)
    answer = await client.get(path)
    assert answer.content == "请看".encode()
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    await refusal(NotFound, "gone", files.detach(Actor(author), draft, attachment=made.id + 1))
    await files.detach(Actor(author), draft, attachment=made.id)
    assert (await client.get(path)).status_code == 404
    record = str(await world.recorded("proposal.attach"))
    assert kept.sha256 not in record and "说明" not in record


async def test_a_withdrawn_draft_shows_its_files_to_nobody(app: Any, client: Any, world: World) -> None:
    author = await world.resident()
    draft = await proposals.create(Actor(author), title="甲", body="乙", area=world.community.code)
    made = await files.attach(Actor(author), draft, file=await files.store("a.txt", b"secret"))
    await proposals.withdraw(Actor(author), draft)
    assert (await client.get(f"/files/{made.file_id}/a.txt")).status_code == 404
    assert (await client.get(f"/proposals/{draft.id}")).status_code == 404


async def test_not_more_than_ten(connected: str, world: World) -> None:
    author = await world.resident()
    proposal = await published(world, author)
    for number in range(files.MOST):
        await files.attach(Actor(author), proposal, file=await files.store("a.txt", b"%d" % number))
    last = await files.store("a.txt", b"last")
    await refusal(TooMany, "too_many", files.attach(Actor(author), proposal, file=last))
    assert await Attachment.all().count() == files.MOST
