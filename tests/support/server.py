"""The platform as a process of its own, on a free port."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


class Server:
    """``civic serve`` with settings of its own; ``url`` is its address."""

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
        self.command = [sys.executable, "-m", "civic"]
        self.options: list[str] = []
        self.cwd = ROOT
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, timeout: float = 120) -> None:
        """Start and wait until ``/readyz`` answers; RuntimeError with the log after ``timeout`` seconds."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.command, "serve", "--port", str(self.port), *self.options],
                env=self.environment,
                cwd=self.cwd,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        end = time.monotonic() + timeout
        while time.monotonic() < end and self.process.poll() is None:
            try:
                with urlopen(f"{self.url}/readyz", timeout=2):
                    return
            except (URLError, OSError):
                time.sleep(0.05)
        self.kill()
        raise RuntimeError("The server did not start:\n" + self.log.read_text("utf-8", "replace")[-4000:])

    def kill(self) -> None:
        """SIGKILL, as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end, and kill it after ten seconds."""
        self._end(signal.SIGTERM)

    def _end(self, sign: signal.Signals) -> None:
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(sign)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None
