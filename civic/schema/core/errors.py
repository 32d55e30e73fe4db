"""How a refusal or a failure looks to a client: a sentence in its language and stable codes."""

from __future__ import annotations

import re
import traceback
from secrets import token_hex
from typing import Any

import structlog
from graphql import GraphQLError
from tortoise.exceptions import ValidationError

from civic import i18n
from civic.errors import N_, CivicError, InvalidInput, NotSignedIn

log = structlog.get_logger("civic.failures")
UNFIT = N_("This value does not fit here.")
FAILURE = N_("Something went wrong on our side. It has been noted as %(id)s.")


class Failure(CivicError):
    """Something that should not have happened; the client learns only an id that the log holds too."""

    code = "INTERNAL"


def camel(name: str) -> str:
    """``credit_code`` as clients write it: ``creditCode``. Dotted paths part by part."""
    return re.sub(r"_([a-z0-9])", lambda match: match[1].upper(), name)


def refusal(error: GraphQLError) -> CivicError | None:
    """The domain's refusal within a GraphQL error, if there is one."""
    inner: BaseException | None = error
    while isinstance(inner, GraphQLError):
        inner = inner.original_error
    if isinstance(inner, ValidationError | OverflowError):  # too long, or too far, for its column
        return InvalidInput(UNFIT, reason="unfit")
    return inner if isinstance(inner, CivicError) else None


def describe(error: CivicError, language: str) -> dict[str, Any]:
    """``{message, extensions: {code, reason?, field?, ...details}}`` of a refusal."""
    extensions: dict[str, Any] = {"code": error.code}
    if error.reason:
        extensions["reason"] = error.reason
    if error.field:
        extensions["field"] = camel(error.field)
    for name, value in error.details.items():
        extensions.setdefault(camel(name), value)
    return {"message": i18n.render(error, language), "extensions": extensions}


def failed(error: BaseException, where: str) -> Failure:
    """Note an unexpected exception in the log, without its message, which may quote a row, and name it."""
    id = token_hex(6)
    frames = [
        f"{f.filename.rsplit('/', 3)[-1]}:{f.lineno}:{f.name}"
        for f in traceback.extract_tb(error.__traceback__)
    ]
    log.error("failure", failure=id, kind=type(error).__qualname__, where=where, frames=frames[-12:])
    return Failure(FAILURE, id=id)


def format_error(error: GraphQLError, language: str) -> dict[str, Any]:
    """One entry of ``errors``. A domain refusal is translated, a crash is masked, the rest is for developers."""
    known = refusal(error)
    if known is None and error.original_error is not None and error.path is not None:
        inner: BaseException = error
        while isinstance(inner, GraphQLError) and inner.original_error is not None:
            inner = inner.original_error
        where = ".".join(str(part) for part in error.path if isinstance(part, str))
        known = failed(inner, where)
    if known is not None:
        shown = describe(known, language)
    else:
        extensions = dict(error.extensions or {})
        extensions.setdefault("code", "BAD_REQUEST")
        shown = {"message": error.message, "extensions": extensions}
    if error.locations:
        shown["locations"] = [location.formatted for location in error.locations]
    if error.path is not None:
        shown["path"] = list(error.path)
    return shown


def not_signed_in() -> NotSignedIn:
    """The refusal for somebody who has to sign in first."""
    return NotSignedIn(N_("Please sign in first."), reason="sign_in")
