"""`civic demo`: builds the demo once into its own folder, then serves it."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from pathlib import Path
from time import monotonic
from typing import Any

import typer

from civic.progress import shown
from civic.settings import settings

STAMP = "demo.json"


def prepare(folder: Path, *, fresh: bool = False) -> dict[str, Any]:
    """The demo's folder, built if need be; what ``demo.json`` says. Only folders that are a demo are ever removed."""
    stamp = folder / STAMP
    if folder.exists() and any(folder.iterdir()) and not stamp.exists():
        raise typer.BadParameter(f"{folder} holds something that is not a demo. Choose another folder.")
    if stamp.exists() and not fresh:
        return dict(json.loads(stamp.read_text("utf-8")))
    half = folder.with_name(folder.name + ".building")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    use(half)
    began = monotonic()
    about = asyncio.run(_build(half))
    if folder.exists():
        shutil.rmtree(folder)
    half.rename(folder)
    typer.echo(f"Built in {monotonic() - began:.0f} s.")
    return about


async def _build(folder: Path) -> dict[str, Any]:
    from civic.demo.build import build

    with shown("half a year of a district") as said:
        return await build(folder, said)


def use(folder: Path, origin: str = "") -> None:
    """Point the settings of this process at a demo: its folder, SQLite, every page marked."""
    os.environ |= {"CIVIC_DATA_DIR": str(folder), "CIVIC_DATABASE_URL": "", "CIVIC_DEMO": "true"}
    if origin:
        os.environ["CIVIC_ORIGIN"] = origin
    settings.cache_clear()


def run(folder: Path, host: str, port: int, *, fresh: bool = False) -> None:
    """Build if need be, say where and how to sign in, and serve until told to end."""
    from civic.db.migrations import migrate
    from civic.web.serve import serve

    about = prepare(folder, fresh=fresh)
    address = f"http://{host}:{port}"
    use(folder, os.environ.get("CIVIC_ORIGIN", address))
    asyncio.run(migrate())
    typer.echo(announcement(about, address))
    serve(host, port)


def announcement(about: dict[str, Any], address: str) -> str:
    """What stands on the terminal: the address, the accounts, what can be done next."""
    lines = ["", f"  共治 Civic, demonstration: {address}", ""]
    lines += ["  Sign in with one press at /sign-in, or with these; the password is " + about["password"], ""]
    lines += [f"    {account['email']:<28}{account['says_en']}" for account in about["accounts"]]
    lines += ["", f"  civic verify {address}   checks its ledger; civic demo --fresh builds it anew.", ""]
    return "\n".join(lines)
