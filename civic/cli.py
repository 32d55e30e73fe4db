"""The commands of the platform."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from civic.cli_recount import recount

if TYPE_CHECKING:
    from civic.importing.report import Progress, Report
    from civic.ledger.verify import Report as Verified

app = typer.Typer(no_args_is_help=True, add_completion=False)
imports = typer.Typer(no_args_is_help=True, help="Take over areas, proposals and rolls from files.")
app.add_typer(imports, name="import")
app.command()(recount)


@app.command()
def migrate() -> None:
    """Bring the database to the newest migration."""
    from civic.db.migrations import migrate as run

    asyncio.run(run(typer.echo))


@app.command()
def makemigrations() -> None:
    """Draft a migration from the models; read it before you keep it."""
    command = [
        sys.executable,
        "-m",
        "tortoise",
        "-c",
        "civic.db.configuration.TORTOISE_ORM",
        "makemigrations",
    ]
    raise typer.Exit(subprocess.run(command).returncode)


@app.command()
def serve(host: str = "127.0.0.1", port: int = 8000, workers: int = 1) -> None:
    """Serve the platform. A database is brought to the newest migration first."""
    from civic.db.migrations import migrate as run
    from civic.web.serve import serve as start

    asyncio.run(run())
    os.environ.setdefault("CIVIC_ORIGIN", f"http://{host}:{port}")
    start(host, port, workers)


@app.command()
def demo(
    host: str = "127.0.0.1",
    port: int = 8000,
    folder: Annotated[Path, typer.Option(help="Where the demo is kept.")] = Path("var/demo"),
    fresh: Annotated[bool, typer.Option("--fresh", help="Build it anew.")] = False,
) -> None:
    """Serve a demonstration; it is built at the first time."""
    from civic.demo.run import run

    run(folder, host, port, fresh=fresh)


@app.command()
def export(folder: Path) -> None:
    """Write the public ledger into a folder. Stopped and run again, it goes on where it was."""
    from civic import db
    from civic.ledger import sequencer
    from civic.ledger.export import export as run
    from civic.progress import shown

    async def work() -> int:
        await db.start()
        try:
            await sequencer.seal()
            with shown("files") as said:
                return await run(folder, said)
        finally:
            await db.stop()

    typer.echo(f"{asyncio.run(work())} files written")


def _importing(work: Callable[[Progress], Awaitable[Report]], dry_run: bool) -> None:
    """Run an import with a progress bar, and say what it did."""
    from civic import db
    from civic.db.migrations import migrate as run
    from civic.errors import CivicError
    from civic.i18n import render
    from civic.progress import shown

    async def whole() -> Report:
        await run()
        await db.start()
        try:
            with shown("rows") as said:
                return await work(said)
        finally:
            await db.stop()

    try:
        report = asyncio.run(whole())
    except CivicError as error:
        typer.echo(render(error, "en"), err=True)
        raise typer.Exit(2) from None
    for refused in report.refused:
        typer.echo(f"line {refused.line} ({refused.key}): refused: {render(refused.error, 'en')}")
    would = "would be taken" if dry_run else "taken"
    typer.echo(
        f"{report.rows} rows: {report.taken} {would}, {report.known} known already, {len(report.refused)} refused"
    )


@imports.command("areas")
def import_areas(file: Path, dry_run: bool = typer.Option(False, help="Only say what would happen.")) -> None:
    """Areas: nested JSON (code, name, children) or CSV (code,name,level,parent_code)."""
    from civic.importing import import_areas as run

    _importing(lambda progress: run(file, dry_run=dry_run, progress=progress), dry_run)


@imports.command("proposals")
def import_proposals(
    file: Path,
    area: str = typer.Option(..., help="Code of the area that they concern."),
    map: Annotated[list[str] | None, typer.Option(help="A column: title=Heading. Repeat it.")] = None,
    dry_run: bool = typer.Option(False, help="Only say what would happen."),
) -> None:
    """Proposals of Consul, Decidim or a message board, or any table whose columns --map names.

    Fields: source, id, title, body, created_at, author, supports, answer, answered_at, retired_at, language.
    """
    from civic.importing import import_proposals as run

    changes = dict(pair.split("=", 1) for pair in map or () if "=" in pair)
    _importing(
        lambda progress: run(file, area=area, changes=changes, dry_run=dry_run, progress=progress), dry_run
    )


@imports.command("roll")
def import_roll(
    file: Path,
    ballot: int = typer.Option(..., help="Number of the draft, as in its address: /ballots/12."),
    dry_run: bool = typer.Option(False, help="Only say what would happen."),
) -> None:
    """The roll of a draft ballot: CSV in UTF-8 with document_number (证件号码) and perhaps weight (权重).

    All lines are taken or none. Numbers are turned into keys and kept nowhere.
    """
    from civic.importing import import_roll as run

    _importing(lambda progress: run(file, ballot=ballot, dry_run=dry_run, progress=progress), dry_run)


@app.command()
def schema() -> None:
    """Print the GraphQL schema."""
    from civic.schema import sdl

    typer.echo(sdl(), nl=False)


@app.command()
def acts() -> None:
    """Print the table of acts."""
    from civic.acts.core import table

    typer.echo(table(), nl=False)


@app.command()
def settings() -> None:
    """Print the table of settings."""
    from civic.settings import table

    typer.echo(table(), nl=False)


@app.command()
def verify(
    source: str,
    key: Annotated[str, typer.Option(help="The ledger's public key that you know, or a file with it.")] = "",
    since: Annotated[Path | None, typer.Option(help="An older checkpoint that you kept, in a file.")] = None,
) -> None:
    """Check an export (a folder) or a running platform (its address) from outside."""
    from civic.ledger.verify import verify as run
    from civic.progress import shown

    with shown("entries") as said:
        report = run(source, _known(key), since.read_text("utf-8") if since else "", said)
    _tell(report, "The ledger verifies.", "The ledger does NOT verify.")


@app.command()
def check_receipt(
    file: Path,
    source: str,
    choice: Annotated[str, typer.Option(help="The keys that were chosen, for example yes.")] = "",
    key: Annotated[str, typer.Option(help="The ledger's public key that you know, or a file with it.")] = "",
) -> None:
    """Check the receipt of a vote (its JSON) against an export or a running platform, and the ledger with it."""
    from civic.errors import CivicError
    from civic.i18n import render
    from civic.ledger.receipts import ACTS, Check, parse
    from civic.ledger.verify import verify as run
    from civic.progress import shown

    try:
        receipt = parse(file.read_bytes(), choice)
    except CivicError as error:
        typer.echo(render(error, "en"), err=True)
        raise typer.Exit(2) from None
    with shown("entries") as said:
        report = run(source, _known(key), "", said, [(ACTS, Check(receipt))])
    _tell(report, "The receipt holds.", "The receipt does NOT hold, or the ledger does not.")


def _known(key: str) -> str:
    """A key as given, or as the file of this name has it."""
    return Path(key).read_text("utf-8") if key and len(key) < 4096 and Path(key).is_file() else key


def _tell(report: Verified, well: str, ill: str) -> None:
    """Print what was found and end with 0 when all is well, else 1."""
    for line in report.good:
        typer.echo(f"ok     {line}")
    for line in report.wrong:
        typer.echo(f"WRONG  {line}")
    if report.more:
        typer.echo(f"WRONG  and {report.more} more")
    typer.echo(well if report.ok else ill)
    raise typer.Exit(0 if report.ok else 1)


@app.command()
def backup(file: Path) -> None:
    """Write everything into one file, while the platform runs: database, uploads, keys; never keys of ballot boxes."""
    from civic.operations.backup import backup as run
    from civic.progress import shown

    with _operating(), shown("backup") as said:
        size = run(file, said)
    typer.echo(f"{file}: {size / 1e6:.1f} MB")
    typer.echo("It holds personal data and the platform's signing keys: keep it where only you can read it.")
    typer.echo(
        "Keys of ballot boxes are not in it: a secret ballot that is open now cannot be counted from it."
    )


@app.command()
def restore(file: Path) -> None:
    """Put a backup into the empty place that the settings name. Stop the platform first."""
    from civic import db
    from civic.db.migrations import migrate as bring_up
    from civic.operations.backup import restore as run
    from civic.operations.lost_boxes import lost_boxes
    from civic.progress import shown

    async def after() -> list[tuple[int, str]]:
        await bring_up(typer.echo)
        await db.start()
        try:
            return [(ballot.id, ballot.title) for ballot in await lost_boxes()]
        finally:
            await db.stop()

    with _operating(), shown("restore") as said:
        about = run(file, said)
    typer.echo(f"Restored the backup of {about['at']}.")
    for number, title in asyncio.run(after()):
        typer.echo(f"Ballot {number} ({title}) was announced or open: its box has no key. Declare it void.")
    typer.echo("Next: civic serve, then civic verify ADDRESS --since a checkpoint that you kept.")


@app.command()
def steward(email: str) -> None:
    """Make somebody with an account a platform steward: the first one. It goes on the record as the platform's act."""
    from civic import db
    from civic.operations.stewards import name_steward

    async def work() -> str:
        await db.start()
        try:
            return (await name_steward(email)).pseudonym
        finally:
            await db.stop()

    with _operating():
        pseudonym = asyncio.run(work())
    typer.echo(f"{email} is a platform steward now; the public ledger calls them {pseudonym}.")


@contextmanager
def _operating() -> Iterator[None]:
    """What cannot be done is said, without a traceback, and ends with 1."""
    from civic.operations.backup import OperationError

    try:
        yield
    except OperationError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


def main() -> None:
    app()
