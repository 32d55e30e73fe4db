"""Ballots by tokens: whoever has everything that was stored, keys included, cannot join voters and votes.

This attacker has more than the one of `test_secrecy.py`: besides the database byte by byte (before closing and after),
the ledger, the export and the log, also both private keys of the ballot, every message that was signed blindly, with
the name to which it was signed, and the box laid open vote by vote in the order of casting. What is left to find is
when people did what: the test shows that this attack succeeds where voters cast in the order in which they got
their tokens, and gets no more right than chance where they do not. (That the messages themselves say nothing is a matter
of counting: `tests/rules/test_blind_signatures.py`.)
"""

import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from civic import clock, db, jobs
from civic.acts import box
from civic.ledger import boxes, sequencer
from civic.ledger.export import export
from civic.models import TokenIssue
from civic.rules import sealing, tokens
from tests.acts.test_ballots import announced
from tests.acts.test_secrecy import BY_CHANCE, VOTERS, Guess, by_place, bytes_on_disk, in_order, matches
from tests.support.devices import Device
from tests.support.world import World

pytestmark = pytest.mark.anyio


async def test_not_even_with_the_keys(
    connected: str, world: World, request: pytest.FixtureRequest, tmp_path: Path, capfd: Any
) -> None:
    voters = await world.residents(VOTERS)
    asking = random.Random(7).sample(voters, VOTERS)
    casting = random.Random(11).sample(voters, VOTERS)
    ballot = await announced(world, anonymous=True)
    devices: dict[str, Device] = {}
    truth: Guess = {}
    seen: list[str] = []  # trackers as they came in
    dice = random.Random(20261124)
    with clock.shift(timedelta(hours=2)):
        await jobs.run_once()
        for voter in asking:
            devices[str(voter.id)] = await Device(ballot).get_token(voter)
        for voter in casting:
            receipt = await devices[str(voter.id)].cast(dice.choice(["yes", "no", "abstain"]))
            truth[str(voter.id)] = receipt.tracker
            seen.append(receipt.tracker)
        key = box.key_of(ballot.id)
        private = box.token_key_path(ballot.id).read_bytes()
        issued = await TokenIssue.filter(ballot_id=ballot.id).order_by("id").values("person_id", "blinded")
        order_of_rows = "xmin::text::bigint, ctid" if connected == "postgres" else "tag"
        rows = await db.fetch(f"SELECT tag, sealed FROM box_entry ORDER BY {order_of_rows}")
        while_open = bytes_on_disk(request, connected)
    with clock.shift(timedelta(hours=30)):
        await jobs.run_once()
    await sequencer.seal()
    await export(tmp_path / "out")
    after_closing = bytes_on_disk(request, connected)
    published = orjson.loads(await boxes.content(ballot.id) or b"")["ballots"]
    trackers = [paper["tracker"] for paper in published]
    assert sorted(truth.values()) == trackers

    # With the box key the operator reads the open box: votes, and no names.
    unseal = sealing.opener(key)
    opened = [unseal(row["tag"], bytes(row["sealed"])).tracker for row in rows]
    assert sorted(opened) == trackers
    ids = [str(voter.id) for voter in asking]
    assert not {sealing.tag(key, ballot.id, voter) for voter in ids} & {row["tag"] for row in rows}

    # Where people cast in the order of asking, time joins them: this attack is real, and documented.
    by_time = {"casting": [str(voter.id) for voter in casting]}
    assert matches(in_order(by_time["casting"], seen)[0], truth) == VOTERS

    # All else: orders of voters against orders of papers.
    people = {
        "asking": ids,
        "rows of issuing": [str(row["person_id"]) for row in issued],
        "hash of what was signed": [str(r["person_id"]) for r in sorted(issued, key=lambda r: r["blinded"])],
        "what was signed": sorted(ids, key=lambda voter: devices[voter].blinded),
        "identity": sorted(ids),
    }
    papers = {"as they came in": seen, "rows of the box": opened, "published": trackers}
    papers["signatures"] = [p["tracker"] for p in sorted(published, key=lambda p: p["token"].split(".")[3])]
    papers["keys"] = [p["tracker"] for p in sorted(published, key=lambda p: p["token"].split(".")[1])]
    for name, content in after_closing.items():
        if any(tracker.encode() in content for tracker in trackers):
            papers[f"first in {name}"] = by_place(content, trackers, last=False)
            papers[f"last in {name}"] = by_place(content, trackers, last=True)
    best = {
        f"{who} / {what}": max(matches(guess, truth) for guess in in_order(order, lying))
        for who, order in people.items()
        for what, lying in papers.items()
    }
    assert len(best) >= 25
    assert max(best.values()) <= BY_CHANCE, {name: n for name, n in best.items() if n > BY_CHANCE}

    # Nothing of it is where it should not be.
    everything_open, everything = b"".join(while_open.values()), b"".join(after_closing.values())
    files = [p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file()]
    exported, log = b"".join(files), "".join(capfd.readouterr()).encode()
    for paper in published:
        token = paper["token"].encode()
        assert token not in everything_open and token in exported and token not in log
    for voter, device in devices.items():
        assert device.blinded.encode() not in everything + exported + log
        assert tokens.decode(device.blinded) not in everything
        assert voter.encode() not in exported and voter.encode() not in log
    assert private[40:200] not in everything and key not in everything
    assert not await TokenIssue.filter(ballot_id=ballot.id).exists()
    for act in ("ballot.issue_token", "ballot.cast"):
        for payload in await world.recorded(act):
            assert payload["actor"] is None and len(payload["time"]) == len("2026-11-24")
            assert set(payload["payload"]) <= {"ballot", "commitment"}
