"""The platform as a process of its own, on a free port."""

import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from multiprocessing.process import BaseProcess
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "civic"]


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


class Server:
    """``civic serve`` with settings of its own; ``url`` is its address.

    With ``warm``, and unless it is told otherwise, it is forked from a process that has the platform imported.
    """

    warm = False

    def __init__(self, data_dir: Path, database_url: str = "", **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data_dir / f"server-{self.port}.log"
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "CIVIC_DATA_DIR": str(data_dir),
            "CIVIC_DATABASE_URL": database_url,
            "CIVIC_ORIGIN": self.url,
            **{f"CIVIC_{name.upper()}": value for name, value in settings.items()},
        }
        self.command = COMMAND
        self.options: list[str] = []
        self.cwd = ROOT
        self.process: Spawned | BaseProcess | None = None

    def start(self, timeout: float = 120) -> None:
        """Start and wait until ``/readyz`` answers; RuntimeError with the log after ``timeout`` seconds."""
        arguments = ["serve", "--port", str(self.port), *self.options]
        if self.warm and not self.options and (self.command, self.cwd) == (COMMAND, ROOT):
            from tests.support.warm import fork

            self.process = fork(arguments, self.environment, self.log)
        else:
            with self.log.open("ab") as log:
                self.process = Spawned(
                    subprocess.Popen(
                        [*self.command, *arguments],
                        env=self.environment,
                        cwd=self.cwd,
                        stdout=log,
                        stderr=subprocess.STDOUT,
                    )
                )
        end = time.monotonic() + timeout
        while time.monotonic() < end and self.process.is_alive():
            try:
                with urlopen(f"{self.url}/readyz", timeout=2):
                    return
            except (URLError, OSError):
                time.sleep(0.05)
        self.kill()
        raise RuntimeError("The server did not start:\n" + self.log.read_text("utf-8", "replace")[-4000:])

    def kill(self) -> None:
        """SIGKILL, as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.join()
        self.process = None

    def stop(self) -> None:
        """Ask it to end, and kill it after ten seconds."""
        if self.process is not None:
            self.process.terminate()
            self.process.join(10)
        self.kill()


class Spawned:
    """A process of ``subprocess``, spoken to as to one of ``multiprocessing``."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def terminate(self) -> None:
        self.process.terminate()

    def kill(self) -> None:
        self.process.kill()

    def join(self, timeout: float | None = None) -> None:
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout)
