"""Amounts of money as text and as whole numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.errors import InvalidInput
from civic.rules.money import minor, plain


@given(st.integers(0, 10**15 - 1))
def test_there_and_back(amount: int) -> None:
    assert minor(plain(amount), field="x") == amount


def test_as_people_type() -> None:
    assert minor(" ¥1,200 元", field="x") == 120_000
    assert minor("99.5", field="x") == 9_950


@pytest.mark.parametrize("text", ["", "-1", "1.234", "1e9", "NaN", "十元", "1.2.3", "9" * 14, "١٢"])
def test_no_amount(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        minor(text, field="budget")
    assert (caught.value.reason, caught.value.field) == ("amount", "budget")
