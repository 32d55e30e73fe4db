"""When a ballot passes, and how ties are broken. All in whole numbers.

Majority is more than half, two thirds at least two thirds, *of the votes cast for something*: who abstains is
present (turnout) but not counted in the base (Robert's Rules of Order, 12th ed., 44:1-3). For approval the base
is the ballots that approve anything. A tie between yes and no rejects (44:12).

Dual majority is for owners' decisions (Civil Code of the People's Republic of China, article 278): it takes the
majority by heads *and* by weight (the floor area of what one owns), both of all who take part, abstentions
included. Ordinary matters need more than half, grave ones at least three quarters; at least two thirds have to take
part in both ways of counting, which is the ballot's quorum. ("At least" includes the number itself: article 1259.)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from civic.rules.tallies.lots import draw, first
from civic.rules.tallies.results import Share

DUAL = ("dual_majority", "dual_three_quarters")
PASSING = ("plurality", "majority", "two_thirds", *DUAL)


def enough(passing: str, votes: int, base: int) -> bool:
    """Whether ``votes`` out of ``base`` pass. Nothing passes without a vote. Raises KeyError for an unknown rule."""
    if votes <= 0:
        return False
    return {
        "plurality": True,
        "majority": 2 * votes > base,
        "two_thirds": 3 * votes >= 2 * base,
        "dual_majority": 2 * votes > base,
        "dual_three_quarters": 4 * votes >= 3 * base,
    }[passing]


def quorum_needed(eligible: int, quorum: Share | None) -> int:
    """The fewest voters that meet the quorum: the fraction of the roll, rounded up. 0 without a quorum."""
    if quorum is None:
        return 0
    return -(-eligible * quorum["numerator"] // quorum["denominator"])


def leaders(counts: Iterable[tuple[str, int]]) -> list[str]:
    """The options with the most votes, in the order given; none when nothing has a vote."""
    pairs = list(counts)
    most = max((n for _, n in pairs), default=0)
    return [key for key, n in pairs if n == most] if most else []


def break_tie(tied: Sequence[str], seed: bytes) -> str:
    """Of tied options the one that is drawn first; see `civic.rules.tallies.lots`."""
    return first(tied, draw(tied, seed))
