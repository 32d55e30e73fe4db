"""The Jinja environment: automatic escaping, translations, and the filters that templates use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from pickle import PickleError
from typing import Any

import jinja2
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, Template, select_autoescape
from jinja2.bccache import Bucket
from markupsafe import Markup

from civic import i18n, paths
from civic.errors import NotFound
from civic.schema.core.ids import split
from civic.settings import settings
from civic.web.assets import Assets, shared
from civic.web.pages.forms import form_fields


class Compiled(FileSystemBytecodeCache):
    """Templates once compiled, in a temporary folder that only this user can write: compiling a page and its parts
    takes seconds, which else every worker takes after every start."""

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            super().load_bytecode(bucket)
        except (OSError, EOFError, PickleError):  # cut short: then it is compiled again
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):  # a full disk: then it is compiled again
            super().dump_bytecode(bucket)


@lru_cache(maxsize=1)
def compiled() -> Compiled | None:
    """Where compiled templates are kept; None without a safe place.

    Filters of constants are worked out while compiling, hence this file is part of the name.
    """
    ours = sha256(Path(__file__).read_bytes() + jinja2.__version__.encode()).hexdigest()[:12]
    try:
        return Compiled(pattern=f"civic-{ours}-%s")
    except (OSError, RuntimeError):
        return None


def environment(folder: Path, assets: Assets) -> Environment:
    """The environment of the templates in ``folder``."""
    env = Environment(
        loader=FileSystemLoader(folder),
        autoescape=select_autoescape(default=True, default_for_string=True),
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
        trim_blocks=False,
        auto_reload=True,
        cache_size=400,
        bytecode_cache=compiled(),
    )
    env.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.globals.update(asset=assets.url, form_fields=form_fields, lang=language, _=_words)
    env.filters.update(
        number=kept(i18n.number),
        percent=lambda value, digits=0: _text(i18n.percent, value, digits),
        share=share,
        date=kept(lambda value: i18n.date_(when(value))),
        datetime=kept(lambda value: i18n.datetime_(when(value))),
        day=lambda value: _text(i18n.day_, when(value)),
        time=kept(lambda value: i18n.time_(when(value))),
        days_left=lambda value: i18n.days_left(when(value)),
        span=lambda begin, end: _text(i18n.span, when(begin), when(end)),
        due=lambda value: _text(i18n.due, when(value)),
        iso=iso,
        key=key,
        local=local,
        money=money,
        bytes=size,
        markdown=markdown,
    )
    return env


@lru_cache(maxsize=1)
def default_environment() -> Environment:
    """The environment of the platform's own templates."""
    return environment(paths.templates(), shared())


def language() -> str:
    """The language of the page that is being rendered."""
    return i18n.current()


def _gettext(msgid: str) -> str:
    return str(i18n.gettext(msgid))


@lru_cache(maxsize=8192)
def _ready(msgid: str, language: str) -> Markup:
    """A text without places to fill, as it stands in a page."""
    return Markup(i18n.gettext(msgid, language)) % {}


def _words(msgid: str, **variables: Any) -> Markup:
    """Jinja's ``_``, of which a page has hundreds: a text without variables is made once and kept."""
    here = i18n.current()
    return Markup(i18n.gettext(msgid, here)) % variables if variables else _ready(msgid, here)


def _ngettext(singular: str, plural: str, n: int) -> str:
    return str(i18n.plain_ngettext(singular, plural, n))


def _text(show: Any, value: Any, *rest: Any) -> str:
    return "" if value is None or value == "" else str(show(value, *rest))


def kept(show: Callable[[Any], Any]) -> Callable[[Any], str]:
    """A filter that makes each text once a language; only for what does not depend on the hour."""

    @lru_cache(maxsize=4096, typed=True)
    def made(value: Any, language: str) -> str:
        return _text(show, value)

    return lambda value: made(value, i18n.current())


def when(value: Any) -> Any:
    """A time or a day, also from the ISO text that the API gives."""
    if not isinstance(value, str) or not value:
        return value
    return datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)


def iso(value: Any) -> str:
    """For ``<time datetime>``."""
    if value is None or value == "":
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def money(value: Any) -> str:
    """An amount in yuan, as a number or decimal text, as people write it."""
    if value is None or value == "":
        return ""
    return i18n.money(int((Decimal(str(value)) * 100).to_integral_value()))


def share(part: Any, whole: Any, mark: Any = None, digits: int = 1) -> str:
    """A part of a whole as per cent, never rounded over a mark; ``mark`` is a QuorumShare of the API, or none."""
    line = Fraction(mark["numerator"], mark["denominator"]) if mark else None
    return i18n.share(part, whole, line, digits)


def local(value: Any) -> str:
    """A time in the platform's zone, as ``<input type="datetime-local">`` takes it."""
    moment = when(value)
    return (
        moment.astimezone(settings().zone).strftime("%Y-%m-%dT%H:%M") if isinstance(moment, datetime) else ""
    )


def key(global_id: Any) -> str:
    """The bare key of a global id, for URLs; any other text as it is."""
    try:
        return split(str(global_id))[1]
    except NotFound:
        return str(global_id)


def size(value: Any) -> str:
    """A number of bytes, as people say it."""
    if value is None or value == "":
        return ""
    amount = float(value)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            return f"{amount:.0f} {unit}" if amount >= 10 or unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    return ""


def markdown(text: Any) -> Markup:
    """Markdown that people wrote, as safe HTML."""
    from civic.web.markdown import render

    return Markup(render(str(text or "")))


def render_block(template: Template, name: str, variables: Mapping[str, Any]) -> str:
    """One block of a template, its imports and assignments done first."""
    context = template.new_context(dict(variables))
    whole = template.root_render_func(context)
    next(iter(whole), None)  # runs what stands outside of blocks, and stops before the layout
    return "".join(template.blocks[name](context))
