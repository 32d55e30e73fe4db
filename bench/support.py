"""What measurements share: a folder of data, servers, a load generator, medians and tables.

with data_dir() as data:                              # a migrated SQLite database, removed afterwards
    with serving("civic.app:create_app", data) as ours, serving("bench.x:bare", data) as theirs:
        sides = {"bare": lambda: load(theirs, get("/list")).rate, "ours": lambda: load(ours, get("/")).rate}
        rates = alternate(sides)
        show("Lists", ["side", "requests/s"], [[name, f"{rate:,.0f}"] for name, rate in rates.items()])
"""

from __future__ import annotations

import asyncio
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from civic.settings import settings
from tests.support.server import ROOT, free_port
from tests.support.templates import migrate as migrate

Requests = Callable[[], bytes]


def use(data: Path, url: str = "") -> None:
    """Let this process work on a data folder; ``url`` names a PostgreSQL database."""
    os.environ["CIVIC_DATA_DIR"], os.environ["CIVIC_DATABASE_URL"] = str(data), url
    settings.cache_clear()


@contextmanager
def data_dir() -> Iterator[Path]:
    """A temporary data folder with a migrated SQLite database, in use by this process."""
    with tempfile.TemporaryDirectory(prefix="civic-bench-") as folder:
        data = Path(folder)
        migrate(data)
        use(data)
        yield data


@contextmanager
def serving(factory: str, data: Path, url: str = "", **given: str) -> Iterator[int]:
    """An application in a uvicorn process of its own, one worker; gives its port.

    ``factory`` is ``module:function``; ``given`` are settings, without their prefix.
    """
    port = free_port()
    environment = {
        **os.environ,
        "CIVIC_DATA_DIR": str(data),
        "CIVIC_DATABASE_URL": url,
        "CIVIC_LOG_LEVEL": "warning",
        "CIVIC_ORIGIN": f"http://127.0.0.1:{port}",
        **{f"CIVIC_{name.upper()}": value for name, value in given.items()},
    }
    options = ["--factory", "--port", str(port), "--no-access-log", "--log-level", "warning"]
    if factory.startswith("civic."):  # as `civic serve` runs it
        options += ["--http", "civic.web.wire:Protocol", "--no-server-header"]
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", factory, *options], cwd=ROOT, env=environment
    )
    try:
        end = time.monotonic() + 60
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{factory} did not start")
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _answers(port: int) -> bool:
    import socket

    with socket.socket() as sock:
        sock.settimeout(1)
        return sock.connect_ex(("127.0.0.1", port)) == 0


def get(path: str, **headers: str) -> Requests:
    """The same GET request again and again."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    return lambda: request


def post(path: str, body: Callable[[], bytes], **headers: str) -> Requests:
    """POST requests of JSON; ``body`` is called for each."""
    named = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())

    def make() -> bytes:
        content = body()
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{named}"
        return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content

    return make


@dataclass(frozen=True, slots=True)
class Load:
    """What a server did: requests a second, median and 99th percentile in ms, answers other than 200."""

    rate: float
    p50: float
    p99: float
    failed: int
    size: int


def load(port: int, requests: Requests, *, connections: int = 16, seconds: float = 2.0) -> Load:
    """Send requests as fast as they are answered, over this many connections, for this long."""
    return asyncio.run(_load(port, requests, connections, seconds))


async def _load(port: int, requests: Requests, connections: int, seconds: float) -> Load:
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    clients = [Client(requests, began + seconds) for _ in range(connections)]
    for client in clients:
        await loop.create_connection(lambda c=client: c, "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.gather(*(client.done for client in clients))
    took = time.perf_counter() - began
    times = sorted(t for client in clients for t in client.times)
    if not times:
        raise RuntimeError("nothing was answered")
    middle, late = times[len(times) // 2], times[min(len(times) - 1, len(times) * 99 // 100)]
    failed = sum(client.failed for client in clients)
    return Load(len(times) / took, middle * 1000, late * 1000, failed, clients[0].size)


class Client(asyncio.Protocol):
    """One connection: a request, its whole answer, the next request, until the end (`time.perf_counter`)."""

    def __init__(self, requests: Requests, end: float) -> None:
        self.requests, self.end = requests, end
        self.times: list[float] = []
        self.failed = self.size = 0
        self.buffer = b""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.send()

    def send(self) -> None:
        self.sent = time.perf_counter()
        self.transport.write(self.requests())

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return
        _, _, after = head.lower().partition(b"content-length:")
        if len(body) < int(after.split(b"\r\n", 1)[0] or 0):
            return
        now = time.perf_counter()
        self.times.append(now - self.sent)
        self.failed += not head.startswith(b"HTTP/1.1 200")
        self.size = len(body)
        self.buffer = b""
        self.answered(body)
        if now < self.end:
            self.send()
        else:
            self.transport.close()

    def answered(self, body: bytes) -> None:
        """For those who look at answers."""

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


def alternate(sides: dict[str, Callable[[], float]], rounds: int = 5) -> dict[str, float]:
    """Measure each side in turn, ``rounds`` times after one to warm up; the medians."""
    found: dict[str, list[float]] = {name: [] for name in sides}
    for turn in range(rounds + 1):
        for name, measure in sides.items():
            value = measure()
            if turn:
                found[name].append(value)
    return {name: median(values) for name, values in found.items()}


def fresh_peak() -> None:
    """Forget the most memory that this process has had, where the system can."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def memory(name: str) -> float | None:
    """This process's memory in MB: ``VmRSS`` now, ``VmHWM`` the most since `fresh_peak`; None where nobody tells."""
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) / 1024
    return None


def show(title: str, head: list[str], rows: list[list[str]], note: str = "") -> None:
    """Print a table: the first column to the left, figures to the right."""
    widths = [max(len(line[i]) for line in [head, *rows]) for i in range(len(head))]
    print(f"\n{title}")
    for line in [head, ["-" * width for width in widths], *rows]:
        cells = [
            c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(line, widths, strict=True))
        ]
        print("  " + "  ".join(cells))
    if note:
        print(f"  {note}")
    print(f"  Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} cores")
