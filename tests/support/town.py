"""The demonstration served from within the test's own process, so that the test can move its clock."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Coroutine
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any, TypeVar
from urllib.error import URLError
from urllib.request import urlopen

import uvicorn

from civic import clock
from civic.settings import settings
from tests.support.server import free_port

T = TypeVar("T")


class Town:
    """``url`` is its address; `later` lets time pass; `run` carries out something within it."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.password = ""
        self.before = dict(os.environ)
        os.environ |= {
            "CIVIC_DATA_DIR": str(folder), "CIVIC_DATABASE_URL": "", "CIVIC_ORIGIN": self.url, "CIVIC_DEMO": "true",
        }  # fmt: skip
        settings.cache_clear()
        self.time = ExitStack()
        self.loop: asyncio.AbstractEventLoop | None = None
        config = uvicorn.Config(
            "civic.app:create_app",
            factory=True,
            port=self.port,
            http="civic.web.wire:Protocol",
            ws="websockets-sansio",
            log_config=None,
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()
        self._ready()

    def _serve(self) -> None:
        async def work() -> None:
            self.loop = asyncio.get_running_loop()
            await self.server.serve()

        asyncio.run(work())

    def _ready(self) -> None:
        end = monotonic() + 60
        while monotonic() < end:
            try:
                with urlopen(f"{self.url}/readyz", timeout=2):
                    return
            except (URLError, OSError):
                sleep(0.05)
        raise RuntimeError("the town did not wake up")

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of ``work``, run where the server runs."""
        assert self.loop is not None
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def later(self, **span: float) -> None:
        """Let so much time pass at once, as in ``later(hours=2)``."""
        self.time.enter_context(clock.shift(timedelta(**span)))

    def local(self, **span: float) -> str:
        """A moment so far from now, as a ``datetime-local`` field takes it."""
        return (clock.now() + timedelta(**span)).astimezone(settings().zone).strftime("%Y-%m-%dT%H:%M")

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(30)
        self.time.close()
        os.environ.clear()
        os.environ.update(self.before)
        settings.cache_clear()
