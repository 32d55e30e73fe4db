"""States and the acts that lead from one to the next, as tables. Whatever is not in a table is refused.

The tables follow the domain: `move("proposal", "published", "qualify")` is `"qualified"`. Who may act is not
decided here. What depends on time alone (a deadline that passes) is an act of the platform itself.
"""

from __future__ import annotations

from collections.abc import Mapping

from civic.errors import N_, InvalidState

Table = Mapping[str, Mapping[str, str]]

# state -> act -> new state
PROPOSAL: Table = {
    "draft": {"edit": "draft", "publish": "published", "withdraw": "withdrawn"},
    "published": {
        "edit": "published",
        "support": "published",
        "comment": "published",
        "qualify": "qualified",
        "withdraw": "withdrawn",
        "merge": "merged",
        "hide": "hidden",
    },
    "qualified": {
        "edit": "qualified",
        "support": "qualified",
        "comment": "qualified",
        "deliberate": "deliberating",
        "decide": "decided",
        "withdraw": "withdrawn",
        "merge": "merged",
        "hide": "hidden",
    },
    "deliberating": {
        "support": "deliberating",
        "comment": "deliberating",
        "decide": "decided",
        "hide": "hidden",
    },
    "decided": {"comment": "decided", "carry_out": "carried_out"},
    "carried_out": {"comment": "carried_out"},
    "withdrawn": {},
    "merged": {},
    # It comes back as published; its supports are still there, so it qualifies again at once if it had.
    "hidden": {"restore": "published"},
}

BALLOT: Table = {
    "draft": {"edit": "draft", "announce": "announced"},
    "announced": {"open": "open", "void": "void"},
    "open": {"cast": "open", "close": "closed", "void": "void"},
    "closed": {"tally": "tallied", "void": "void"},
    "tallied": {"certify": "certified", "complain": "tallied", "answer_complaint": "tallied", "void": "void"},
    # Final, and beyond being declared void, once the time for complaints is over and each has its answer.
    "certified": {
        "complain": "certified",
        "answer_complaint": "certified",
        "finish": "certified",
        "void": "void",
    },
    "void": {},
}

# Paper beside the vote online; `hand_out` is also replacing and taking back. Batches are settled before it is completed.
PAPER_POLLING: Table = {
    "offered": {"hand_out": "offered", "read": "offered", "complete": "completed"},
    "completed": {},
}

# A stack of sheets. Two clerks agree, or a scrutineer rules; after three disagreements in a row only a scrutineer.
PAPER_BATCH: Table = {
    "open": {"read_once": "entered", "discard": "discarded"},
    "entered": {
        "agree": "settled",
        "differ": "differing",
        "discard": "discarded",
    },
    "differing": {
        "agree": "settled",
        "differ": "differing",
        "refer": "referred",
        "rule": "settled",
        "discard": "discarded",
    },
    "referred": {"rule": "settled", "discard": "discarded"},
    "settled": {},
    "discarded": {},
}

PARTY: Table = {
    "applied": {"edit": "applied", "approve": "active", "reject": "closed"},
    "active": {"edit": "active", "suspend": "suspended", "close": "closed"},
    "suspended": {"reinstate": "active", "close": "closed"},
    "closed": {},
}

RESIDENCY: Table = {
    "claimed": {"verify": "verified", "reject": "rejected", "give_up": "rejected"},
    "verified": {"expire": "expired", "revoke": "revoked", "give_up": "revoked"},
    "rejected": {},
    "expired": {},
    "revoked": {},
}

# What awaits a department's answer. Being late is not a state: it can be answered all the same.
RESPONSE: Table = {
    "awaiting": {"extend": "extended", "answer": "answered"},
    "extended": {"answer": "answered"},
    "answered": {"revise": "answered", "rate": "answered"},
}

OBLIGATION: Table = {
    "pending": {"report": "reported", "fall_due": "overdue", "waive": "waived"},
    "reported": {"confirm": "confirmed", "dispute": "disputed"},
    # A dispute is not settled by one side.
    "disputed": {"uphold": "confirmed", "break": "broken"},
    "overdue": {"report": "reported", "waive": "waived"},
    "confirmed": {},
    "broken": {},
    "waived": {},
}

# A joint meeting. ``seat`` is all that fills seats, ``attend`` coming and going, ``deliberate`` what happens in session.
JOINT_MEETING: Table = {
    "draft": {"edit": "draft", "plan": "draft", "convene": "convened", "cancel": "cancelled"},
    "convened": {
        "plan": "convened",
        "seat": "convened",
        "call": "convened",
        "ask_item": "convened",
        "attend": "convened",
        "open": "in_session",
        "cancel": "cancelled",
    },
    "in_session": {
        "plan": "in_session",
        "seat": "in_session",
        "attend": "in_session",
        "deliberate": "in_session",
        "dissent": "in_session",
        "adjourn": "adjourned",
    },
    "adjourned": {"dissent": "adjourned", "write": "adjourned", "submit": "minutes_review"},
    "minutes_review": {
        "write": "minutes_review",
        "submit": "minutes_review",
        "sign": "minutes_review",
        "publish": "closed",
    },
    "closed": {},
    "cancelled": {},
}

