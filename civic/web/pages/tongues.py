"""Says the language of each piece of text that is not in the page's: a screen reader then speaks it right.

What people wrote stands in many templates, between words of ours. So the finished page is looked through once: Chinese
within English is put into ``<span lang="zh-Hans">``, a sentence of Latin letters within Chinese into ``lang="en"``.
Text within an element that says its language is left alone.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

_REST = r"(?:\"[^\"]*\"|'[^']*'|[^>\"'])*+"
_ANY = r"[a-zA-Z][\w-]*"
_NAME = re.compile(_ANY)
_LANG = re.compile(r"\slang=\"([\w-]*)\"")
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
# SVG's own empty elements end with "/>" and are seen by that. In these no element can stand, or no reader speaks.
_PLAIN = frozenset(("script", "style", "textarea", "title", "option", "code", "pre", "svg"))
_C = "[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]"
_HAS_HAN = re.compile("[\u3400-\u9fff]")
# Chinese with what stands between Chinese: digits, points, brackets; no Latin letter.
_HAN = re.compile(f"{_C}(?:[^A-Za-z<>]*{_C})*")
_WORDS = re.compile(r">([^<]*[A-Za-z][^<]*)<")  # what stands between two tags and has Latin letters
# A sentence has these one after the other. Each is looked for once, so a long text takes no longer than its length.
_SENTENCE = tuple(map(re.compile, ("[A-Za-z]", r"\s[A-Za-z’'-]{2}", r"\s", "[A-Za-z]")))


def told(html: str, language: str) -> str:
    """The page with the language of its pieces said. ``language`` is the page's own. Elements that say theirs are closed."""
    if not _HAS_HAN.search(html) if language == "en" else not any(map(_in_latin, _WORDS.findall(html))):
        return html
    stack: list[tuple[str, str]] = []  # open elements, each with the language within it
    opened: Counter[str] = Counter()
    here, plain, place = language, 0, 0
    out: list[str] = []
    speaking = _speaking(html)
    while token := _tokens(speaking, here == "en").match(html, place):
        text, name, place = token[0], (token["name"] or "").lower(), token.end()
        if not name:
            out.append(text if plain or token["said"] is None else _said(text, here))
            continue
        out.append(text)
        if token["end"]:
            if not opened[name]:
                continue
            while stack:
                last, _ = stack.pop()
                opened[last] -= 1
                plain -= last in _PLAIN
                if last == name:
                    break
            here = stack[-1][1] if stack else language
        elif name not in _VOID and not token["rest"].endswith("/"):
            found = _LANG.search(token["rest"])
            here = found[1] if found else here
            stack.append((name, here))
            opened[name] += 1
            plain += name in _PLAIN
    return "".join(out)


def _speaking(html: str) -> frozenset[str]:
    """The names of elements that say their language; empty when that cannot be told at a glance."""
    names = set()
    for said in _LANG.finditer(html):
        name = _NAME.match(html, html.rfind("<", 0, said.start()) + 1)
        if name is None:
            return frozenset()
        names.add(name[0].lower())
    return frozenset(names)


@lru_cache(maxsize=64)
def _tokens(speaking: frozenset[str], english: bool) -> re.Pattern[str]:
    """What a page consists of, where English is spoken or where it is not: tags that matter, texts that may need a word
    about their language (``said``), and, each as long as can be, all else."""
    names = "|".join(sorted(speaking | _PLAIN)) if speaking else _ANY
    mine = rf"(?i:{names})(?=[\s/>])"
    silent = r"[^<\u3400-\u9fff]++(?=<|\Z)" if english else r"[^<A-Za-z]++(?=<|\Z)"
    return re.compile(
        rf"(?:<!--.*?-->|<(?!/?{mine})/?{_ANY}{_REST}>|{silent})++"
        rf"|<(?P<end>/?)(?P<name>{mine})(?P<rest>{_REST})>|(?P<said>[^<]+)|<",
        re.S,
    )


def _in_latin(text: str) -> bool:
    """Whether this is a sentence of Latin letters."""
    place = 0
    for part in _SENTENCE:
        found = part.search(text, place)
        if found is None:
            return False
        place = found.end()
    return not _HAS_HAN.search(text)


def _said(text: str, here: str) -> str:
    if here == "en":
        return _HAN.sub(r'<span lang="zh-Hans">\g<0></span>', text) if _HAS_HAN.search(text) else text
    if here == "zh-Hans" and _in_latin(text):
        words = text.strip()
        return text.replace(words, f'<span lang="en">{words}</span>', 1)
    return text
