"""Reading a GraphQL request from HTTP: JSON, GET parameters, or the multipart request specification."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request

JSON, GRAPHQL = "application/json", "application/graphql-response+json"
MAX_JSON = 1024 * 1024
MAX_FILES = 10


class Refused(Exception):
    """A request that is not well-formed GraphQL over HTTP. ``status`` is the HTTP status."""

    def __init__(self, status: int, message: str, reason: str) -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason


@dataclass(slots=True)
class Asked:
    """What a client wants to run."""

    query: str
    variables: dict[str, Any] | None = None
    operation_name: str | None = None


@lru_cache(maxsize=256)
def media_type(accept: str) -> str | None:
    """The media type to answer in, by the quality values of an Accept header; None: neither is acceptable.

    Without a header, or for ``*/*``, plain JSON, as GraphQL over HTTP says for servers of today.
    """
    if not accept.strip():
        return JSON
    best: tuple[float, int, str] | None = None
    for position, part in enumerate(accept.split(",")[:50]):
        fields = [f.strip() for f in part.split(";")]
        quality = 1.0
        for field in fields[1:]:
            if field.lower().startswith("q="):
                try:
                    quality = float(field[2:])
                except ValueError:
                    quality = 0.0
        name = fields[0].lower()
        offered = {JSON: JSON, GRAPHQL: GRAPHQL, "*/*": JSON, "application/*": JSON}.get(name)
        if offered and quality > 0 and (best is None or (-quality, position) < best[:2]):
            best = (-quality, position, offered)
    return best[2] if best else None


async def read(request: Request, *, form_allowed: Callable[[], bool]) -> Asked:
    """What is asked. Raises Refused."""
    if request.method in ("GET", "HEAD"):
        return from_query(request)
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    kind = kind.strip().lower()
    if kind == JSON:
        charset = parameters.lower().replace(" ", "").replace('"', "")
        if "charset=" in charset and "charset=utf-8" not in charset:
            raise Refused(415, "Send JSON in UTF-8.", "charset")
        return asked(loads(await body(request, MAX_JSON)))
    if kind == "multipart/form-data":
        if not form_allowed():
            raise Refused(403, "A form post from another site, or without Origin, is refused.", "cross_site")
        return await from_form(request)
    raise Refused(415, f"Send {JSON} or multipart/form-data.", "content_type")


async def body(request: Request, most: int) -> bytes:
    """The request's body. Raises Refused past ``most`` bytes, before reading the rest."""
    chunks: list[bytes] = []
    size, more = 0, True
    while more:
        message = await request.receive()
        if message["type"] != "http.request":
            raise ClientDisconnect
        chunks.append(message.get("body", b""))
        size, more = size + len(chunks[-1]), message.get("more_body", False)
        if size > most:
            raise Refused(413, f"The request is larger than {most} bytes.", "body_size")
    return b"".join(chunks)


def loads(data: bytes | str) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        raise Refused(400, "The request is not valid JSON.", "json") from None


def asked(data: Any) -> Asked:
    """Check the parameters of a request object. Raises Refused."""
    if not isinstance(data, dict):
        raise Refused(400, "The request must be one JSON object; batches are not supported.", "not_an_object")
    query, variables, name = data.get("query"), data.get("variables"), data.get("operationName")
    if not isinstance(query, str) or not query.strip():
        raise Refused(400, "`query` must be a text.", "query")
    if variables is not None and not isinstance(variables, dict):
        raise Refused(400, "`variables` must be an object.", "variables")
    if name is not None and not isinstance(name, str):
        raise Refused(400, "`operationName` must be a text.", "operation_name")
    if data.get("extensions") is not None and not isinstance(data["extensions"], dict):
        raise Refused(400, "`extensions` must be an object.", "extensions")
    return Asked(query, variables, name or None)


def from_query(request: Request) -> Asked:
    parameters = request.query_params
    data: dict[str, Any] = {
        "query": parameters.get("query"),
        "operationName": parameters.get("operationName"),
    }
    for name in ("variables", "extensions"):
        if parameters.get(name):
            data[name] = loads(parameters[name])
    return asked(data)


async def from_form(request: Request) -> Asked:
    """The GraphQL multipart request specification: ``operations``, ``map``, then the files."""
    async with request.form(max_files=MAX_FILES, max_fields=MAX_FILES + 2, max_part_size=MAX_JSON) as form:
        operations, mapping = form.get("operations"), form.get("map")
        if not isinstance(operations, str) or not isinstance(mapping, str):
            raise Refused(400, "A multipart request has the fields `operations` and `map`.", "multipart")
        data, places = loads(operations), loads(mapping)
        if not isinstance(data, dict) or not isinstance(places, dict):
            raise Refused(400, "`operations` and `map` must be objects.", "multipart")
        for name, paths in places.items():
            file = form.get(name)
            if not isinstance(file, UploadFile) or not isinstance(paths, list):
                raise Refused(400, "`map` names a file that was not sent.", "multipart")
            for path in paths:
                place(data, str(path).split("."), await detach(file))
        return asked(data)


async def detach(file: UploadFile) -> UploadFile:
    """A copy that outlives the form, which closes its temporary files."""
    from io import BytesIO

    await file.seek(0)
    return UploadFile(
        BytesIO(await file.read()), size=file.size, filename=file.filename, headers=file.headers
    )


def place(data: Any, path: list[str], file: UploadFile) -> None:
    """Put a file where the map says; the place must exist and be null. Raises Refused."""
    try:
        here: Any = data
        for part in path[:-1]:
            here = here[int(part)] if isinstance(here, list) else here[part]
        last: Any = int(path[-1]) if isinstance(here, list) else path[-1]
        if here[last] is not None or path[0] != "variables":
            raise KeyError
        here[last] = file
    except (KeyError, IndexError, ValueError, TypeError):
        raise Refused(400, "`map` names a place that is not null in `operations`.", "multipart") from None
