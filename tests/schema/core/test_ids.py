"""Global ids: what we gave out is read back, all else names nothing, and only short ones are remembered."""

import pytest

from civic.errors import NotFound
from civic.schema.core import ids


def test_what_is_given_out_is_read_back() -> None:
    for _ in range(2):
        assert ids.split(ids.encode("Ballot", 7)) == ("Ballot", "7")
        assert ids.decode_int(ids.encode("Ballot", 7), "Ballot") == 7


@pytest.mark.parametrize("wrong", ["", "x", "甲", "QmFsbG90", "QmFsbG90Og", "Og", "%%%%"])
def test_what_we_never_gave_out_names_nothing_however_often(wrong: str) -> None:
    for _ in range(2):
        with pytest.raises(NotFound, match="nothing with this id"):
            ids.split(wrong)


def test_a_long_id_is_read_but_not_remembered() -> None:
    before = ids._split_kept.cache_info().currsize
    long = ids.encode("Ballot", "x" * 1000)
    assert ids.split(long) == ("Ballot", "x" * 1000)
    assert ids._split_kept.cache_info().currsize == before
