"""People's texts as HTML: CommonMark with tables and strike-through, no raw HTML, cleaned by an allow-list.

Emphasis next to Chinese punctuation works (``**“重要”**的``): CommonMark's flanking rules take any letter beside
punctuation for a word's inside; here a Chinese neighbour counts as a boundary, as in markdown-cjk-friendly.
Pictures are shown only from this platform; others become links, so nobody's visit is told to somebody else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape, unescape

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.parser_inline import ParserInline
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup

_CJK = re.compile(
    "[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]"
)
_TAGS = {
    *(
        "p",
        "br",
        "hr",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "blockquote",
        "pre",
        "code",
        "em",
        "strong",
        "s",
    ),
    *("a", "img", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}, "code": {"class"}}
# Looking for the end of a link takes quadratic time; a text with more brackets than this has no links.
_MOST_BRACKETS = 500
_OURS = re.compile(r"/(?![/\\])")


class _State(StateInline):
    """Inline state in which a Chinese neighbour is a boundary of emphasis."""

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:
        marker, end = self.src[start], start
        while end < self.posMax and self.src[end] == marker:
            end += 1
        before = self.src[start - 1] if start else " "
        after = self.src[end] if end < self.posMax else " "
        space_before, space_after = isWhiteSpace(ord(before)), isWhiteSpace(ord(after))
        mark_before = isMdAsciiPunct(ord(before)) or isPunctChar(before)
        mark_after = isMdAsciiPunct(ord(after)) or isPunctChar(after)
        edge_before = space_before or mark_before or bool(_CJK.match(before))
        edge_after = space_after or mark_after or bool(_CJK.match(after))
        left = not space_after and (not mark_after or edge_before)
        right = not space_before and (not mark_before or edge_after)
        return Scanned(
            left and (canSplitWord or not right or mark_before),
            right and (canSplitWord or not left or mark_after),
            end - start,
        )


class _Inline(ParserInline):
    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        state = _State(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


class _Renderer(RendererHTML):
    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """A picture of ours; of others a link with its description."""
        source = str(tokens[idx].attrs.get("src", ""))
        if _OURS.match(source):
            return str(super().image(tokens, idx, options, env))
        label = self.renderInlineAsText(tokens[idx].children, options, env) or source
        return f'<a href="{escape(source)}">{escape(label)}</a>'


def _parser() -> MarkdownIt:
    parser = MarkdownIt("js-default", {"html": False, "breaks": True}, renderer_cls=_Renderer)
    inline = _Inline()
    inline.ruler, inline.ruler2 = parser.inline.ruler, parser.inline.ruler2
    parser.inline = inline
    return parser


_PARSER = _parser()


def _attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "img" and name == "src" and not _OURS.match(value):
        return None
    if tag == "code" and not re.fullmatch(r"language-[\w+-]{1,20}", value):
        return None
    return value


@lru_cache(maxsize=512)
def render(text: str, top: int = 2) -> Markup:
    """Safe HTML of a text; single line ends are kept. Its headings begin at ``top`` and never skip a level."""
    if text.count("[") > _MOST_BRACKETS:
        text = text.replace("[", "&#91;")
    tokens = _PARSER.parse(text)
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    least = min((int(token.tag[1]) for token in headings), default=1)
    before = top - 1
    for token in headings:
        if token.type == "heading_open":
            before = min(6, before + 1, top + int(token.tag[1]) - least)
        token.tag = f"h{before}"
    html = _PARSER.renderer.render(tokens, _PARSER.options, {})
    return Markup(  # cleaned by the allow-list
        nh3.clean(
            str(html),
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            attribute_filter=_attribute,
            url_schemes={"http", "https", "mailto", "tel"},
            link_rel="nofollow noopener",
        )
    )


@lru_cache(maxsize=512)
def plain(text: str) -> str:
    """The words without the marks, for previews and feeds; paragraphs are separated by line feeds."""
    html = re.sub(r"</(?:p|h\d|li|tr|blockquote|pre)>|<br>", "\n", str(render(text)))
    return re.sub(r"\n\s*\n+", "\n", unescape(nh3.clean(html, tags=set()))).strip()
