"""Back up while it runs, restore into an empty place, and everything is there, except the keys of ballot boxes."""

import os
import subprocess
import sys
import tarfile
from pathlib import Path
from uuid import uuid4

import pytest

from civic import db
from civic.acts import people
from civic.ledger import published, sequencer
from civic.ledger.export import export
from civic.ledger.verify import verify
from civic.models import LedgerEntry, Person
from civic.operations.backup import OperationError, backup, restore
from civic.settings import settings
from tests.support.server import ROOT
from tests.support.voting import closed_ballot, open_ballot
from tests.support.world import World

pytestmark = pytest.mark.anyio


def civic(*arguments: str, **environment: str) -> tuple[int, str]:
    """Status and output of an operator's command with this test's settings."""
    run = [sys.executable, "-m", "civic", *arguments]
    done = subprocess.run(run, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout + done.stderr


def members(file: Path) -> list[str]:
    with tarfile.open(file) as tar:
        return tar.getnames()


def an_empty_place(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setenv("CIVIC_DATA_DIR", str(tmp_path / "new"))
    if kind == "postgres":
        cluster = request.getfixturevalue("cluster")
        monkeypatch.setenv("CIVIC_DATABASE_URL", cluster.create(f"restored_{uuid4().hex}"))
    settings.cache_clear()


async def test_everything_comes_back_but_the_keys_of_boxes(
    connected: str,
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    await closed_ballot(world, ["yes", "no"])
    ballot, _ = await open_ballot(world, ["yes"])
    await sequencer.seal()
    upload = settings().files_dir / "ab" / "abcd"
    upload.parent.mkdir(parents=True, exist_ok=True)
    upload.write_bytes(b"picture")
    entries, key = await LedgerEntry.all().count(), published.verifier()
    file = tmp_path / "civic.tar"
    said: list[tuple[int, int | None]] = []
    assert backup(file, lambda done, of: said.append((done, of))) == file.stat().st_size
    assert said and file.stat().st_mode & 0o077 == 0
    names = members(file)
    assert "files/ab/abcd" in names and "keys/ledger.ed25519" in names and "keys/receipts.ed25519" in names
    assert (settings().keys_dir / "boxes" / f"{ballot.id}.key").exists()
    assert not [name for name in names if "boxes" in name]
    assert sorted(tmp_path.glob("civic.tar*")) == [file]  # noqa: ASYNC240
    await db.stop()

    an_empty_place(connected, tmp_path, monkeypatch, request)
    status, output = civic("restore", str(file))
    assert status == 0 and f"Ballot {ballot.id}" in output and "Declare it void" in output, output
    await db.start()
    assert await LedgerEntry.all().count() == entries and published.verifier() == key
    assert (settings().files_dir / "ab" / "abcd").read_bytes() == b"picture"
    await export(tmp_path / "out")
    assert verify(str(tmp_path / "out")).ok
    status, output = civic("restore", str(file))
    assert status == 1 and "is not empty" in output


async def test_a_backup_that_is_none_changes_nothing(
    connected: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    good = tmp_path / "good.tar"
    backup(good)
    an_empty_place(connected, tmp_path, monkeypatch, request)
    bad = tmp_path / "bad.tar"
    for content in (b"", b"not a tar", good.read_bytes()[:3000]):
        bad.write_bytes(content)
        with pytest.raises(OperationError, match="not a backup"):
            restore(bad)
    assert not settings().data_dir.exists()
    if connected == "sqlite":
        monkeypatch.setenv("CIVIC_DATABASE_URL", "postgres://nobody@/nothing")
        settings.cache_clear()
        with pytest.raises(OperationError, match="This backup is of sqlite"):
            restore(good)
    else:
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(OperationError, match=r"pg_restore is missing\. Install it"):
            restore(good)
    assert not settings().data_dir.exists()


@pytest.mark.parametrize("name", ["../evil", "/tmp/civic-evil", "keys/../../evil", "files/link", "files"])
async def test_nothing_is_unpacked_but_files_in_their_folder(
    connected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, name: str
) -> None:
    source = tmp_path / "civic.tar"
    backup(source)
    member = tarfile.TarInfo(name)
    if name == "files/link":
        member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
    elif name == "files":
        member.type, member.devmajor = tarfile.CHRTYPE, 1
    with tarfile.open(source, "a") as tar:
        tar.addfile(member)
    an_empty_place(connected, tmp_path, monkeypatch, request)
    place = settings().data_dir
    with pytest.raises(OperationError, match="not a backup"):
        restore(source)
    assert not place.exists() and not [*tmp_path.rglob("*evil*"), *Path("/tmp").glob("civic-evil")]  # noqa: ASYNC240


async def test_a_stopped_backup_leaves_nothing(connected: str, tmp_path: Path) -> None:
    (settings().files_dir).mkdir(exist_ok=True)
    (settings().files_dir / "x").write_bytes(b"x")

    def stop(done: int, of: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backup(tmp_path / "civic.tar", stop)
    assert not list(tmp_path.glob("civic.tar*"))  # noqa: ASYNC240


async def test_the_first_steward_is_named_on_the_record(connected: str, world: World) -> None:
    person = await people.sign_up(name="示例", email="first@example.org", password="correct horse")
    status, output = civic("steward", "nobody@example.org")
    assert status == 1 and "Sign up with it first" in output
    status, output = civic("steward", "First@example.org")
    assert status == 0 and person.pseudonym in output
    assert (await Person.get(id=person.id)).steward
    (record,) = await world.recorded("person.make_steward")
    assert (record["actor"], record["subject"]["id"]) == (None, person.pseudonym)
