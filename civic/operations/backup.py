"""One file with everything that the platform needs to come back: database, uploads, keys.

The keys of open ballot boxes are never in it: whoever holds an old copy could otherwise tie voters to choices long
after the key was destroyed. So a ballot that was open when the backup was made cannot be counted from it.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from civic import __version__
from civic.settings import settings

FORMAT = 1
PAGES = 2000  # of SQLite's file between two words about progress
Say = Callable[[int, int | None], None]


class OperationError(Exception):
    """It cannot be done. The message says why, and what to do."""


def backup(target: Path, say: Say = lambda *_: None) -> int:
    """Write the backup ``target`` (a .tar, readable only by its owner), whole or not at all; its size in bytes.

    The platform may be running. Raises OperationError.
    """
    half = target.with_name(target.name + ".part")
    dump = target.with_name(target.name + ".database")
    try:
        kind = _dump(dump, say)
        inside = list(_kept())
        descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w") as tar:
            about = {
                "format": FORMAT, "civic": __version__, "database": kind,
                "at": datetime.now(UTC).isoformat(timespec="seconds"),
            }  # fmt: skip
            _add(tar, "manifest.json", json.dumps(about).encode())
            tar.add(dump, f"database.{kind}")
            for number, path in enumerate(inside, 1):
                tar.add(path, str(path.relative_to(settings().data_dir)), recursive=False)
                say(number, len(inside))
            file.flush()
            os.fsync(file.fileno())
        half.replace(target)
    finally:
        half.unlink(missing_ok=True)
        dump.unlink(missing_ok=True)
    return target.stat().st_size


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), 0o600
    tar.addfile(info, io.BytesIO(content))


def _kept() -> Iterator[Path]:
    """Uploads and the platform's own keys, never those of boxes."""
    chosen = settings()
    boxes = chosen.keys_dir / "boxes"
    for folder in (chosen.files_dir, chosen.keys_dir):
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.is_file() and not path.is_symlink() and boxes not in path.parents:
                yield path


def _dump(target: Path, say: Say) -> str:
    """A consistent copy of the database; its kind, ``sqlite`` or ``postgres``."""
    if settings().on_postgres:
        _postgres("pg_dump", "--format=custom", "--no-owner", f"--file={target}")
        target.chmod(0o600)
        return "postgres"
    path = settings().sqlite_path
    if not path.exists():
        raise OperationError(f"There is no database at {path}. Set CIVIC_DATA_DIR to the platform's folder.")
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    source, copy = sqlite3.connect(f"file:{path}?mode=ro", uri=True), sqlite3.connect(target)
    try:
        source.backup(copy, pages=PAGES, progress=lambda _, left, of: say(of - left, of))
    finally:
        copy.close()
        source.close()
    return "sqlite"


def _postgres(program: str, *options: str) -> None:
    """Run one of PostgreSQL's programs on the platform's database. Raises OperationError."""
    url = urlsplit(settings().database_url)
    environment = dict(os.environ)
    netloc = url.netloc
    if url.password is not None:  # not on a command line, where others can read it
        environment["PGPASSWORD"] = unquote(url.password)
        netloc = netloc.replace(f":{url.password}@", "@", 1)
    address = url._replace(scheme="postgresql", netloc=netloc).geturl()
    if shutil.which(program) is None:
        raise OperationError(
            f"{program} is missing. Install it (Debian: apt-get install postgresql-client), or run it on the "
            f"database's machine and copy {settings().keys_dir} and {settings().files_dir} yourself, "
            "without the folder keys/boxes."
        )
    done = subprocess.run(
        [program, f"--dbname={address}", *options], env=environment, capture_output=True, text=True
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise OperationError(f"{program} failed: {last}")


def restore(source: Path, say: Say = lambda *_: None) -> dict[str, Any]:
    """Put a backup into an empty place; what its manifest says. The platform is not running meanwhile.

    Raises OperationError for a damaged file, another kind of database, or a place that is not empty.
    """
    chosen = settings()
    fresh = chosen.data_dir.with_name(chosen.data_dir.name + ".restoring")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        about = _unpack(source, fresh, say)
        kind = "postgres" if chosen.on_postgres else "sqlite"
        if about["database"] != kind:
            raise OperationError(
                f"This backup is of {about['database']}, but the settings say {kind}: see CIVIC_DATABASE_URL."
            )
        _refuse_full(chosen.data_dir)
        dump = fresh / f"database.{kind}"
        if kind == "sqlite":
            _whole(dump)
            dump.rename(fresh / chosen.sqlite_path.name)
        else:
            _postgres("pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", str(dump))
            dump.unlink()
        (fresh / "manifest.json").unlink()
        if chosen.data_dir.exists():
            chosen.data_dir.rmdir()
        fresh.rename(chosen.data_dir)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return about


def _unpack(source: Path, folder: Path, say: Say) -> dict[str, Any]:
    folder.mkdir(mode=0o700, parents=True)
    try:
        with tarfile.open(source) as tar:
            members = tar.getmembers()
            for number, member in enumerate(members, 1):
                _extract(tar, member, folder)
                say(number, len(members))
        about: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
    except (tarfile.TarError, OSError, ValueError) as error:
        raise OperationError(f"{source} is not a backup, or is damaged ({type(error).__name__}).") from None
    if about.get("format") != FORMAT:
        raise OperationError("This backup was made by a newer version. Install that one.")
    return about


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Only files, only within the folder, readable only by the operator. The data filter of `tarfile` came with 3.11.4."""
    target = (folder / member.name).resolve()
    content = tar.extractfile(member) if member.isreg() else None
    if content is None or not target.is_relative_to(folder.resolve()):
        raise ValueError(f"{member.name!r} does not belong into a backup")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with content, open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        shutil.copyfileobj(content, file)


def _refuse_full(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise OperationError(f"{folder} is not empty. Move it away, then restore.")


def _whole(path: Path) -> None:
    connection = sqlite3.connect(path)
    try:
        found = connection.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        found = str(error)
    finally:
        connection.close()
    if found != "ok":
        raise OperationError(f"The database in this backup is damaged: {found}.")
