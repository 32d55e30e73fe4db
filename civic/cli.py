"""The commands of the platform."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False)


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
def export(folder: Path) -> None:
    """Write the public ledger into a folder."""
    from civic import db
    from civic.ledger import sequencer
    from civic.ledger.export import export as run

    async def work() -> int:
        await db.start()
        try:
            await sequencer.seal()
            return await run(folder)
        finally:
            await db.stop()

    typer.echo(f"{asyncio.run(work())} files written")


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
def verify(source: str) -> None:
    """Check an export (a folder) or a running platform (its address) from outside."""
    from civic.ledger.verify import main_verify

    raise typer.Exit(main_verify(source))


def main() -> None:
    app()