# A motion or an amendment. An adopted amendment brings a rejected motion back; a vote without quorum decides nothing.
MOTION: Table = {
    "moved": {"second": "seconded", "name_clause": "moved", "withdraw": "withdrawn", "lapse": "lapsed"},
    "seconded": {
        "amend": "seconded",
        "name_clause": "seconded",
        "fix_rule": "seconded",
        "recuse": "seconded",
        "open_vote": "voting",
        "withdraw": "withdrawn",
        "lapse": "lapsed",
    },
    "voting": {
        "vote": "voting",
        "recuse": "voting",
        "adopt": "adopted",
        "reject": "rejected",
        "void": "seconded",
    },
    "rejected": {"amend": "rejected", "reconsider": "seconded"},
    "adopted": {},
    "withdrawn": {},
    "lapsed": {},
}

SEAT: Table = {
    "vacant": {"invite": "invited"},
    "invited": {"invite": "invited", "confirm": "confirmed", "decline": "vacant"},
    "confirmed": {"substitute": "invited", "decline": "vacant"},
}

CHARTER: Table = {
    "draft": {"edit": "draft", "open": "negotiation", "end": "ended"},
    "negotiation": {
        "propose": "negotiation",
        "change": "negotiation",
        "start_signing": "signing",
        "end": "ended",
    },
    # A change of text restarts signing: it stays in this state, and no earlier signature counts.
    "signing": {
        "propose": "signing",
        "change": "signing",
        "sign": "signing",
        "reopen": "negotiation",
        "enter_into_force": "in_force",
        "end": "ended",
    },
    "in_force": {"declare": "in_force", "supersede": "superseded", "end": "ended"},
    "superseded": {},
    "ended": {},
}

CLAUSE_CHANGE: Table = {
    "open": {"accept": "accepted", "decline": "declined", "withdraw": "withdrawn"},
    "accepted": {},
    "declined": {},
    "withdrawn": {},
}

# As far as it goes here: what is proposed can be said anew.
SCENARIO: Table = {"proposed": {"edit": "proposed"}}

# ``door`` is checking in; it goes on from the printed list until the host reports. What was never announced is
# discarded without a word to the public.
OPEN_DAY: Table = {
    "draft": {"edit": "draft", "announce": "announced", "cancel": "discarded"},
    "discarded": {},
    "announced": {
        "edit": "announced",
        "register": "announced",
        "leave": "announced",
        "ask": "announced",
        "answer": "announced",
        "door": "announced",
        "hold": "held",
        "cancel": "cancelled",
    },
    "held": {"answer": "held", "door": "held", "rate": "held", "report": "reported"},
    "reported": {"answer": "reported", "rate": "reported"},
    "cancelled": {},
}

# Who fits at once begins as confirmed.
REGISTRATION: Table = {
    "waitlisted": {"promote": "confirmed", "cancel": "cancelled"},
    "confirmed": {"cancel": "cancelled", "check_in": "attended", "miss": "no_show"},
    "attended": {},
    "cancelled": {},
    "no_show": {},
}

LIFECYCLES: Mapping[str, Table] = {
    "proposal": PROPOSAL,
    "ballot": BALLOT,
    "paper_polling": PAPER_POLLING,
    "paper_batch": PAPER_BATCH,
    "party": PARTY,
    "residency": RESIDENCY,
    "response": RESPONSE,
    "obligation": OBLIGATION,
    "scenario": SCENARIO,
    "open_day": OPEN_DAY,
    "registration": REGISTRATION,
    "joint_meeting": JOINT_MEETING,
    "motion": MOTION,
    "seat": SEAT,
    "charter": CHARTER,
    "clause_change": CLAUSE_CHANGE,
}

_REFUSALS: Mapping[str, str] = {
    "proposal": N_("The proposal's state does not allow this now."),
    "ballot": N_("The ballot's state does not allow this now."),
    "paper_polling": N_("All sheets are entered; nothing about paper can be changed any more."),
    "paper_batch": N_("The state of this batch does not allow this now."),
    "party": N_("The party's state does not allow this now."),
    "residency": N_("The state of this residency does not allow this now."),
    "response": N_("The state of this response does not allow this now."),
    "obligation": N_("The state of this obligation does not allow this now."),
    "scenario": N_("The scenario's state does not allow this now."),
    "open_day": N_("The open day's state does not allow this now."),
    "registration": N_("The state of this registration does not allow this now."),
    "joint_meeting": N_("The meeting's state does not allow this now."),
    "motion": N_("The motion's state does not allow this now."),
    "seat": N_("The state of this seat does not allow this now."),
    "charter": N_("The charter's state does not allow this now."),
    "clause_change": N_("This change has been decided already."),
}


def states(kind: str) -> tuple[str, ...]:
    """The states of a kind, in the order of its life. Raises KeyError for an unknown kind."""
    return tuple(LIFECYCLES[kind])


def acts(kind: str) -> frozenset[str]:
    """Every act that some state of a kind allows."""
    return frozenset(act for allowed in LIFECYCLES[kind].values() for act in allowed)


def allowed(kind: str, state: str) -> frozenset[str]:
    """The acts that this state allows; none for an unknown state."""
    return frozenset(LIFECYCLES[kind].get(state, {}))


def can(kind: str, state: str, act: str) -> bool:
    """Whether this state allows this act."""
    return act in LIFECYCLES[kind].get(state, {})


def move(kind: str, state: str, act: str) -> str:
    """The state after the act. Raises InvalidState (reason ``wrong_state``) where the state does not allow it."""
    new = LIFECYCLES[kind].get(state, {}).get(act)
    if new is None:
        raise InvalidState(_REFUSALS[kind], reason="wrong_state", state=state, act=act)
    return new
