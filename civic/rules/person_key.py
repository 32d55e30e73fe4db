"""One human, one voice: a key made from a document number that does not tell the number.

The key is HMAC-SHA-256 under a secret pepper (a plain hash could be tried out: there are few numbers). The
check character of resident identity numbers is that of GB 11643-1999, which is ISO 7064 MOD 11-2.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from datetime import date
from functools import lru_cache
from operator import mul

from civic.errors import N_, InvalidInput

_RESIDENT = re.compile(r"\d{17}[\dX]", re.ASCII)
_OTHER = re.compile(r"[A-Z0-9]{5,20}", re.ASCII)
_WEIGHTS = tuple(pow(2, 17 - i, 11) for i in range(17))
_ZEROS = ord("0") * sum(_WEIGHTS)


def resident_check(first: str) -> str:
    """The check character of seventeen digits."""
    return "10X98765432"[(sum(map(mul, first[:17].encode(), _WEIGHTS)) - _ZEROS) % 11]


@lru_cache(maxsize=65_536)
def _is_birth(digits: str) -> bool:
    """Whether eight digits are a possible date of birth."""
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year >= 1850
    except ValueError:
        return False


def is_resident_number(number: str) -> bool:
    """Whether an 18-character number has a possible date of birth and the right check character."""
    return (
        _RESIDENT.fullmatch(number) is not None
        and _is_birth(number[6:14])
        and resident_check(number) == number[17]
    )


def normalise_number(number: str, *, field: str = "document_number") -> str:
    """Capitals, no spaces or hyphens. Eighteen digits must be a resident number; else 5 to 20 letters and digits.

    Raises InvalidInput with reason ``document_number``. The number itself is never in the error.
    """
    if is_resident_number(number):  # as most are written; a roll has a million
        return number
    number = re.sub(r"[\s\-‐‑‒–—·.]", "", unicodedata.normalize("NFKC", number)).upper()
    resident = len(number) == 18 and number[:17].isdigit()
    if resident and is_resident_number(number):
        return number
    if resident or not _OTHER.fullmatch(number):
        raise InvalidInput(
            N_("This document number cannot be right. Please compare every character."),
            field=field,
            reason="document_number",
        )
    return number


def person_key(pepper: bytes, number: str, *, field: str = "document_number") -> str:
    """The key of the holder of a document, 64 hex digits. Raises InvalidInput as `normalise_number` does.

    Two kinds of document of one human give two keys: officials verify residents by the resident number.
    """
    message = b"civic/person-key/v1\0" + normalise_number(number, field=field).encode()
    return hmac.digest(pepper, message, "sha256").hex()
