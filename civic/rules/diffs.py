"""What changed between two texts, in words: Latin words whole, Chinese by the character.

Lines are compared first, then the inside of changed lines, so long texts stay fast. The parts that are not
``add`` give the old text and those that are not ``del`` the new one, character for character.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Literal, TypedDict

_TOKEN = re.compile(
    r"[^\W_\u3005-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+|\s+|.", re.S
)
# Above this product of lengths a changed passage is shown as removed and added, not compared word by word.
_LARGEST = 4_000_000


class Part(TypedDict):
    """A piece of text: the same in both, only in the new one (add), or only in the old one (del)."""

    op: Literal["same", "add", "del"]
    text: str


def _append(parts: list[Part], op: Literal["same", "add", "del"], text: str) -> None:
    if not text:
        return
    if parts and parts[-1]["op"] == op:
        parts[-1]["text"] += text
    else:
        parts.append({"op": op, "text": text})


def _compare(parts: list[Part], old: list[str], new: list[str], *, deeper: bool) -> None:
    if len(old) * len(new) > _LARGEST:
        _append(parts, "del", "".join(old))
        _append(parts, "add", "".join(new))
        return
    for op, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        before, after = "".join(old[a:b]), "".join(new[c:d])
        if op == "equal":
            _append(parts, "same", before)
        elif op == "replace" and deeper:
            _compare(parts, _TOKEN.findall(before), _TOKEN.findall(after), deeper=False)
        else:
            _append(parts, "del", before)
            _append(parts, "add", after)


def diff(old: str, new: str) -> list[Part]:
    """The parts in reading order; neighbours differ in their op. Two empty texts give none."""
    parts: list[Part] = []
    _compare(parts, old.splitlines(keepends=True), new.splitlines(keepends=True), deeper=True)
    return parts
