"""Passwords that are hashed with next to no work: with the platform's own, each sign-in takes a third of a second."""

from argon2 import PasswordHasher

from civic.acts import people

REAL = people._hasher


def cheaply() -> None:
    """From here on, in this process."""
    people._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
