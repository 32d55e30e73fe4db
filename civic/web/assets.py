"""Stylesheets, scripts and images, each under a URL that names its content, so that it may be kept for ever."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path
from time import monotonic

from starlette.requests import Request
from starlette.responses import Response

from civic import paths

FOREVER = "public, max-age=31536000, immutable"
BRIEFLY = "public, max-age=300"
BUNDLE = "css/civic.css"
PACKABLE = ("text/", "image/svg+xml", "application/json", "application/javascript")
LOOK_AGAIN = 1.0


class Asset:
    """One file as it is sent."""

    def __init__(self, body: bytes, name: str) -> None:
        self.body = body
        self.media_type = guess_type(name)[0] or "application/octet-stream"
        self.packed = gzip.compress(body, 9, mtime=0) if self.media_type.startswith(PACKABLE) else b""
        self.hash = sha256(body).hexdigest()[:12]
        stem, dot, suffix = name.rpartition(".")
        self.url = f"/assets/{stem}.{self.hash}{dot}{suffix}"


class Assets:
    """The files below a folder. ``css/civic.css`` is all stylesheets in the order of ``css/index.txt``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kept: dict[str, tuple[float, int, Asset]] = {}

    def url(self, name: str) -> str:
        """Where an asset is; a name that does not exist is left as it is."""
        asset = self.get(name)
        return asset.url if asset else f"/assets/{name}"

    def get(self, name: str) -> Asset | None:
        """The asset of this name, read again when its file has changed."""
        kept = self.kept.get(name)
        if kept and kept[0] > monotonic():
            return kept[2]
        sources = self.sources(name)
        if not sources:
            return None
        stamp = hash(tuple((path, path.stat().st_mtime_ns) for path in sources))
        if kept is None or kept[1] != stamp:
            kept = (0.0, stamp, Asset(b"\n".join(path.read_bytes() for path in sources), name))
        self.kept[name] = (monotonic() + LOOK_AGAIN, stamp, kept[2])
        return kept[2]

    def sources(self, name: str) -> list[Path]:
        if name == BUNDLE and (self.folder / "css" / "index.txt").is_file():
            folder = self.folder / "css"
            return [folder / line for line in (folder / "index.txt").read_text("utf-8").split()]
        if "\0" in name:
            return []
        path = (self.folder / name).resolve()
        inside = path.is_relative_to(self.folder.resolve()) and path.is_file()
        return [path] if inside and not any(part.startswith(".") for part in Path(name).parts) else []

    async def respond(self, request: Request) -> Response:
        """GET /assets/<name>.<hash>.<suffix>; without the hash it is kept briefly only."""
        wanted = request.path_params["path"]
        parts = wanted.rsplit(".", 2)
        named = len(parts) == 3 and len(parts[1]) == 12
        asset = self.get(f"{parts[0]}.{parts[2]}") if named else None
        if asset is None:
            named, asset = False, self.get(wanted)
        if asset is None:
            return Response("Not found", 404, media_type="text/plain")
        exact = named and parts[1] == asset.hash
        headers = {"Cache-Control": FOREVER if exact else BRIEFLY, "ETag": f'"{asset.hash}"'}
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        body = asset.body
        if asset.packed:
            headers["Vary"] = "Accept-Encoding"
            if "gzip" in request.headers.get("accept-encoding", ""):
                body, headers["Content-Encoding"] = asset.packed, "gzip"
        return Response(body, 200, headers, media_type=asset.media_type)


@lru_cache(maxsize=1)
def shared() -> Assets:
    """The platform's own assets."""
    return Assets(paths.templates() / "assets")


Url = Callable[[str], str]
