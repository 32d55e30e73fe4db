"""A real OpenID Connect provider (oidc-provider from npm) as a process on a loopback port."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx2

from tests.support.server import free_port

SCRIPT = Path(__file__).resolve().parents[1] / "npm" / "provider.mjs"


class Provider:
    """Runs until `stop`. ``issuer`` is its address; the client is ``civic`` with ``secret``."""

    secret = "a secret of the test"

    def __init__(self, redirect: str) -> None:
        self.port = free_port()
        self.issuer = f"http://127.0.0.1:{self.port}"
        node = shutil.which("node")
        if node is None:
            raise RuntimeError("Node is missing: apt-get install nodejs")
        self.process = subprocess.Popen(
            [node, str(SCRIPT), str(self.port), redirect],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        if self.process.stdout.readline().strip() != "ready":
            self.stop()
            raise RuntimeError("The provider did not start: make npm")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)

    async def consent(self, address: str, name: str) -> str:
        """Do at the provider what a person does in its pages; where it sends them back to."""
        async with httpx2.AsyncClient(timeout=20) as browser:
            answer = await browser.get(address)
            for _ in range(12):
                while answer.is_redirect:
                    target = urljoin(str(answer.url), answer.headers["location"])
                    if not target.startswith(self.issuer):
                        return target
                    answer = await browser.get(target)
                form = re.search(r'<form[^>]*action="([^"]+)"[^>]*>(.*?)</form>', answer.text, re.S)
                if form is None:
                    raise RuntimeError(f"no form: {answer.status_code} {answer.text[:200]}")
                fields: dict[str, Any] = dict(
                    re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form[2])
                )
                if 'name="login"' in form[2]:
                    fields |= {"login": name, "password": "anything"}
                answer = await browser.post(urljoin(str(answer.url), form[1]), data=fields)
        raise RuntimeError("the provider goes in circles")
