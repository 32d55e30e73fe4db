"""What the chair does next: one thing at a time, from what the meeting knows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facts:
    """A meeting as the chair sees it. ``votable``: a motion is ready and the quorum is there."""

    state: str
    voting: bool = False
    current_item: bool = False
    items_left: int = 0
    waiting_speakers: int = 0
    votable: bool = False
    drafted: bool = False
    answered: bool = False


def next_step(facts: Facts) -> str:
    """open, close_vote, next_item, give_floor, open_vote, adjourn, draft_minutes, submit_minutes, publish_minutes, wait
    or none."""
    if facts.state == "convened":
        return "open"
    if facts.state == "in_session":
        if facts.voting:
            return "close_vote"
        if not facts.current_item:
            return "next_item" if facts.items_left else "adjourn"
        if facts.waiting_speakers:
            return "give_floor"
        if facts.votable:
            return "open_vote"
        return "next_item" if facts.items_left else "adjourn"
    if facts.state == "adjourned":
        return "submit_minutes" if facts.drafted else "draft_minutes"
    if facts.state == "minutes_review":
        if facts.drafted:
            return "submit_minutes"
        return "publish_minutes" if facts.answered else "wait"
    return "none"
