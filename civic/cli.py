"""The commands of the platform."""

import asyncio

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command()
def migrate() -> None:
    """Bring the database to the newest migration."""
    from civic.db.migrations import migrate as run

    asyncio.run(run(typer.echo))


@app.command()
def acts() -> None:
    """Print the table of acts."""
    from civic.acts.core import table

    typer.echo(table(), nl=False)


def main() -> None:
    app()
