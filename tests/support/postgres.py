"""A private PostgreSQL cluster in a temporary folder, reached by a unix socket only."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path


def binaries() -> Path | None:
    """The folder with ``initdb`` and ``pg_ctl``, the newest version's; None when there is none."""
    folders = [p.parent for p in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if folders:
        return max(folders, key=lambda folder: int(folder.parent.name))
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


class Cluster:
    """A running cluster. ``durable=True`` keeps fsync, for tests that kill; otherwise speed comes first."""

    def __init__(self, durable: bool = False) -> None:
        folder = binaries()
        if folder is None:
            raise RuntimeError("PostgreSQL is missing: apt-get install postgresql")
        self.bin = folder
        # PostgreSQL refuses to run as root; Debian's package makes the user `postgres`.
        self.user = {"user": "postgres"} if os.geteuid() == 0 else {}
        # A socket's path may have 107 bytes: hence not pytest's long folder.
        self.folder = Path(tempfile.mkdtemp(prefix="civic-pg-"))
        if self.user:
            shutil.chown(self.folder, "postgres")
        self._run(
            "initdb", "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"
        )
        self.options = f"-c listen_addresses='' -k {self.folder} -c max_connections=200"
        if not durable:
            # A table that is vacuumed while it is empty gets plans for an empty one, which then meet thousands of rows.
            # Deadlocks are looked for at once: where acts are run against each other, most of the time was waiting for that.
            quick = (
                "fsync=off synchronous_commit=off full_page_writes=off autovacuum=off deadlock_timeout=50ms"
            )
            self.options += "".join(f" -c {option}" for option in quick.split())
        try:
            self.start()
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def url(self, database: str) -> str:
        """The address of one database, as ``CIVIC_DATABASE_URL`` takes it."""
        return f"postgres://postgres@/{database}?host={self.folder}&port=5432"

    def create(self, name: str, template: str = "template0") -> str:
        """Make database ``name`` as a copy of ``template`` (nobody may be connected to it); its address."""
        self.sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def copy(self, other: "Cluster", template: str, name: str) -> str:
        """Make database ``name`` as a copy of another cluster's ``template``; its address."""
        file = other.folder / f"{name}.sql"
        other.dump(template, file)
        return self.load(name, file)

    def dump(self, name: str, file: Path, *more: str) -> None:
        """Write a database into a file of statements; ``more`` are options of pg_dump."""
        here = self.folder / f"{name}.dump"  # where PostgreSQL's own user may write
        options = ["-h", str(self.folder), "-U", "postgres", "--no-owner", "-d", name, "-f", str(here)]
        self._run("pg_dump", *options, *more)
        shutil.copyfile(here, file)

    def load(self, name: str, file: Path) -> str:
        """Make database ``name`` from a file of statements; its address."""
        self.sql(f'CREATE DATABASE "{name}" TEMPLATE "template0"')
        here = self.folder / f"{name}.sql"  # where PostgreSQL's own user may read
        shutil.copyfile(file, here)
        here.chmod(0o644)
        options = ["-h", str(self.folder), "-U", "postgres", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", name]
        self._run("psql", *options, "-f", str(here))
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove a database, whoever is connected."""
        self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run one statement with psql; its rows as plain text."""
        return self._run("psql", *self.psql(database), "-c", statement).strip()

    def psql(self, database: str) -> list[str]:
        """psql's options: which database, and rows as plain text."""
        options = ["-h", str(self.folder), "-U", "postgres", "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1"]
        return [*options, "-d", database]

    def start(self) -> None:
        """Start it, recovering from its log after `crash`."""
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", str(self.data), "-w", "-l", log, "-o", self.options, "start")

    def crash(self) -> None:
        """End at once, as a power cut would: nothing is written that is not written."""
        self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "stop")

    def stop(self) -> None:
        """Stop at once and remove everything."""
        try:
            self.crash()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, name: str, *args: str) -> str:
        # pg_ctl's server inherits what it is given: no pipe for it, or reading would never end.
        output = self.folder / f"{name}.out"
        with output.open("w+", encoding="utf-8") as file:
            done = subprocess.run(
                [str(self.bin / name), *args],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
                **self.user,  # type: ignore[call-overload]
            )
        text = output.read_text("utf-8")
        if done.returncode:
            raise RuntimeError(f"{name} failed:\n{text}")
        return text


class Line:
    """A psql that stays connected to one database: connecting takes most of the time that short statements take."""

    END = "that was all"

    def __init__(self, cluster: Cluster, database: str) -> None:
        self.psql = subprocess.Popen(
            [str(cluster.bin / "psql"), *cluster.psql(database)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            cwd=cluster.folder,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
        )

    def sql(self, statement: str) -> str:
        """Run statements; their rows as plain text. RuntimeError when one fails, or the connection was ended."""
        assert self.psql.stdin is not None and self.psql.stdout is not None
        try:
            self.psql.stdin.write(f"{statement}\n;\n\\echo {self.END}\n")
            self.psql.stdin.flush()
        except BrokenPipeError:
            raise RuntimeError("the connection was ended") from None
        said = ""
        for line in self.psql.stdout:
            if line.strip() == self.END:
                return said.strip()
            said += line
        raise RuntimeError(f"psql failed:\n{said}")

    def close(self) -> None:
        """Hang up, whatever happened before."""
        self.psql.communicate()
