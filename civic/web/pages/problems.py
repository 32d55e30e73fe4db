"""Pages that say what went wrong, and what to do."""

from __future__ import annotations

from civic.errors import N_

SAID: dict[int, tuple[str, str]] = {
    400: (
        N_("This address is not right"),
        N_("Part of the address cannot be understood. Please go back and try again."),
    ),
    401: (N_("Please sign in"), N_("This page is for people who have signed in.")),
    403: (N_("This is not open to you"), N_("You do not have the right to see this page or to do this.")),
    404: (
        N_("There is nothing here"),
        N_("The address may have been mistyped, or the page has moved or was never public."),
    ),
    405: (N_("This cannot be sent here"), N_("Please go back and use the buttons on the page.")),
    409: (N_("This can no longer be done"), N_("It has changed in the meantime. Please look at it again.")),
    413: (N_("This is too large"), N_("Please send less at once, or a smaller file.")),
    429: (N_("Too many requests"), N_("Please wait a little and try again.")),
    500: (
        N_("Something went wrong on our side"),
        N_("It has been noted. Please try again later; nothing was changed."),
    ),
}
BY_CODE = {
    "NOT_SIGNED_IN": 401,
    "NOT_ALLOWED": 403,
    "NOT_FOUND": 404,
    "INVALID_INPUT": 400,
    "BAD_REQUEST": 400,
    "INVALID_STATE": 409,
    "CONFLICT": 409,
    "TOO_MANY": 429,
}
CROSS_SITE = N_("This form was sent from another site, so it was not carried out.")
OLD_FORM = N_("This form was open too long, or cookies are off. Nothing was lost: please send it again.")
UNKNOWN_FORM = N_("This page has no such form.")


class Problem(Exception):
    """Shows an error page. ``message`` replaces the usual sentence; it is already in the reader's language."""

    def __init__(self, status: int, message: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class Elsewhere(Exception):
    """Sends the reader to another address."""

    def __init__(self, location: str, status: int = 303) -> None:
        super().__init__(location)
        self.location = location
        self.status = status
