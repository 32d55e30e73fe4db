"""From the texts of a form or a query string to the values that a GraphQL variable wants."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import orjson
from graphql import (
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    Undefined,
)
from starlette.datastructures import UploadFile

from civic.errors import N_
from civic.settings import settings

REQUIRED = N_("Please fill this in.")
CHOOSE = N_("Please choose one.")
WHOLE = N_("Please write a whole number.")
NUMBER = N_("Please write a number.")
YES_OR_NO = N_("Please answer yes or no.")
OPTION = N_("This is not one of the choices.")
UNFIT = N_("This value does not fit here.")
MOST_ITEMS = 200
DEEPEST = 6


class Missing:
    """No value was given, which differs from null."""


MISSING = Missing()


class Texts:
    """Named texts and files, each name possibly several times."""

    def __init__(self, items: Iterable[tuple[str, str | UploadFile]]) -> None:
        self.lists: dict[str, list[str | UploadFile]] = {}
        for name, value in items:
            self.lists.setdefault(name, []).append(value)

    def all(self, name: str) -> list[str | UploadFile]:
        return self.lists.get(name, [])

    def below(self, name: str) -> bool:
        """Whether there is anything within ``name``: ``place.street`` is within ``place``."""
        return any(key.startswith(name + ".") for key in self.lists)

    def indexes(self, name: str) -> list[int]:
        """The numbers of a list of objects: ``options.0.label`` has 0 within ``options``."""
        found = set()
        for key in self.lists:
            if key.startswith(name + "."):
                head = key[len(name) + 1 :].split(".", 1)[0]
                if head.isascii() and head.isdecimal() and len(head) < 5:
                    found.add(int(head))
        return sorted(found)[:MOST_ITEMS]


class Reader:
    """Builds values; what does not fit is noted in ``errors`` (name → message template)."""

    def __init__(self, texts: Texts, *, form: bool) -> None:
        self.texts = texts
        self.form = form
        self.errors: dict[str, str] = {}

    def read(self, kind: GraphQLInputType, name: str, depth: int = 0) -> Any:
        """The value for ``name``, or MISSING."""
        required = isinstance(kind, GraphQLNonNull)
        inner: Any = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
        if depth > DEEPEST:
            return MISSING
        if isinstance(inner, GraphQLList):
            return self.list(inner, name, required, depth)
        if isinstance(inner, GraphQLInputObjectType):
            return self.object(inner, name, required, depth)
        given = self.texts.all(name)
        if not given:
            return self.absent(inner, name) if required and self.form else MISSING
        return self.one(inner, name, given[-1], required)

    def absent(self, kind: Any, name: str) -> Any:
        """A form without a field that is needed: an unticked box, or a choice that was not made."""
        if kind.name == "Boolean":
            return False
        if kind.name == "String":
            return ""
        self.errors[name] = CHOOSE if isinstance(kind, GraphQLEnumType) or kind.name == "ID" else REQUIRED
        return MISSING

    def list(self, kind: GraphQLList[Any], name: str, required: bool, depth: int) -> Any:
        item: Any = kind.of_type
        bare = item.of_type if isinstance(item, GraphQLNonNull) else item
        if isinstance(bare, GraphQLInputObjectType):
            indexes = self.texts.indexes(name)
            found = [self.object(bare, f"{name}.{i}", False, depth + 1) for i in indexes]
            items = [value for value in found if value is not MISSING and value is not None]
        else:
            given = self.texts.all(name)[:MOST_ITEMS]
            indexes = self.texts.indexes(name)
            given = given + [text for i in indexes for text in self.texts.all(f"{name}.{i}")]
            read = [self.one(bare, name, text, False) for text in given]
            items = [value for value in read if value is not MISSING and value is not None]
            if not given:
                return [] if required and self.form else MISSING
        if not items and not self.form:
            return MISSING
        return items if items or required or name in self.texts.lists else MISSING

    def object(self, kind: GraphQLInputObjectType, name: str, required: bool, depth: int) -> Any:
        prefix = f"{name}." if name else ""
        if not required and not self.given(name):
            return MISSING
        result: dict[str, Any] = {}
        for field_name, field in kind.fields.items():
            before = dict(self.errors)
            value = self.read(field.type, prefix + field_name, depth + 1)
            if value is MISSING and has_default(field) and not self.texts.all(prefix + field_name):
                self.errors = before
            if value is not MISSING:
                result[field_name] = value
        return result

    def given(self, name: str) -> bool:
        """Whether any text within ``name`` is not empty."""
        return any(
            key.startswith(name + ".") and any(v not in ("", None) for v in values)
            for key, values in self.texts.lists.items()
        )

    def one(self, kind: Any, name: str, text: str | UploadFile, required: bool) -> Any:
        """One text as a scalar or enum value."""
        if isinstance(text, UploadFile):
            return self.file(kind, name, text, required)
        if text == "" or (text.isspace() and kind.name != "String"):
            return self.empty(kind, name, required)
        try:
            if isinstance(kind, GraphQLEnumType):
                return enum(kind, text)
            return scalar(kind, text.strip() if kind.name != "String" else text.replace("\r\n", "\n"))
        except ValueError as error:
            self.errors[name] = str(error)
            return MISSING

    def file(self, kind: Any, name: str, file: UploadFile, required: bool) -> Any:
        if kind.name != "Upload":
            self.errors[name] = UNFIT
            return MISSING
        if file.filename:
            return file
        return self.empty(kind, name, required)

    def empty(self, kind: Any, name: str, required: bool) -> Any:
        if not required:
            return None
        if kind.name == "String":
            return ""
        choice = isinstance(kind, GraphQLEnumType) or kind.name == "ID"
        self.errors[name] = CHOOSE if choice else REQUIRED
        return MISSING


def has_default(field: GraphQLInputField) -> bool:
    """Whether the schema says what an absent field is."""
    return field.default_value is not Undefined or getattr(field, "default", None) is not None


def enum(kind: GraphQLEnumType, text: str) -> str:
    """The name of the enum value, whichever case it is written in. Raises ValueError."""
    wanted = text.strip().upper().replace("-", "_")
    for name in kind.values:
        if name.upper() == wanted:
            return str(name)
    raise ValueError(OPTION)


def scalar(kind: GraphQLScalarType, text: str) -> Any:
    """A text as a value of this scalar. Raises ValueError with a message template."""
    if kind.name in ("String", "ID"):
        return text
    if kind.name == "Boolean":
        return boolean(text)
    if kind.name == "JSON":
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            raise ValueError(UNFIT) from None
    value: Any = text
    if kind.name in ("Int", "BigInt"):
        try:
            value = int(text)
        except ValueError:
            raise ValueError(WHOLE) from None
    elif kind.name == "Float":
        try:
            value = float(text)
        except ValueError:
            raise ValueError(NUMBER) from None
    elif kind.name == "DateTime":
        value = local(text)
    try:
        kind.parse_value(value)
    except Exception:
        raise ValueError(WHOLE if kind.name == "Int" else UNFIT) from None
    return value


def boolean(text: str) -> bool:
    if text.lower() in ("true", "on", "1", "yes"):
        return True
    if text.lower() in ("false", "off", "0", "no"):
        return False
    raise ValueError(YES_OR_NO)


def local(text: str) -> str:
    """A time; one without an offset, as ``datetime-local`` gives it, is in the platform's zone."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(UNFIT) from None
    return (value if value.tzinfo else value.replace(tzinfo=settings().zone)).isoformat()
