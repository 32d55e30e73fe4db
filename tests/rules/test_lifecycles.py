"""Every state of every kind, with every act that any state of that kind knows."""

import pytest

from civic.errors import InvalidState
from civic.rules import lifecycles

EVERY = [
    (kind, state, act)
    for kind in lifecycles.LIFECYCLES
    for state in lifecycles.states(kind)
    for act in sorted(lifecycles.acts(kind))
]


@pytest.mark.parametrize(("kind", "state", "act"), EVERY)
def test_every_act_in_every_state(kind: str, state: str, act: str) -> None:
    if act in lifecycles.allowed(kind, state):
        assert lifecycles.can(kind, state, act)
        assert lifecycles.move(kind, state, act) in lifecycles.states(kind)
        return
    assert not lifecycles.can(kind, state, act)
    with pytest.raises(InvalidState) as refusal:
        lifecycles.move(kind, state, act)
    assert refusal.value.reason == "wrong_state"
    assert refusal.value.details == {"state": state, "act": act}


@pytest.mark.parametrize("kind", lifecycles.LIFECYCLES)
def test_every_state_can_be_reached(kind: str) -> None:
    first = lifecycles.states(kind)[0]
    reached, waiting = {first}, [first]
    while waiting:
        state = waiting.pop()
        for act in lifecycles.allowed(kind, state):
            new = lifecycles.move(kind, state, act)
            if new not in reached:
                reached.add(new)
                waiting.append(new)
    assert reached == set(lifecycles.states(kind))


ENDS = {
    "scenario": set(),
    "proposal": {"withdrawn", "merged"},
    "paper_polling": {"completed"},
    "paper_batch": {"settled", "discarded"},
    "ballot": {"void"},
    "party": {"closed"},
    "residency": {"rejected", "expired", "revoked"},
    "response": set(),
    "obligation": {"confirmed", "broken", "waived"},
    "joint_meeting": {"closed", "cancelled"},
    "motion": {"adopted", "withdrawn", "lapsed"},
    "seat": set(),
    "charter": {"superseded", "ended"},
    "clause_change": {"accepted", "declined", "withdrawn"},
    "open_day": {"cancelled", "discarded"},
    "registration": {"attended", "cancelled", "no_show"},
}


@pytest.mark.parametrize("kind", lifecycles.LIFECYCLES)
def test_what_is_over_stays_over(kind: str) -> None:
    over = {state for state in lifecycles.states(kind) if not lifecycles.allowed(kind, state)}
    assert over == ENDS[kind]


# The domain's own arrows, written once more, independently of the tables.
ARROWS = {
    "open_day": "draft>announced announced>held held>reported draft>discarded announced>cancelled",
    "registration": "waitlisted>confirmed waitlisted>cancelled confirmed>cancelled confirmed>attended confirmed>no_show",
    "joint_meeting": "draft>convened convened>in_session in_session>adjourned adjourned>minutes_review "
    "minutes_review>closed draft>cancelled convened>cancelled",
    "motion": "moved>seconded seconded>voting voting>adopted voting>rejected voting>seconded rejected>seconded "
    "moved>withdrawn seconded>withdrawn moved>lapsed seconded>lapsed",
    "seat": "vacant>invited invited>confirmed invited>vacant confirmed>invited confirmed>vacant",
    "residency": "claimed>verified claimed>rejected verified>expired verified>revoked",
    "ballot": "draft>announced announced>open open>closed closed>tallied tallied>certified "
    "announced>void open>void closed>void tallied>void certified>void",
    "obligation": "pending>reported reported>confirmed reported>disputed disputed>confirmed disputed>broken "
    "pending>overdue overdue>reported pending>waived overdue>waived",
    "charter": "draft>negotiation negotiation>signing signing>negotiation signing>in_force in_force>superseded "
    "in_force>ended draft>ended negotiation>ended signing>ended",
    "clause_change": "open>accepted open>declined open>withdrawn",
    "party": "applied>active active>suspended active>closed suspended>closed suspended>active applied>closed",
}


@pytest.mark.parametrize("kind", ARROWS)
def test_the_arrows_are_those_of_the_domain(kind: str) -> None:
    arrows = {
        f"{state}>{new}"
        for state, moves in lifecycles.LIFECYCLES[kind].items()
        for new in moves.values()
        if new != state
    }
    assert arrows == set(ARROWS[kind].split())


def test_unknown_names_are_refused() -> None:
    with pytest.raises(InvalidState):
        lifecycles.move("ballot", "no such state", "open")
    with pytest.raises(KeyError):
        lifecycles.move("no such kind", "draft", "open")
