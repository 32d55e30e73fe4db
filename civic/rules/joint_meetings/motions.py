"""Motions: who may second, how an amendment changes a text, and what must be voted first."""

from __future__ import annotations

from collections.abc import Iterable

from civic.errors import N_, InvalidInput, InvalidState, NotAllowed

PENDING = frozenset({"seconded", "voting"})


def check_seconder(mover: str, seconder: str) -> None:
    """A motion comes before the meeting when another bloc wants it discussed. Raises NotAllowed ``same_bloc``."""
    if mover == seconder:
        raise NotAllowed(
            N_("A motion is seconded by another bloc than its mover's. Ask a delegate of another bloc."),
            reason="same_bloc",
        )


def check_amendment(strike: str, insert: str) -> None:
    """An amendment strikes out, inserts, or both. Raises InvalidInput."""
    if not strike and not insert:
        raise InvalidInput(
            N_("Say which words are struck out, which are put in, or both."), field="insert", reason="empty"
        )
    if strike == insert:
        raise InvalidInput(N_("This changes nothing."), field="insert", reason="no_change")


def amend(text: str, strike: str, insert: str) -> str:
    """The text with ``strike`` replaced by ``insert``; without ``strike``, ``insert`` is added as a last paragraph.

    Raises InvalidState ``passage_gone`` when the words are not there exactly once (another amendment changed them).
    """
    if not strike:
        return f"{text}\n\n{insert}" if text else insert
    if text.count(strike) != 1:
        raise InvalidState(
            N_("The words to strike out do not stand exactly once in the motion. Quote them again, longer."),
            reason="passage_gone",
        )
    return text.replace(strike, insert)


def check_amendments_first(states: Iterable[str]) -> None:
    """Amendments are voted before their motion. Raises InvalidState ``amendments_first``."""
    if any(state in PENDING for state in states):
        raise InvalidState(N_("Vote on the amendments first, then on the motion."), reason="amendments_first")
