"""What every test can ask for. ``CIVIC_TEST_DATABASE`` narrows the databases: sqlite, postgres or both."""

import gc
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from civic import clock
from civic.settings import settings
from tests.support.browser import chromium, executable
from tests.support.copies import Copies
from tests.support.demo import built
from tests.support.models import made_ready_once
from tests.support.passwords import cheaply
from tests.support.postgres import Cluster, binaries
from tests.support.server import Server
from tests.support.templates import migrate

CHOSEN = os.environ.get("CIVIC_TEST_DATABASE", "both")
DATABASES = ["sqlite", "postgres"] if CHOSEN == "both" else [CHOSEN]
# A Wednesday, not a holiday, ten in the morning in Shanghai.
A_WORKING_DAY = datetime(2026, 3, 18, 2, 0, tzinfo=UTC)

# Starting servers and hashing passwords would take most of the time.
Server.warm = True
cheaply()
made_ready_once()


def pytest_collection_finish() -> None:
    """What was loaded lives as long as the tests: it is not gone through again and again, as in a process that serves."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL of this worker's own, fast and not durable."""
    if binaries() is None:
        pytest.skip("PostgreSQL is missing: apt-get install postgresql")
    cluster = Cluster()
    yield cluster
    cluster.stop()


@pytest.fixture(scope="module")
def durable_cluster() -> Iterator[Cluster]:
    """A PostgreSQL that keeps what it acknowledged, for tests that kill: it is itself again for the next of the module."""
    if binaries() is None:
        pytest.skip("PostgreSQL is missing: apt-get install postgresql")
    cluster = Cluster(durable=True)
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def postgres_template(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a migrated database that tests copy."""
    migrate(tmp_path_factory.mktemp("postgres"), cluster.create("civic_template"))
    return "civic_template"


@pytest.fixture(scope="session")
def copies(cluster: Cluster, postgres_template: str) -> Iterator[Copies]:
    """Copies of the migrated database, given out and taken back."""
    copies = Copies(cluster, postgres_template)
    yield copies
    copies.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a migrated database file that tests copy."""
    folder = tmp_path_factory.mktemp("sqlite")
    migrate(folder)
    return folder


@pytest.fixture(params=DATABASES)
def database(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """A migrated, empty database and data folder, set in the settings; gives ``sqlite`` or ``postgres``."""
    folder = tmp_path / "data"
    url = name = ""
    if request.param == "postgres":
        copies: Copies = request.getfixturevalue("copies")
        name = copies.take()
        url = copies.cluster.url(name)
        folder.mkdir()
    else:
        shutil.copytree(request.getfixturevalue("sqlite_template"), folder)
    monkeypatch.setenv("CIVIC_DATA_DIR", str(folder))
    monkeypatch.setenv("CIVIC_DATABASE_URL", url)
    settings.cache_clear()
    yield request.param
    settings.cache_clear()
    if name:
        copies.give_back(name)


@pytest.fixture
async def connected(database: str) -> AsyncIterator[str]:
    """The database of this test, connected; nothing serves it."""
    from civic import db

    await db.start()
    try:
        yield database
    finally:
        await db.stop()


@pytest.fixture
async def world(database: str) -> Any:
    """Areas, a steward, a department with an official. Ask for ``connected`` or ``app`` before it."""
    from civic import db
    from tests.support.world import World

    assert db.started(), "ask for `connected` or `app` before `world`"
    return await World.make()


@pytest.fixture
async def app(database: str) -> AsyncIterator[Any]:
    """The application, its lifespan entered."""
    from civic.app import create_app

    app = create_app()
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def client(app: Any) -> AsyncIterator[Any]:
    """An HTTP client that speaks to the application within this process."""
    import httpx2

    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url=settings().origin) as client:
        yield client


@pytest.fixture
def graphql(client: Any) -> Callable[..., Awaitable[dict[str, Any]]]:
    """``await graphql(query, variables, token=...)``: the whole answer, with ``data`` and ``errors``.

    ``token`` is a personal access token; ``language`` is ``zh-Hans`` or ``en``.
    """

    async def ask(
        query: str, variables: dict[str, Any] | None = None, token: str = "", language: str = "en"
    ) -> dict[str, Any]:
        headers = {"Accept-Language": language}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        body = {"query": query, "variables": variables or {}}
        answer = await client.post("/graphql", json=body, headers=headers)
        result: dict[str, Any] = answer.json()
        return result

    return ask


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a built demonstration; tests that change it copy it first."""
    base = tmp_path_factory.getbasetemp()
    return built(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)


@pytest.fixture
def frozen_clock() -> Iterator[Callable[[datetime], AbstractContextManager[None]]]:
    """The platform's clock starts at ``A_WORKING_DAY``; gives ``clock.travel`` to go elsewhere."""
    with clock.travel(A_WORKING_DAY):
        yield clock.travel


@pytest.fixture
def server(database: str) -> Iterator[Server]:
    """``civic serve`` on this test's database."""
    chosen = settings()
    server = Server(chosen.data_dir, chosen.database_url)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, one for a module: while Playwright runs, no asynchronous test can run in the same process."""
    if executable() is None:
        pytest.skip("Chromium is missing: apt-get install chromium fonts-noto-cjk")
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A fresh page with its own cookies."""
    context = browser.new_context()
    yield context.new_page()
    context.close()
