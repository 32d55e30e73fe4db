"""A stranger verifies a copy, or the running platform; whatever was changed is found and named."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from civic.ledger import note, sequencer, tiles
from civic.ledger.checks import Entry, Finding, Ledger, right, wrong
from civic.ledger.export import export
from civic.ledger.keys import signing_key
from civic.ledger.source import VerifiedLedger, reader
from civic.ledger.verify import verify
from civic.rules import merkle
from civic.settings import settings as platform_settings
from tests.support.records import append, leaves
from tests.support.server import ROOT, Server
from tests.support.voting import closed_ballot
from tests.support.world import World

pytestmark = pytest.mark.anyio
GraphQL = Callable[..., Awaitable[dict[str, Any]]]


def civic(*arguments: str) -> tuple[int, str]:
    """Exit status and output of a command of the platform, run as a stranger would: without settings."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CIVIC_")}
    done = subprocess.run(
        [sys.executable, "-m", "civic", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
async def copy(connected: str, world: World, tmp_path: Path) -> Path:
    """An export with two full bundles, part of a third, and a ballot that was closed and counted."""
    await closed_ballot(world, ["yes", "yes", "no", "abstain", "yes"])
    await sequencer.seal()
    await append(530 - await sequencer.size())
    await sequencer.seal()
    await export(tmp_path / "out")
    report = verify(str(tmp_path / "out"))
    assert report.ok and report.size == 530, report
    assert any("5 ballots recounted, same result" in line for line in report.good)
    return tmp_path / "out"


def files(copy: Path) -> list[Path]:
    return sorted(path for path in copy.rglob("*") if path.is_file())


def names(report: Any, name: str) -> bool:
    """Whether the report names the file, or an entry that stands in it."""
    if any(name.removesuffix(".json") in line for line in report.wrong):
        return True
    if not name.startswith("tile/entries/"):
        return False
    _, index, width = tiles.parse_path(name.removeprefix("tile/"))
    first = index * tiles.WIDTH
    return any(line.startswith(f"entry {n} ") for n in range(first, first + width) for line in report.wrong)


def flipped(path: Path, place: int, bit: int) -> tuple[bytes, bytes]:
    good = path.read_bytes()
    place %= len(good)
    return good, good[:place] + bytes([good[place] ^ (1 << bit)]) + good[place + 1 :]


async def test_one_changed_bit_of_any_file_is_found_and_named(copy: Path) -> None:
    kinds = {str(p.relative_to(copy / "ledger")).split("/")[0] for p in files(copy)}
    assert kinds == {"checkpoint", "key", "receipt-key", "tile", "boxes", "terms"}

    @settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.sampled_from(files(copy)), st.integers(0, 1 << 20), st.integers(0, 7))
    def change(path: Path, place: int, bit: int) -> None:
        good, bad = flipped(path, place, bit)
        name = str(path.relative_to(copy / "ledger"))
        try:
            path.write_bytes(bad)
            report = verify(str(copy))
        finally:
            path.write_bytes(good)
        assert not report.ok
        # A changed key fits no signature, and a changed tile does not fit what lies below.
        assert names(report, name), (name, report.wrong)

    change()
    assert verify(str(copy)).ok


async def test_every_byte_of_the_signed_files_counts(copy: Path) -> None:
    for name in ("checkpoint", "key", "receipt-key"):
        path = copy / "ledger" / name
        for place in range(path.stat().st_size):
            good, bad = flipped(path, place, place % 7)
            path.write_bytes(bad)
            report = verify(str(copy))
            assert not report.ok and report.wrong[0].startswith(name), (place, report)
            path.write_bytes(good)


async def test_a_missing_or_shortened_file_is_named(copy: Path) -> None:
    for path in files(copy):
        good = path.read_bytes()
        name = str(path.relative_to(copy / "ledger"))
        path.write_bytes(good[:-1])
        report = verify(str(copy))
        assert not report.ok and names(report, name), (name, report.wrong)
        path.unlink()
        report = verify(str(copy))
        assert not report.ok and any(name in line for line in report.wrong), (name, report.wrong)
        path.write_bytes(good)
    assert verify(str(copy)).ok


async def test_an_operator_who_forges_everything_is_caught_by_who_kept_something(copy: Path) -> None:
    """Rewritten history, with tiles and root made to fit and signed by the true key: a kept checkpoint shows it."""
    kept = (copy / "ledger" / "checkpoint").read_text()
    old = str(copy / "ledger" / "checkpoint")
    await append(10)
    await sequencer.seal()
    await export(copy)
    report = verify(str(copy), since=kept)
    assert report.ok and any("grew from the checkpoint" in line for line in report.good), report
    assert civic("verify", str(copy), "--since", old)[0] == 0

    forged = await leaves()
    forged[7] = merkle.leaf_hash(b"{}")
    key = signing_key("ledger")
    lie = note.Checkpoint("civic.example/ledger", 530, merkle.root(forged[:530]))
    report = verify(str(copy), since=note.sign(lie.text(), lie.origin, key))
    assert any("not those of the checkpoint that you kept" in line for line in report.wrong)
    future = note.Checkpoint("civic.example/ledger", 9999, bytes(32))
    report = verify(str(copy), since=note.sign(future.text(), future.origin, key))
    assert any("more than there are now" in line for line in report.wrong)
    report = verify(str(copy), since=kept.replace("530", "531"))
    assert any("the checkpoint that you kept: the signature" in line for line in report.wrong)


async def test_a_known_key_is_held_against_the_published_one(copy: Path, tmp_path: Path) -> None:
    published = copy / "ledger" / "key"
    assert civic("verify", str(copy), "--key", str(published))[0] == 0
    status, said = civic("verify", str(copy), "--key", published.read_text().strip())
    assert status == 0 and "the key that you know" in said
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    other = note.verifier_key("civic.example/ledger", Ed25519PrivateKey.generate())
    status, said = civic("verify", str(copy), "--key", other)
    assert status == 1 and "it is not the one that you know" in said and "NOT verify" in said


async def test_there_is_nothing_to_read(tmp_path: Path) -> None:
    status, said = civic("verify", str(tmp_path))
    assert status == 1 and "there is no folder" in said
    status, said = civic("verify", "http://127.0.0.1:9")
    assert status == 1 and "does not answer" in said


async def test_wrong_results_are_found_though_the_tree_is_right(
    connected: str, world: World, tmp_path: Path
) -> None:
    """A platform that records another result than the box has, and one that stuffs the box."""
    from civic import clock, db
    from civic.ledger import entries

    ballot = await closed_ballot(world, ["yes", "no", "no"])

    async def lie() -> None:
        result = {**(ballot.result or {}), "passed": True}
        await entries.append(
            "ballot.tally", at=clock.now(), actor=None, party=None, kind="ballot", subject=str(ballot.id),
            payload={"ballot": str(ballot.id), "result": result},
        )  # fmt: skip

    await db.write(lie)
    await sequencer.seal()
    await export(tmp_path / "out")
    report = verify(str(tmp_path / "out"))
    again = await sequencer.size() - 1
    assert report.wrong == [
        f"ballot {ballot.id}: the recount of boxes/{ballot.id}.json differs from the recorded result",
        f"ballot {ballot.id}: entry {again}: ballot.tally is not possible while it is tallied",
    ]

    async def stuff() -> None:
        paper = "INSERT INTO paper (tracker, ballot_id, version, choice) VALUES (?, ?, 1, 'yes')"
        await db.execute(paper, "f" * 24, ballot.id)

    await db.write(stuff)
    await export(tmp_path / "out")
    report = verify(str(tmp_path / "out"))
    assert report.wrong == [
        f"ballot {ballot.id}: boxes/{ballot.id}.json is not the box that was closed on the record",
        f"ballot {ballot.id}: entry {again}: ballot.tally is not possible while it is tallied",
    ]


async def test_roots_of_the_past_are_proved(copy: Path) -> None:
    """What draws will ask for: the root at a size, against the root of the same leaves."""
    hashes = await leaves()
    ledger = VerifiedLedger(reader(str(copy)), 530, merkle.root(hashes), b"")
    for size in (0, 1, 2, 255, 256, 257, 511, 512, 513, 530):
        assert ledger.root_at(size) == merkle.root(hashes[:size])
    with pytest.raises(merkle.ProofError):
        ledger.root_at(531)
    path = copy / "ledger" / "tile" / "0" / "000"
    path.write_bytes(bytes(32) + path.read_bytes()[32:])
    with pytest.raises(merkle.ProofError):
        ledger.root_at(100)


async def test_a_check_hears_its_acts_and_its_findings_count(copy: Path) -> None:
    class Counting:
        heard = 0

        def see(self, entry: Entry) -> None:
            self.heard += 1
            if self.broken:
                raise KeyError("what")

        def conclude(self, ledger: Ledger) -> Any:
            yield right(f"{self.heard} heard") if not self.sad else wrong("sad")

        def __init__(self, broken: bool = False, sad: bool = False) -> None:
            self.broken, self.sad = broken, sad

    good = verify(str(copy), also=[(("ballot.cast",), Counting())])
    assert good.ok and "5 heard" in good.good
    assert verify(str(copy), also=[(("ballot.cast",), Counting(sad=True))]).wrong == ["sad"]
    broken = verify(str(copy), also=[(("ballot.cast",), Counting(broken=True))])
    assert len(broken.wrong) == 5 and all("lacks what ballot.cast records" in line for line in broken.wrong)
    assert Finding(True, "a") == right("a")


async def test_an_export_goes_on_where_it_was_stopped(connected: str, tmp_path: Path) -> None:
    await append(600)
    await sequencer.seal()

    def stop(done: int, of: int | None) -> None:
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await export(tmp_path, stop)
    assert not (tmp_path / "ledger" / "checkpoint").exists()
    marked = tmp_path / "ledger" / "tile" / "0" / "000"
    before = marked.stat().st_mtime_ns
    await append(100)
    await sequencer.seal()
    said: list[tuple[int, int | None]] = []
    assert await export(tmp_path, lambda done, of: said.append((done, of))) == len(said) + 1
    assert said[-1][0] == said[-1][1]
    assert marked.stat().st_mtime_ns == before
    assert verify(str(tmp_path)).ok
    assert not [path for path in files(tmp_path) if ".part-" in path.name]


def sign_up(server: Server, number: int) -> None:
    """An act, through the API of a running platform."""
    query = "mutation($i: SignUpInput!) { signUp(input: $i) { __typename } }"
    given = {"name": "示例", "email": f"a{number}@example.org", "password": "correct horse"}
    body = json.dumps({"query": query, "variables": {"i": given}}).encode()
    with urlopen(Request(f"{server.url}/graphql", body, {"Content-Type": "application/json"})) as answer:
        assert "errors" not in json.load(answer)


def size_of(server: Server) -> int:
    """How many entries its newest checkpoint signs."""
    try:
        with urlopen(f"{server.url}/ledger/checkpoint") as answer:
            return int(answer.read().split(b"\n")[1])
    except HTTPError:
        return 0


def test_the_running_platform_is_verified_from_outside(server: Server, tmp_path: Path) -> None:
    """`civic verify ADDRESS`, `civic export`, and both again after more acts."""

    sign_up(server, 1)
    while not (size := size_of(server)):
        time.sleep(0.1)
    status, said = civic("verify", server.url)
    assert status == 0 and f"all {size} entries lead to the signed root" in said, said
    kept = tmp_path / "kept"
    with urlopen(f"{server.url}/ledger/checkpoint") as answer:
        kept.write_bytes(answer.read())
    sign_up(server, 2)
    while size_of(server) == size:
        time.sleep(0.1)
    status, said = civic("verify", server.url, "--since", str(kept))
    assert status == 0 and "it grew from the checkpoint that you kept" in said, said
    run = [sys.executable, "-m", "civic", "export", str(tmp_path / "out")]
    assert subprocess.run(run, cwd=ROOT, env=server.environment).returncode == 0
    assert civic("verify", str(tmp_path / "out"))[0] == 0


def test_several_workers_share_one_ledger(server: Server, database: str) -> None:
    """On PostgreSQL `civic serve --workers 2` and another process beside it: all acts in one tree, each once."""
    if database != "postgres":
        return  # SQLite has one serving process
    chosen = platform_settings()
    other = Server(chosen.data_dir, chosen.database_url)
    other.options = ["--workers", "2"]
    other.start()
    try:
        for number in range(12):
            sign_up((server, other)[number % 2], number)
        end = time.monotonic() + 15
        while time.monotonic() < end and size_of(server) < 12:
            time.sleep(0.1)
        assert size_of(server) == size_of(other) == 12
        assert civic("verify", server.url)[0] == civic("verify", other.url)[0] == 0
    finally:
        other.stop()
