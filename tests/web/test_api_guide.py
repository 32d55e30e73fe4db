"""The examples of docs/api.md, run in their order against a running platform."""

import asyncio
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from civic import db
from civic.acts import people
from civic.acts.core import Actor
from civic.acts.residencies import claim, verify
from civic.settings import settings
from tests.support.server import ROOT, Server
from tests.support.world import World

NPM = ROOT / "tests" / "npm"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
E_MAIL, PASSWORD = "guide@example.org", "correct horse"


def blocks() -> list[tuple[str, str]]:
    return BLOCK.findall((ROOT / "docs" / "api.md").read_text("utf-8"))


def fits(answer: Any, shown: Any) -> bool:
    """Whether an answer is what the guide shows; ``…`` is anything, at the end of a text any rest."""
    if isinstance(shown, str) and shown.endswith("…"):
        return shown == "…" or (isinstance(answer, str) and answer.startswith(shown[:-1]))
    if isinstance(shown, dict):
        return (
            isinstance(answer, dict)
            and set(answer) == set(shown)
            and all(fits(answer[k], shown[k]) for k in shown)
        )
    if isinstance(shown, list):
        return isinstance(answer, list) and len(answer) == len(shown) and all(map(fits, answer, shown))
    return type(answer) is type(shown) and answer == shown


def values(text: str) -> list[Any]:
    """The JSON values that stand one after the other in a text."""
    found, rest, decoder = [], text.strip(), json.JSONDecoder()
    while rest:
        value, end = decoder.raw_decode(rest)
        found.append(value)
        rest = rest[end:].strip()
    return found


async def somebody() -> None:
    await db.start()
    try:
        world = await World.make()
        person = await people.sign_up(name="示例居民", email=E_MAIL, password=PASSWORD)
        made = await claim(Actor(person), area=world.community.code)
        await verify(world.as_official, made, document_number="AB1234567")
    finally:
        await db.stop()


@pytest.fixture
def peopled(database: str) -> Any:
    asyncio.run(somebody())
    chosen = settings()
    server = Server(chosen.data_dir, chosen.database_url)
    server.start()
    yield server
    server.stop()


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is missing: apt-get install curl")
@pytest.mark.skipif(shutil.which("node") is None, reason="Node is missing: apt-get install nodejs npm")
@pytest.mark.skipif(not (NPM / "node_modules" / "graphql-ws").is_dir(), reason="run: make npm")
def test_every_example_runs(peopled: Server, tmp_path: Path) -> None:
    environment = {**os.environ, "URL": peopled.url, "E_MAIL": E_MAIL, "PASSWORD": PASSWORD}
    found = blocks()
    assert len(found) >= 20 and {kind for kind, _ in found} == {"sh", "json", "js"}
    for (kind, text), (shown_kind, shown) in zip(found[::2], found[1::2], strict=True):
        assert kind in ("sh", "js") and shown_kind == "json", text
        if kind == "sh":
            # What it exports is there for the next examples.
            command = ["bash", "-c", text + "\nenv -0 > environment"]
            done = subprocess.run(
                command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60
            )
            pairs = (tmp_path / "environment").read_text("utf-8").split("\0")
            environment = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
        else:
            command = ["node", "--input-type=module", "-"]
            done = subprocess.run(
                command, cwd=NPM, env=environment, input=text, capture_output=True, text=True, timeout=60
            )
        assert done.returncode == 0 and not done.stderr, f"{text}\n{done.stderr}"
        answers, expected = values(done.stdout), values(shown)
        assert fits(answers, expected), f"{text}\ngave\n{done.stdout}\nand not\n{shown}"


def test_the_table_of_codes_is_whole() -> None:
    from civic import errors

    told = (ROOT / "docs" / "api.md").read_text("utf-8")
    kinds = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.CivicError)
    ]
    codes = {kind.code for kind in kinds} - {"ERROR"} | {"BAD_REQUEST", "INTERNAL"}
    assert {code for code in codes if f"| `{code}` |" not in told} == set()


def test_the_limits_in_the_guide_are_those_of_the_code() -> None:
    from civic.schema.core import inputs, limits
    from civic.web import graphql_ws

    told = (ROOT / "docs" / "api.md").read_text("utf-8")
    told = " ".join(told.split())
    for words in (
        f"{limits.MAX_CHARACTERS:,} characters", f"{limits.MAX_TOKENS:,} tokens", f"{limits.MAX_DEPTH} levels",
        f"{limits.MAX_ALIASES} aliases", f"{limits.MAX_BREADTH} fields", f"{limits.MAX_MUTATIONS} mutations",
        f"{limits.MAX_FIELDS:,} fields", f"{inputs.LONGEST_ASKED:,} characters",
        f"At most {graphql_ws.MOST_OPERATIONS} operations",
    ):  # fmt: skip
        assert words in told, words
