"""Subscriptions: the graphql-transport-ws protocol, as the npm library graphql-ws speaks it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import orjson
from graphql import GraphQLError, OperationType
from starlette.websockets import WebSocket, WebSocketDisconnect

from civic.errors import CivicError
from civic.schema.core.context import Context
from civic.schema.core.errors import failed
from civic.schema.core.execute import Answer, Engine
from civic.web import metrics
from civic.web.security import from_here
from civic.web.sessions import Sessions

PROTOCOL = "graphql-transport-ws"
MOST_OPERATIONS = 20  # at the same time on one connection
MOST_CONNECTIONS = 2000  # of this process
MOST_BYTES = 64 * 1024
PATIENCE = 10.0  # seconds to wait for connection_init

BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, NO_PROTOCOL = 4400, 4401, 4403, 4406
INIT_TIMEOUT, DUPLICATE, TOO_MANY_INITS, TOO_MANY = 4408, 4409, 4429, 4429


class Close(Exception):
    """Ends the connection with a code and a reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class GraphQLSocket:
    """The WebSocket endpoint at /graphql."""

    def __init__(self, engine: Engine, sessions: Sessions) -> None:
        self.engine = engine
        self.sessions = sessions
        self.open = 0

    async def respond(self, socket: WebSocket) -> None:
        if from_here(socket.headers) is False:
            await socket.close(FORBIDDEN, "Forbidden")
            return
        if PROTOCOL not in socket.scope.get("subprotocols", ()):
            await socket.accept()
            await socket.close(NO_PROTOCOL, "Subprotocol not acceptable")
            return
        await socket.accept(PROTOCOL)
        if self.open >= MOST_CONNECTIONS:
            await socket.close(TOO_MANY, "Too many connections")
            return
        self.open += 1
        metrics.SOCKETS.inc()
        connection = Connection(self, socket)
        try:
            await connection.serve()
        except Close as close:
            with suppress(RuntimeError):
                await socket.close(close.code, close.reason)
        except WebSocketDisconnect:
            pass
        finally:
            self.open -= 1
            metrics.SOCKETS.dec()
            await connection.end()


class Connection:
    """One client."""

    def __init__(self, endpoint: GraphQLSocket, socket: WebSocket) -> None:
        self.engine = endpoint.engine
        self.sessions = endpoint.sessions
        self.socket = socket
        self.token = ""
        self.ready = False
        self.running: dict[str, asyncio.Task[None]] = {}

    async def serve(self) -> None:
        """Read messages until the client leaves. Raises Close."""
        try:
            await asyncio.wait_for(self.receive(), PATIENCE)
        except TimeoutError:
            raise Close(INIT_TIMEOUT, "Connection initialisation timeout") from None
        while True:
            await self.receive()

    async def receive(self) -> None:
        message = await self.socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1000))
        text = message.get("text")
        if text is None or len(text) > MOST_BYTES:
            raise Close(BAD_REQUEST, "Invalid message received")
        try:
            data = orjson.loads(text)
            kind = data["type"]
        except (orjson.JSONDecodeError, KeyError, TypeError):
            raise Close(BAD_REQUEST, "Invalid message received") from None
        if kind == "connection_init":
            await self.begin(data.get("payload"))
        elif kind == "ping":
            await self.send({"type": "pong"})
        elif kind == "pong":
            pass
        elif kind == "subscribe":
            self.subscribe(data)
        elif kind == "complete":
            task = self.running.pop(str(data.get("id")), None)
            if task:
                task.cancel()
        else:
            raise Close(BAD_REQUEST, "Invalid message received")

    async def begin(self, payload: Any) -> None:
        if self.ready:
            raise Close(TOO_MANY_INITS, "Too many initialisation requests")
        given = (
            payload.get("authorization") or payload.get("Authorization")
            if isinstance(payload, dict)
            else None
        )
        self.token = given if isinstance(given, str) else ""
        try:
            await self.context()
        except CivicError:
            raise Close(FORBIDDEN, "Forbidden") from None
        self.ready = True
        await self.send({"type": "connection_ack"})

    async def context(self) -> Context:
        """Who asks, looked up for each operation, so that a session that has ended starts nothing new."""
        context = await self.sessions.context(self.socket)
        if self.token:
            identity = await self.sessions.bearer(self.token)
            context.viewer, context.scopes, context.session = identity.person, identity.scopes, ""
        return context

    def subscribe(self, data: dict[str, Any]) -> None:
        if not self.ready:
            raise Close(UNAUTHORIZED, "Unauthorized")
        id, payload = data.get("id"), data.get("payload")
        if not isinstance(id, str) or not id or not isinstance(payload, dict):
            raise Close(BAD_REQUEST, "Invalid message received")
        query, variables, name = payload.get("query"), payload.get("variables"), payload.get("operationName")
        well_formed = (
            isinstance(query, str) and isinstance(variables, dict | None) and isinstance(name, str | None)
        )
        if not well_formed:
            raise Close(BAD_REQUEST, "Invalid message received")
        if id in self.running:
            raise Close(DUPLICATE, f"Subscriber for {id[:40]} already exists")
        if len(self.running) >= MOST_OPERATIONS:
            raise Close(TOO_MANY, f"At most {MOST_OPERATIONS} operations at a time")
        self.running[id] = asyncio.create_task(self.operate(id, str(query), variables, name))

    async def operate(self, id: str, query: str, variables: dict[str, Any] | None, name: str | None) -> None:
        """Run one operation and send its answers."""
        metrics.SUBSCRIPTIONS.inc()
        try:
            context = await self.context()
            document = self.engine.document(query)
            try:
                streaming = (
                    not document.errors and document.operation(name).kind == OperationType.SUBSCRIPTION
                )
            except GraphQLError:
                streaming = False
            if streaming:
                found = await self.engine.stream(document, context, variables, name)
            else:
                found = await self.engine.run(document, context, variables, name)
            if isinstance(found, Answer):
                if not found.began:
                    await self.send({"id": id, "type": "error", "payload": found.body["errors"]})
                    return
                await self.send({"id": id, "type": "next", "payload": found.body})
            else:
                async for answer in found:
                    await self.send({"id": id, "type": "next", "payload": answer.body})
            await self.send({"id": id, "type": "complete"})
        except asyncio.CancelledError:
            raise
        except Exception as error:
            failure = failed(error, "subscription")
            with suppress(Exception):
                await self.send({"id": id, "type": "error", "payload": [{"message": str(failure)}]})
        finally:
            metrics.SUBSCRIPTIONS.dec()
            if self.running.get(id) is asyncio.current_task():
                del self.running[id]

    async def send(self, message: dict[str, Any]) -> None:
        await self.socket.send_text(orjson.dumps(message, default=str).decode())

    async def end(self) -> None:
        """Stop everything that still runs."""
        tasks = list(self.running.values())
        self.running.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
