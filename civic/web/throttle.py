"""Slowing down guesses; the throttle itself stands lower, where sign-in can use it."""

from civic.schema.core.throttle import SignIns, Throttle, network_of, sign_ins

__all__ = ["SignIns", "Throttle", "network_of", "sign_ins"]
