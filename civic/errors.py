"""The few kinds of refusal. Each has a stable code; the message is translated when it is shown.

A refusal is raised with a message *template* (English, the gettext message id), and the values that the
template names:

    raise InvalidInput(N_("At most %(limit)s characters."), field="title", reason="too_long", limit=120)

`code` says which kind it is, `reason` (snake_case, stable) says why, `field` which input it concerns.
`civic.i18n.render(error, language)` gives the sentence for a reader.
"""

from __future__ import annotations

from typing import ClassVar, Protocol


class Lazy(Protocol):
    """A text that is translated late: what `civic.i18n._` returns."""

    @property
    def msgid(self) -> str: ...


def N_(msgid: str) -> str:
    """Mark a string for translation and return it as it is."""
    return msgid


class CivicError(Exception):
    """A refusal that says what is wrong and what to do.

    message: template in English with `%(name)s` places, as plain text or a lazy text.
    field: name of the input concerned, in snake_case, or None.
    reason: stable detail within the code, for programs; empty means the code says it all.
    details: the values named in the template; also given to API clients, so nothing secret.
    """

    code: ClassVar[str] = "ERROR"

    def __init__(
        self, message: str | Lazy, *, field: str | None = None, reason: str = "", **details: int | str
    ) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.reason = reason
        self.details = details

    @property
    def msgid(self) -> str:
        """The English template."""
        return str(getattr(self.message, "msgid", self.message))

    def __str__(self) -> str:
        return fill(self.msgid, self.details)


class NotSignedIn(CivicError):
    """Nobody is signed in, or the session is over."""

    code = "NOT_SIGNED_IN"


class NotAllowed(CivicError):
    """This person, or this role, may not do it."""

    code = "NOT_ALLOWED"


class NotFound(CivicError):
    """It does not exist, or not for this reader."""

    code = "NOT_FOUND"


class InvalidInput(CivicError):
    """The input is wrong; `field` says which."""

    code = "INVALID_INPUT"


class InvalidState(CivicError):
    """The thing is not in a state in which this can be done."""

    code = "INVALID_STATE"


class Conflict(CivicError):
    """It exists already, or somebody else was first."""

    code = "CONFLICT"


class TooMany(CivicError):
    """Too often or too much; later, or less, will do."""

    code = "TOO_MANY"


def fill(template: str, values: dict[str, int | str]) -> str:
    """Put values into the `%(name)s` places of a template; a template that does not fit is shown as it is."""
    if not values:
        return template
    try:
        return template % values
    except (KeyError, ValueError, TypeError):
        return template
