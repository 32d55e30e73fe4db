"""Search text for Chinese and English that both databases' full-text indexes can hold without a dictionary.

Runs of Han, kana and Hangul become overlapping pairs (公共长椅 is 公共 共长 长椅); a query's pairs must stand
together, so two-character words match exactly. Single characters are indexed once more at the end, behind a
gap, for one-character queries. Latin words match from their beginning.
"""

from __future__ import annotations

import re
import unicodedata

_CJK = "\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"(?P<cjk>[{_CJK}]+)|(?P<word>(?:(?![{_CJK}])[^\W_])+)")
MAX_TERMS = 16
MAX_QUERY = 200
MOST_LOOSE = 40
# Stands between texts and singles; nobody can type it as one word of a query's phrase.
_GAP = "xgapx"


def fold(text: str) -> str:
    """The form in which texts are compared: NFKC and case-folded."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def bigrams(run: str) -> list[str]:
    """Overlapping pairs of characters; a single character is itself."""
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


def tokens(text: str) -> list[str]:
    """Pairs and words of a text, in order, in folded form."""
    found: list[str] = []
    for match in _TOKEN.finditer(fold(text)):
        found += bigrams(match[0]) if match["cjk"] else [match[0]]
    return found


def index_text(*texts: str) -> str:
    """What is given to the index: the texts' tokens, then every single character once, separated by spaces."""
    parts = [" ".join(tokens(text)) for text in texts]
    singles: dict[str, None] = {}
    for text in texts:
        for match in _TOKEN.finditer(fold(text)):
            if match["cjk"]:
                singles.update(dict.fromkeys(match[0]))
    return f" {_GAP} ".join([part for part in parts if part] + ([" ".join(singles)] if singles else []))


def terms(query: str) -> list[tuple[str, ...]]:
    """The terms of a query, all of which must match: pairs that stand together, or one word (or its beginning)."""
    found: dict[tuple[str, ...], None] = {}
    for match in _TOKEN.finditer(fold(query[:MAX_QUERY])):
        found[tuple(bigrams(match[0])) if match["cjk"] else (match[0],)] = None
    return list(found)[:MAX_TERMS]


def _is_cjk(token: str) -> bool:
    return bool(re.match(rf"[{_CJK}]", token))


def match_fts5(query: str) -> str:
    """The query for SQLite's FTS5 ``MATCH``; "" when nothing in it can be searched for.

    Every term is quoted, so no operator of FTS5 can be typed.
    """
    return " AND ".join(
        f'"{" ".join(term)}"' if _is_cjk(term[0]) else f'"{term[0]}"*' for term in terms(query)
    )


def match_tsquery(query: str) -> str:
    """The query for PostgreSQL's ``to_tsquery('simple', …)``; "" when nothing in it can be searched for."""
    return " & ".join(
        "(" + " <-> ".join(f"'{pair}'" for pair in term) + ")" if _is_cjk(term[0]) else f"'{term[0]}':*"
        for term in terms(query)
    )


def any_of(text: str) -> list[str]:
    """Single pairs and words of a text, for finding what shares some of them; at most ``MOST_LOOSE``."""
    found = dict.fromkeys(token for token in tokens(text[:MAX_QUERY]) if len(token) > 1)
    return list(found)[:MOST_LOOSE]


def any_fts5(text: str) -> str:
    """As `match_fts5`, but any of the terms is enough."""
    return " OR ".join(f'"{token}"' for token in any_of(text))


def any_tsquery(text: str) -> str:
    """As `match_tsquery`, but any of the terms is enough."""
    return " | ".join(f"'{token}'" for token in any_of(text))
