"""Quorums as people write them."""

import pytest

from civic.errors import InvalidInput
from civic.rules.electorate import read_quorum


@pytest.mark.parametrize(
    ("text", "quorum"),
    [
        ("2/3", (2, 3)),
        (" 50 ", (50, 100)),
        ("50%", (50, 100)),
        ("５０％", (50, 100)),
        ("0", (0, 100)),
        ("1 / 4", (1, 4)),
    ],
)
def test_a_quorum_as_people_write_it(text: str, quorum: tuple[int, int]) -> None:
    assert read_quorum(text) == quorum


@pytest.mark.parametrize("text", ["half", "2/0", "-1", "2/3/4", "66.7", "1e2", "99999"])
def test_what_is_no_quorum(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_quorum(text)
    assert (refused.value.field, refused.value.reason) == ("quorum", "quorum")
