"""``civic recount``: a stranger's recount on a terminal."""

from __future__ import annotations

from typing import Annotated

import typer


def recount(
    source: str,
    ballot: Annotated[str, typer.Option(help="Of a folder, only this ballot (its number).")] = "",
    method: Annotated[str, typer.Option(help="For .blt, .soi and .soc: runoff, stv or schulze.")] = "",
    seats: Annotated[int, typer.Option(help="For .soi and .soc counted by stv: how many are elected.")] = 0,
    seed: Annotated[
        str, typer.Option(help="Hex by which lots are drawn, where a file does not say it.")
    ] = "",
) -> None:
    """Count a ballot again: its address, an export (a folder), a published box, or a .pb, .blt, .soi or .soc file.

    Ends with 0 when the result is the published one, or when there is none to compare with; with 1 when it differs
    or cannot be counted; with 2 when there is nothing to read.
    """
    from civic.ledger.recount import recount as run
    from civic.ledger.source import SourceError

    try:
        done = run(source, ballot=ballot, method=method, seed=seed, seats=seats)
    except SourceError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    for one in done:
        for line in one.lines:
            typer.echo(line)
        for line in one.wrong:
            typer.echo(f"WRONG  {line}")
        if one.equal is None:
            typer.echo("Counted. There is no published result to compare with.")
        else:
            typer.echo(
                "The recount EQUALS the published result." if one.equal else "The recount does NOT agree."
            )
    raise typer.Exit(1 if any(one.wrong for one in done) else 0)
