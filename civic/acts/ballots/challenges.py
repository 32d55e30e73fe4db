"""What people say against an announced roll, and what the host decides, before voting opens."""

from __future__ import annotations

from secrets import token_bytes

from civic import clock
from civic.acts import notifications
from civic.acts.ballots.rolls import check_announced, correct_line
from civic.acts.ballots.who import host
from civic.acts.core import Actor, Record, act_on, note
from civic.acts.permissions import signed_in, the_person
from civic.errors import N_, Conflict, InvalidInput, InvalidState
from civic.models import Ballot, Person, RollChallenge
from civic.rules.commitments import commit
from civic.rules.text import multiline, one_line

ABOUT = ("missing", "weight", "other")


@act_on(Ballot, "ballot.challenge_roll", may=signed_in)
async def challenge(actor: Actor, ballot: Ballot, *, about: str, text: str) -> RollChallenge:
    """Say that an announced roll is wrong, before voting opens."""
    check_announced(ballot)
    person = the_person(actor)
    if about not in ABOUT:
        raise InvalidInput(N_("Please choose one of the options."), field="about", reason="choice")
    if about == "weight" and not ballot.weighted:
        raise InvalidInput(N_("This roll has no weights."), field="about", reason="no_weights")
    if about != "other" and person.person_key is None:
        raise InvalidInput(
            N_(
                "Your document has not been checked yet, so the platform cannot look for you on the roll. Show it at a "
                "counter first, or choose “something else”."
            ),
            field="about", reason="not_verified",
        )  # fmt: skip
    if await RollChallenge.filter(ballot_id=ballot.id, person_id=person.id, state="open").exists():
        raise Conflict(
            N_("You have objected already; wait for the decision."), field="about", reason="challenged"
        )
    made = await RollChallenge.create(
        ballot_id=ballot.id, person=person, about=about, text=multiline(text, field="text", limit=1000),
        salt=token_bytes(16), at=clock.now(),
    )  # fmt: skip
    digest = commit(bytes(made.salt), made.text)
    note(Record("ballot", ballot.id, {"challenge": made.id, "about": about, "text": digest}))
    await notifications.tell(
        await notifications.members(ballot.host_id), "roll.challenged", subject="ballot_roll", subject_id=ballot.id,
        title=ballot.title, but=person,
    )  # fmt: skip
    return made


@act_on(Ballot, "ballot.decide_challenge", may=host)
async def decide(
    actor: Actor, ballot: Ballot, *, challenge: int, accept: bool, answer: str, weight: str = ""
) -> RollChallenge:
    """Decide on an objection to a roll; whoever is missing or has a wrong weight is put right with it."""
    check_announced(ballot)
    found = await RollChallenge.filter(id=challenge, ballot_id=ballot.id).select_related("person").first()
    if found is None:
        raise InvalidInput(N_("There is no such objection."), field="challenge", reason="unknown_challenge")
    if found.state != "open":
        raise InvalidState(N_("This objection is decided already."), reason="decided")
    found.answer = one_line(answer, field="answer", limit=500)
    if accept and found.about != "other":
        person: Person = found.person
        assert person.person_key is not None
        await correct_line(actor, ballot, person.person_key, weight=weight, remove=False, challenge=found.id)
    elif weight.strip():
        raise InvalidInput(
            N_("Leave the weight empty: this decision changes none."), field="weight", reason="no_weights"
        )
    found.state, found.decided_at = "accepted" if accept else "rejected", clock.now()
    await found.save()
    payload = {
        "challenge": found.id,
        "decision": found.state,
        "answer": commit(bytes(found.salt), found.answer),
    }
    note(Record("ballot", ballot.id, payload))
    await notifications.tell(
        [found.person_id], f"roll.{found.state}", subject="ballot", subject_id=ballot.id, title=ballot.title,
        detail=found.answer, but=actor.person,
    )  # fmt: skip
    return found


async def lapse(ballot: Ballot) -> int:
    """At opening: what was not decided stays undecided, and the record says how many. A step of acts."""
    return await RollChallenge.filter(ballot_id=ballot.id, state="open").update(
        state="lapsed", decided_at=clock.now()
    )
