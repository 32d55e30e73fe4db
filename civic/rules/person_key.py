"""One human, one voice: a key made from a document number that does not tell the number.

The key is HMAC-SHA-256 under a secret pepper (a plain hash could be tried out: there are few numbers). The
check character of resident identity numbers is that of GB 11643-1999, which is ISO 7064 MOD 11-2.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from datetime import date

from civic.errors import N_, InvalidInput

_RESIDENT = re.compile(r"\d{17}[\dX]", re.ASCII)
_OTHER = re.compile(r"[A-Z0-9]{5,20}", re.ASCII)
_WEIGHTS = tuple(pow(2, 17 - i, 11) for i in range(17))


def resident_check(first: str) -> str:
    """The check character of seventeen digits."""
    return "10X98765432"[sum(int(d) * w for d, w in zip(first[:17], _WEIGHTS, strict=True)) % 11]


def is_resident_number(number: str) -> bool:
    """Whether an 18-character number has a possible date of birth and the right check character."""
    if not _RESIDENT.fullmatch(number):
        return False
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return born.year >= 1850 and resident_check(number) == number[17]


def normalise_number(number: str, *, field: str = "document_number") -> str:
    """Capitals, no spaces or hyphens. Eighteen digits must be a resident number; else 5 to 20 letters and digits.

    Raises InvalidInput with reason ``document_number``. The number itself is never in the error.
    """
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
    return hmac.new(pepper, message, "sha256").hexdigest()
