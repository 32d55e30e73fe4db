"""The receipt as a file: what the voter's page gives is what `civic check-receipt` reads; sealed, with its proof."""

import asyncio
from pathlib import Path
from typing import Any

import orjson
import pytest

from civic.ledger import note, published, sequencer
from civic.ledger.export import export
from civic.models import LedgerEntry
from civic.rules import merkle
from tests.ledger.test_verify import civic
from tests.support.world import World
from tests.web.test_ballot_pages import cast, open_ballot, receipt_of, signed_in
from tests.web.test_complaint_pages import at_form

pytestmark = pytest.mark.anyio


async def test_from_the_voters_page_to_the_command(client: Any, world: World, tmp_path: Path) -> None:
    voter = await world.resident()
    ballot = await open_ballot(world)
    await signed_in(client, voter)
    page = (await cast(client, f"/ballots/{ballot.id}/vote", "2")).text
    assert 'class="qr' in page and "我们以签名承诺" in page
    text = at_form(page, "/receipts/file")["receipt"]
    assert text == receipt_of(page)
    client.cookies.clear()
    plain = await client.post("/receipts/file", data={"receipt": text})
    assert plain.status_code == 200 and plain.headers["cache-control"] == "no-store"
    assert f'filename="receipt-{ballot.id}-1.json"' in plain.headers["content-disposition"]
    await sequencer.seal()
    answer = await client.post("/receipts/file", data={"receipt": plain.text})
    found = answer.json()
    assert {k: v for k, v in found.items() if k != "inclusion"} == orjson.loads(text)
    inclusion = found["inclusion"]
    stated = note.parse(note.verify(inclusion["checkpoint"], published.verifier()))
    leaf = merkle.leaf_hash((await LedgerEntry.get(seq=inclusion["entry"])).payload.encode())
    proof = [bytes.fromhex(node) for node in inclusion["proof"]]
    merkle.verify_inclusion(leaf, inclusion["entry"], stated.size, proof, stated.root)
    file = tmp_path / "receipt.json"
    file.write_bytes(answer.content)
    await export(tmp_path / "out")
    status, said = await asyncio.to_thread(
        civic, "check-receipt", str(file), str(tmp_path / "out"), "--choice", "2"
    )
    assert status == 0 and "The receipt holds." in said, said


async def test_what_is_no_receipt_of_ours_is_no_file(client: Any, world: World) -> None:
    voter = await world.resident()
    ballot = await open_ballot(world)
    await signed_in(client, voter)
    text = receipt_of((await cast(client, f"/ballots/{ballot.id}/vote", "1")).text)
    for bad in ("", "{}", "x" * 20_000, text.replace('"version":1', '"version":2'), text[:-9]):
        assert (await client.post("/receipts/file", data={"receipt": bad})).status_code in (400, 422)
    elsewhere = {"sec-fetch-site": "cross-site"}
    assert (await client.post("/receipts/file", data={"receipt": text}, headers=elsewhere)).status_code == 403
    assert (await client.get("/receipts/file")).status_code in (404, 405)
