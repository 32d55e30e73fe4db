"""Slows guessing down without locking anybody out. Kept in memory; a restart forgives.

A key that failed waits twice as long after each failure beyond a few free ones. For sign-in the keys are chosen so
that nobody can keep the owner of an account out by failing: see `SignIns`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from math import ceil
from time import monotonic
from typing import Any

from civic.errors import N_, TooMany

MOST_KEYS = 50_000
WAIT = N_("Too many attempts. Please wait %(seconds)s seconds and try again.")


@dataclass(slots=True)
class Tries:
    """Failures of one key, and until when (monotonic seconds) it waits."""

    failures: int = 0
    until: float = 0.0
    last: float = 0.0


class Throttle:
    """Exponential delay by key. ``free`` failures cost nothing; the delay ends at ``longest`` seconds."""

    def __init__(
        self, free: int = 5, first: float = 1.0, longest: float = 900.0, forget: float = 3600.0
    ) -> None:
        self.free, self.first, self.longest, self.forget = free, first, longest, forget
        self.known: OrderedDict[Hashable, Tries] = OrderedDict()

    def wait(self, key: Hashable) -> float:
        """Seconds that this key still has to wait."""
        tries = self.known.get(key)
        return max(0.0, tries.until - monotonic()) if tries else 0.0

    def check(self, key: Hashable) -> None:
        """Raises TooMany while the key has to wait."""
        seconds = self.wait(key)
        if seconds > 0:
            raise TooMany(WAIT, reason="wait", seconds=ceil(seconds))

    def failed(self, key: Hashable) -> None:
        """Count a failure."""
        now = monotonic()
        tries = self.known.get(key)
        if tries is None or tries.last + self.forget < now:
            tries = self.known[key] = Tries()
        tries.failures += 1
        tries.last = now
        over = tries.failures - self.free
        if over > 0:
            tries.until = now + min(self.longest, self.first * 2.0 ** min(over - 1, 30))
        self.known.move_to_end(key)
        while len(self.known) > MOST_KEYS:
            self.known.popitem(last=False)

    def over(self, key: Hashable) -> bool:
        """Whether the key has used up its free failures."""
        tries = self.known.get(key)
        return tries is not None and tries.failures > self.free and tries.last + self.forget >= monotonic()

    def succeeded(self, key: Hashable) -> None:
        """Forgive the key."""
        self.known.pop(key, None)


class SignIns:
    """The throttle of sign-in and of other guessable secrets.

    ``device`` names a browser that has signed in to the account before. It has tries of its own, so that nobody
    else's failures slow it, whatever network they share. For everybody else three things are counted: failures for
    the account from the network, of the network, and for the account. While an account is under attack (many
    failures within an hour) a network that has not failed yet still has its first try, so the owner gets in from
    anywhere; but after one failure it waits at once, and long.
    """

    def __init__(self) -> None:
        self.pairs = Throttle(free=5, longest=900)
        self.attacked = Throttle(free=0, first=300, longest=3600, forget=7200)
        self.networks = Throttle(free=60, longest=300)
        self.accounts = Throttle(free=100)

    def check(self, account: str, network: str, device: str = "") -> None:
        """Raises TooMany while this account cannot be tried from here."""
        source = (account, device or network, bool(device))
        self.pairs.check(source)
        if not device:
            self.attacked.check(source)
            self.networks.check(network)

    def failed(self, account: str, network: str, device: str = "") -> None:
        source = (account, device or network, bool(device))
        self.pairs.failed(source)
        if not device:
            self.networks.failed(network)
            self.accounts.failed(account)
            if self.accounts.over(account):
                self.attacked.failed(source)

    def succeeded(self, account: str, network: str, device: str = "") -> None:
        source = (account, device or network, bool(device))
        self.pairs.succeeded(source)
        self.attacked.succeeded(source)


sign_ins = SignIns()


def network_of(request: Any) -> str:
    """The network that a request comes from: /24 of IPv4, /64 of IPv6. "" when it is unknown."""
    client = getattr(request, "client", None)
    try:
        address = ip_address(client.host if client else "")
    except ValueError:
        return ""
    return str(ip_network((address, 24 if address.version == 4 else 64), strict=False))
