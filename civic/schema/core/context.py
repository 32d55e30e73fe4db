"""Who asks, in which language, and when: what every resolver finds in ``info.context``."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from civic import clock
from civic.acts.core import Actor
from civic.errors import N_, NotAllowed, NotFound
from civic.schema.core.errors import not_signed_in
from civic.schema.core.throttle import network_of

LANGUAGES = ("zh-Hans", "en")


class Doorkeeper(Protocol):
    """Starts and ends sessions; `civic.web.sessions` is the real one."""

    async def sign_in(self, context: Context, person: Any) -> None: ...

    async def sign_out(self, context: Context) -> None: ...

    async def end_sessions(self, context: Context, key: str | None) -> int: ...

    def forget_person(self, person: Any) -> None: ...

    def device(self, context: Context, account: str) -> str: ...


@dataclass(slots=True, eq=False)
class Context:
    """One request.

    viewer: the signed-in Person, or None. scopes: of a personal access token; None means everything
    that the person may do. session: id of the session, if one is used. cookies: Set-Cookie values that the
    answer will carry. memo: a place for loaders to keep what one request has already fetched.
    """

    viewer: Any = None
    language: str = LANGUAGES[0]
    scopes: frozenset[str] | None = None
    session: str = ""
    doorkeeper: Doorkeeper | None = None
    request: Any = None
    now: datetime = field(default_factory=clock.now)
    cookies: list[str] = field(default_factory=list)
    memo: dict[Any, Any] = field(default_factory=dict)
    private: bool = False

    @property
    def anonymous(self) -> bool:
        return self.viewer is None

    @property
    def network(self) -> str:
        """The network that the request comes from, for `civic.schema.core.throttle`; "" when unknown."""
        return network_of(self.request)

    def signed_in(self) -> Any:
        """The viewer. Raises NotSignedIn."""
        if self.viewer is None:
            raise not_signed_in()
        return self.viewer

    def need(self, scope: str) -> None:
        """Raises NotAllowed when the request comes with an access token that lacks ``scope``."""
        if self.scopes is not None and scope not in self.scopes:
            raise NotAllowed(
                N_("This access token lacks the scope “%(scope)s”."), reason="token_scope", scope=scope
            )

    async def actor(self, as_party: str | None = None) -> Actor:
        """Who acts: the viewer, for themself or for the party with this global id.

        Raises NotSignedIn; NotAllowed when the viewer may not act for that party; NotFound.
        """
        person = self.signed_in()
        if as_party is None:
            return Actor(person=person)
        from civic.acts.permissions import roles_in
        from civic.models import Party
        from civic.schema.core.ids import decode_int

        key = decode_int(as_party, "Party", field="as_party")
        party = await Party.get_or_none(id=key)
        if party is None:
            raise NotFound(N_("There is nothing with this id."), reason="unknown_id", field="as_party")
        if not await roles_in(person, key):
            raise NotAllowed(N_("You do not act for this party."), reason="party_role", field="as_party")
        return Actor(person=person, party=party)

    async def once(self, key: Any, load: Callable[[], Awaitable[Any]]) -> Any:
        """The result of ``load`` for ``key``, fetched once in this request, also when fields ask at the same time."""
        if key not in self.memo:
            self.memo[key] = asyncio.ensure_future(load())
        return await self.memo[key]

    async def sign_in(self, person: Any) -> None:
        """Start a session for ``person``; the answer sets its cookie."""
        if self.doorkeeper:
            await self.doorkeeper.sign_in(self, person)

    def changed(self) -> None:
        """The viewer's account has changed: look it up again at the next request."""
        if self.doorkeeper and self.viewer is not None:
            self.doorkeeper.forget_person(self.viewer)

    async def end_sessions(self, key: str | None = None) -> int:
        """End the viewer's session whose id begins with ``key``, or all but the present one. How many ended."""
        return await self.doorkeeper.end_sessions(self, key) if self.doorkeeper else 0

    def device(self, account: str) -> str:
        """Names this browser, if somebody has signed in to ``account`` with it before; else ""."""
        return self.doorkeeper.device(self, account) if self.doorkeeper else ""

    async def sign_out(self) -> None:
        """End the session of this request; the answer removes its cookie."""
        if self.doorkeeper:
            await self.doorkeeper.sign_out(self)
