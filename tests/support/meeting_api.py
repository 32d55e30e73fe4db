"""A joint meeting through GraphQL alone: one query that reads all of it, and its mutations."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from civic.acts.core import Actor
from tests.support.world import World

Ask = Callable[..., Awaitable[dict[str, Any]]]

WHOLE = """query($id: ID!) { jointMeeting(id: $id) { id title state rule quorate nextStep isChair isOfficer isConvener
  chair { name } secretary { name } convener { name } area { name } scenario { title } proposals { title }
  requiredBlocs { bloc numerator denominator } blocs { bloc required seats present needed met }
  seats { number bloc state present mine filledBy delegate { name } party { name } } mySeat { number }
  managedParties { name } agenda { number title state current documents { name } requestedBy { name } }
  attendance { who { seat name } cameAt leftAt } speakers { who { name bloc } state item }
  motions { number amends item text becomes version rule state changes { op text } mover { seat name bloc party }
    seconder { seat } recusals { interest who { seat } }
    votes { number text rule state cast passed why counts { yes no } blocs { bloc majority counts { yes no } }
      quorumOpened { bloc present } roll { choice reasons who { seat name } } } }
  resolutions { id number motion text answers { id department { name } title dueAt asked } }
  minutes { number sections { key zh en } replies { answer text who { seat } }
    standing { signed objected deemed awaiting } } sortition { count } } }"""


# Mutations that answer with the meeting; the others also give a number.
STATES_ONLY = (
    "conveneJointMeeting", "adjournJointMeeting", "publishMinutes", "askToSpeak", "giveFloor", "endSpeech",
    "openSession",
)  # fmt: skip


class MeetingApi:
    """Asks as different people. ``id``: of the meeting, once there is one."""

    def __init__(self, graphql: Ask, world: World, id: str = "") -> None:
        self.graphql, self.world, self.id = graphql, world, id
        self.tokens: dict[Any, str] = {}

    async def token(self, actor: Actor | None) -> str:
        if actor is None or actor.person is None:
            return ""
        if actor.person.id not in self.tokens:
            self.tokens[actor.person.id] = await self.world.token(actor.person)
        return self.tokens[actor.person.id]

    async def read(self, actor: Actor | None = None) -> Any:
        answer = await self.graphql(WHOLE, {"id": self.id}, token=await self.token(actor))
        assert "errors" not in answer, answer["errors"]
        return answer["data"]["jointMeeting"]

    async def do(self, actor: Actor | None, name: str, kind: str = "MeetingInput", **input: Any) -> Any:
        """Run a mutation; its state or number, or the reason why not."""
        fields = "{ id state }" if name in STATES_ONLY else "{ id number state }"
        query = f"mutation($i: {kind}!) {{ {name}(input: $i) {fields} }}"
        answer = await self.graphql(
            query, {"i": {"meeting": self.id, **input}}, token=await self.token(actor)
        )
        if "errors" in answer:
            extensions = answer["errors"][0]["extensions"]
            return extensions.get("reason") or extensions["code"]
        return answer["data"][name]
