"""Amounts of money: whole numbers of the smallest unit inside, plain decimal text outside. Never floats."""

from __future__ import annotations

import re

from civic.errors import N_, InvalidInput

_AMOUNT = re.compile(r"(\d{1,13})(?:\.(\d{1,2}))?", re.ASCII)


def minor(text: str, *, field: str) -> int:
    """Yuan as people type them (``1,200``, ``99.5``) in fen. Raises InvalidInput with reason ``amount``."""
    found = _AMOUNT.fullmatch(re.sub(r"[\s,，¥￥元]", "", text))
    if found is None:
        raise InvalidInput(
            N_("Write an amount in yuan, such as 1200 or 99.50."), field=field, reason="amount"
        )
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def plain(amount: int) -> str:
    """Fen as decimal text in yuan: 9950 is ``99.50``, 120000 is ``1200``."""
    yuan, fen = divmod(amount, 100)
    return f"{yuan}.{fen:02}" if fen else str(yuan)
