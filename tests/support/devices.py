"""A voter's device in Python, for votes with voting passes."""

from civic.demo.device import Device

__all__ = ["Device"]
