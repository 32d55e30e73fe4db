"""People's Markdown: what it can say, and what it can never do."""

import json
import re
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.web.markdown import plain, render

NAUGHTY = Path(__file__).parents[3] / "shared" / "data" / "hostile" / "big-list-of-naughty-strings.json"
TAGS = {
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
# As browsers read an address: blanks and control characters before and within a scheme do not count.
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.I)
ATTRIBUTES = {"href", "title", "rel", "src", "alt", "start", "class"}


class Strict(HTMLParser):
    """Fails on any tag, attribute or address that is not on the list."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        for name, value in attrs:
            assert name in ATTRIBUTES, name
            if name == "href":
                scheme = SCHEME.match(re.sub(r"[\x00-\x20]", "", value or ""))
                assert not scheme or scheme[1].lower() in {"http", "https", "mailto", "tel"}, value
            if name == "src":
                assert (value or "").startswith("/") and not (value or "").startswith(("//", "/\\")), value
        if tag == "a":
            assert dict(attrs)["rel"] == "nofollow noopener"

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


def check(text: str) -> None:
    parser = Strict()
    parser.feed(str(render(text)))
    parser.close()


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**“重要”**的事", "<p><strong>“重要”</strong>的事</p>"),
        ("这是**重点：**请看", "<p>这是<strong>重点：</strong>请看</p>"),
        ("请*（务必）*参加", "<p>请<em>（务必）</em>参加</p>"),
        ("snake_case_name stays", "<p>snake_case_name stays</p>"),
        ("a * b * c", "<p>a * b * c</p>"),
        ("~~旧的~~新的", "<p><s>旧的</s>新的</p>"),
        ("# 标题", "<h2>标题</h2>"),
        ("### 一\n##### 二\n# 三\n### 四", "<h2>一</h2>\n<h3>二</h3>\n<h2>三</h2>\n<h3>四</h3>"),
        ("###### 小", "<h2>小</h2>"),
        ("一\n二", "<p>一<br>\n二</p>"),
        ("3. 三", '<ol start="3">\n<li>三</li>\n</ol>'),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>"),
        ("[a](https://a.cn)", '<p><a href="https://a.cn" rel="nofollow noopener">a</a></p>'),
        ("[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>"),
        ("![图](/files/1)", '<p><img src="/files/1" alt="图"></p>'),
        ("![图](https://a.cn/p.png)", '<p><a href="https://a.cn/p.png" rel="nofollow noopener">图</a></p>'),
        ("![](//a.cn/p.png)", '<p><a href="//a.cn/p.png" rel="nofollow noopener">//a.cn/p.png</a></p>'),
    ],
)
def test_what_it_makes(text: str, html: str) -> None:
    assert str(render(text)).strip() == html


def test_tables() -> None:
    html = str(render("| 甲 | 乙 |\n|---|---|\n| 1 | 2 |"))
    assert "<th>甲</th>" in html and "<td>2</td>" in html


def test_plain_words() -> None:
    assert plain("# 标题\n\n**a** & [b](/c)\n\n- d\n- e") == "标题\na & b\nd\ne"


@given(st.text(st.sampled_from("<>\"'&[]()!*_`~#|\\/:jshrefonclick javascript公，。\n"), max_size=80))
def test_no_text_makes_anything_else(text: str) -> None:
    check(text)


@pytest.mark.parametrize(
    "piece", ["[", "![", "*", "**a", "`", "<", ">", "> ", "- ", "[a](", "_*", "|a", "&", "~~"]
)
def test_repetition_is_not_slow(piece: str) -> None:
    started = time.perf_counter()
    check(piece * (20_000 // len(piece)))
    assert time.perf_counter() - started < 2


def test_very_many_brackets_are_only_brackets() -> None:
    assert str(render("[a](/b)" * 600)).count("<a ") == 0
    assert plain("[a](/b)" * 600) == "[a](/b)" * 600


@pytest.mark.skipif(
    not NAUGHTY.exists(), reason="the list of naughty strings is missing: shared/data/hostile"
)
def test_naughty_strings() -> None:
    for text in json.loads(NAUGHTY.read_text("utf-8")):
        check(text)
        check(f"[{text}]({text})")
        check(f"![x]({text})")
        check(f"- {text}\n\n| {text} |\n|---|\n| {text} |")
