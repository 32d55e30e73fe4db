"""What people type, made clean: one normal form, nothing invisible that deceives, a stated length.

Sources: Unicode NFC (UAX #15); Trojan Source (CVE-2021-42574) for directional overrides, which are removed;
joiners (U+200C, U+200D) stay because scripts and emoji need them.
"""

from __future__ import annotations

import re
import unicodedata

from civic.errors import N_, InvalidInput

# Directional overrides, embeddings, isolates and marks; zero-width space, word joiner, byte order mark, soft hyphen.
_DECEIVING = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u00ad\u180e]")
# C0 but tab and line feed, DEL and C1, lone surrogates, non-characters, interlinear marks, tags.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
# Letters that look like nothing: Hangul fillers, Braille blank.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800\u200c\u200d")
_LINE_ENDS = re.compile("\r\n?|\u2028|\u2029|\x85|\x0b|\x0c")


def normalise(text: str) -> str:
    """NFC, line ends as line feeds, and no control or deceiving characters. Never longer than its NFC form."""
    text = _LINE_ENDS.sub("\n", text)
    return unicodedata.normalize("NFC", _DECEIVING.sub("", _CONTROL.sub("", text)))


def is_blank(text: str) -> bool:
    """Whether a reader would see nothing."""
    return not any(c not in _BLANK and unicodedata.category(c)[0] in "LNPS" for c in text)


def _measured(text: str, field: str, limit: int, least: int) -> str:
    if is_blank(text):
        if least == 0:
            return ""
        raise InvalidInput(N_("Please fill this in."), field=field, reason="empty")
    if len(text) < least:
        raise InvalidInput(
            N_("At least %(least)s characters, please."), field=field, reason="too_short", least=least
        )
    if len(text) > limit:
        raise InvalidInput(
            N_("At most %(limit)s characters, please; this has %(length)s."),
            field=field,
            reason="too_long",
            limit=limit,
            length=len(text),
        )
    return text


def one_line(text: str, *, field: str, limit: int, least: int = 1) -> str:
    """A title or a name: runs of white space become one space.

    limit, least: characters (code points) after cleaning; ``least=0`` allows nothing, which gives "".
    Raises InvalidInput with reason ``empty``, ``too_short`` or ``too_long``.
    """
    return _measured(" ".join(normalise(text).split()), field, limit, least)


def multiline(text: str, *, field: str, limit: int, least: int = 1) -> str:
    """A body: line feeds and tabs stay, line ends are trimmed, at most two empty lines stand together.

    Limits and errors as in `one_line`.
    """
    lines = "\n".join(line.rstrip() for line in normalise(text).split("\n"))
    return _measured(re.sub("\n{4,}", "\n\n\n", lines).strip("\n"), field, limit, least)


def preview(text: str, length: int = 120) -> str:
    """The beginning on one line, at most ``length`` characters, cut with an ellipsis."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
