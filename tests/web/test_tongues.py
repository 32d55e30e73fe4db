"""Each piece of text says its language, and nothing else of the page is changed."""

import re

import pytest

from civic.web.pages.tongues import told


@pytest.mark.parametrize(
    ("language", "given", "wanted"),
    [
        ("en", "<p>Hello</p>", "<p>Hello</p>"),
        ("en", "<p>天平路街道</p>", '<p><span lang="zh-Hans">天平路街道</span></p>'),
        ("en", "<p>Residents of 天平路街道 · due 5 May</p>", '<p>Residents of <span lang="zh-Hans">天平路街道</span> · due 5 May</p>'),
        ("en", "<b>4月、5月，12 次。</b>", '<b>4<span lang="zh-Hans">月、5月，12 次。</span></b>'),
        ("en", '<p lang="zh-Hans">共<br>治</p>治', '<p lang="zh-Hans">共<br>治</p><span lang="zh-Hans">治</span>'),
        ("en", '<p lang="zh-Hans">共<b lang="en">治</b></p>', '<p lang="zh-Hans">共<b lang="en"><span lang="zh-Hans">治</span></b></p>'),
        ("en", '<a title="共治 > x" href="/">Go</a>', '<a title="共治 > x" href="/">Go</a>'),
        ("en", "<title>共治</title><option>共治</option><textarea>共治</textarea>", "<title>共治</title><option>共治</option><textarea>共治</textarea>"),
        ("en", "<!-- 共治 --><svg><path d='M1'/></svg>共", "<!-- 共治 --><svg><path d='M1'/></svg><span lang=\"zh-Hans\">共</span>"),
        ("en", "<ul><li>共<li>治</ul>x", '<ul><li><span lang="zh-Hans">共</span><li><span lang="zh-Hans">治</span></ul>x'),
        ("en", "a < b 共", 'a < b <span lang="zh-Hans">共</span>'),
        ("zh-Hans", "<h3>Let dog owners book the park</h3>", '<h3><span lang="en">Let dog owners book the park</span></h3>'),
        ("zh-Hans", "<p>共治 Civic platform for all</p><b>API</b><i>English</i>", "<p>共治 Civic platform for all</p><b>API</b><i>English</i>"),
        ("zh-Hans", '<p lang="en">Doors are open <b>共治</b></p>共治', '<p lang="en">Doors are open <b><span lang="zh-Hans">共治</span></b></p>共治'),
        ("zh-Hans", "<code>civic verify this now</code>", "<code>civic verify this now</code>"),
    ],
)  # fmt: skip
def test_languages_are_said(language: str, given: str, wanted: str) -> None:
    assert told(given, language) == wanted


LONG = 1_000_000  # so that a time that grows with the square would never end


@pytest.mark.parametrize(
    ("language", "page"),
    [
        ("en", "<div class='a \"b\"'><p>Residents of 天平路街道 voted.</p><p>x &lt; y</p></div>" * 5000 + "<" * 5000),
        ("zh-Hans", f"<p>{'x' * LONG}</p>"),
        ("zh-Hans", f"<p>{'x ' * LONG}</p>"),
        ("zh-Hans", f"<p>Let us {' ' * LONG} meet</p>"),
        ("zh-Hans", f"<p>Let us meet</p><p>{'共治1' * LONG}</p>"),
        ("en", f"<p>{'共治1' * LONG}x</p>"),
    ],
    ids=range(6),
)  # fmt: skip
def test_a_long_page_ends_and_is_whole(language: str, page: str) -> None:
    assert re.sub(r'<span lang="[\w-]*">([^<]*)</span>', r"\1", told(page, language)) == page
