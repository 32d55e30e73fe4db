"""Which language a request is answered in."""

from __future__ import annotations

from functools import lru_cache

from civic.settings import settings

LANGUAGES = {"zh-Hans": "中文", "en": "English"}
COOKIE = "civic_lang"


def known(tag: str | None) -> str | None:
    """The language of ours that a tag such as ``zh-CN`` or ``en-GB`` asks for, or None."""
    primary = (tag or "").strip().lower().split("-")[0]
    return {"zh": "zh-Hans", "en": "en"}.get(primary)


@lru_cache(maxsize=512)
def negotiate(accept_language: str) -> str | None:
    """The best of our languages by the quality values of an Accept-Language header, or None."""
    ranked: list[tuple[float, int, str]] = []
    for position, part in enumerate(accept_language.split(",")[:20]):
        tag, _, weight = part.partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=")) if weight else 1.0
        except ValueError:
            continue
        language = known(tag)
        if language and quality > 0:
            ranked.append((-quality, position, language))
    return min(ranked)[2] if ranked else None


def choose(*wishes: str | None, accept: str = "") -> str:
    """The first wish that is one of our languages, else by the header, else the platform's default."""
    for wish in wishes:
        if language := known(wish):
            return language
    return negotiate(accept) or settings().default_language
