"""The unified social credit code of Chinese organisations (GB 32100-2015).

Eighteen characters of an alphabet of 31 (no I, O, S, V, Z): registering department, category, six digits of
area, nine characters of organisation code, and a check character.
"""

from __future__ import annotations

import unicodedata

from civic.errors import N_, InvalidInput

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
# Weights 3^i mod 31 of the seventeen characters (GB 32100-2015, table 4).
_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))


def check_character(first: str) -> str:
    """The check character of the first seventeen. Raises KeyError for a character outside the alphabet."""
    total = sum(_VALUE[c] * weight for c, weight in zip(first[:17], _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def is_valid(code: str) -> bool:
    """Whether a code in normal form (capitals, no spaces) has the right shape and check character."""
    return (
        len(code) == 18
        and all(c in _VALUE for c in code)
        and code[2:8].isdigit()
        and check_character(code) == code[17]
    )


def clean(code: str, *, field: str = "credit_code") -> str:
    """The code in normal form. Raises InvalidInput with reason ``credit_code``."""
    code = "".join(unicodedata.normalize("NFKC", code).upper().split()).replace("-", "")
    if not is_valid(code):
        raise InvalidInput(
            N_("This is not a valid unified social credit code. Please compare all 18 characters."),
            field=field,
            reason="credit_code",
        )
    return code
