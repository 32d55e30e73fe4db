"""Both ways of writing canonical JSON write the same bytes, and refuse the same content."""

from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from civic.rules.canonical import canonical

TEXTS = (
    st.text()
    | st.text(st.characters(max_codepoint=0x2F))
    | st.sampled_from(["\u2028", "\x7f", "\ufeff", "𠮷", "é"])
)
NAMES = st.text(st.characters(max_codepoint=127)) | TEXTS
CONTENT = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(NAMES, inner),
    max_leaves=20,
)


def written(way: Any, content: Any) -> bytes | str:
    try:
        return bytes(way(content))
    except (ValueError, TypeError):
        return "refused"


@given(CONTENT)
def test_it_is_what_rfc8785_writes(content: Any) -> None:
    assert written(canonical, content) == written(rfc8785.dumps, content)


@pytest.mark.parametrize(
    "content",
    [2**53, -(2**53), 2**70, float("nan"), float("inf"), "\ud800", {"\ud800": 1}, {1: 2}, b"x", {"a"}],
)
def test_what_json_does_not_have_is_refused(content: Any) -> None:
    assert written(canonical, content) == written(rfc8785.dumps, content) == "refused"
