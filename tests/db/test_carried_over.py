"""Promises that were in answers before obligations had a table of their own right keep their words and evidence."""

import shutil
from datetime import UTC, datetime
from typing import Any

import pytest
from tortoise import Tortoise
from tortoise.connection import get_connection
from tortoise.migrations.api import migrate as run

from civic.db.configuration import config
from civic.settings import settings

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(400)]
NOW = datetime(2026, 3, 18, 2, 0, tzinfo=UTC)
BEFORE, CARRIES = "models.0002_search", "models.0006_charters"


async def insert(table: str, **values: Any) -> None:
    client = get_connection("default")
    marks = [f"${n}" if settings().on_postgres else "?" for n in range(1, len(values) + 1)]
    await client.execute_query(
        f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(marks)})", list(values.values())
    )


async def rows(query: str) -> list[dict[str, Any]]:
    """As they are: the models are of a later time."""
    return [dict(row) for row in await get_connection("default").execute_query_dict(query)]


def at(value: datetime | str) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


async def an_old_platform() -> None:
    """A proposal of area 1, answered by party 1 with two promises, one of them reported and kept."""
    at = NOW if settings().on_postgres else NOW.isoformat(" ")
    await insert("area", id=1, code="310104", name="测试区", name_en="", level="district")
    await insert(
        "party", id=1, kind="government", name="测试部门", name_en="", area_id=1, about="", state="active",
        reason="", created_at=at,
    )  # fmt: skip
    await insert(
        "proposal", id=7, title="长椅", body="x", salt=b"s" * 16, state="decided", decision="accepted",
        hidden_reason="", language="zh-Hans", area_id=1, version=1, supports=0, imported_supports=0, threshold=1,
        comments=0, author_label="", source="", source_id="", created_at=at,
    )  # fmt: skip
    await insert(
        "deadline", id=3, kind="proposal", subject_id=7, department_id=1, started_at=at, due_at=at,
        working_days=20, provisional=False if settings().on_postgres else 0, extension_reason="", warned=0,
    )  # fmt: skip
    await insert(
        "response", id=5, deadline_id=3, verdict="accepted", reasons="好", salt=b"s" * 16, cost="", version=1,
        published_at=at,
    )  # fmt: skip
    day = NOW.date() if settings().on_postgres else NOW.date().isoformat()
    await insert(
        "obligation", id=1, party_id=1, response_id=5, text="装长椅", due_on=day, state="confirmed",
        evidence="已装十张", reported_at=at, confirmed_at=at,
    )  # fmt: skip
    await insert(
        "obligation", id=2, party_id=1, response_id=5, text="装路灯", due_on=day, state="pending", evidence=""
    )


async def test_promises_are_carried_over(
    database: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = request.getfixturevalue("cluster") if database == "postgres" else None
    if cluster is not None:
        monkeypatch.setenv("CIVIC_DATABASE_URL", cluster.create("carried"))
    else:
        shutil.rmtree(settings().data_dir)
        settings().data_dir.mkdir()
    settings.cache_clear()
    await run(config=config(plain=True), target=BEFORE)
    await Tortoise.init(config=config(plain=True))
    await an_old_platform()
    await Tortoise.close_connections()
    # What comes after is tested on rows in every table by `test_upgrade.py`.
    await run(config=config(plain=True), target=CARRIES)
    await Tortoise.init(config=config(plain=True))
    try:
        kept, open_ = await rows("SELECT * FROM obligation ORDER BY id")
        assert (kept["text"], kept["state"], kept["response_id"]) == ("装长椅", "confirmed", 5)
        assert (at(kept["settled_at"]), at(kept["created_at"])) == (NOW, NOW)
        assert (open_["state"], open_["settled_at"], len(bytes(open_["salt"] or b""))) == (
            "pending",
            None,
            16,
        )
        for one in (kept, open_):
            assert (one["counterpart_bloc"], one["counterpart_area_id"]) == ("residents", 1)
            assert (one["source_kind"], one["source_id"], at(one["created_at"])) == ("response", 5, NOW)
        (step,) = await rows("SELECT * FROM obligation_step")
        assert (step["obligation_id"], step["kind"], step["text"]) == (1, "reported", "已装十张")
        assert at(step["at"]) == NOW
    finally:
        await Tortoise.close_connections()
        if cluster is not None:
            cluster.drop("carried")
