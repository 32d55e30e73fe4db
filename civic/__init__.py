"""Civic (共治): a platform on which a city governs together with its people."""

__version__ = "0.1.0"
