"""Quietroom: real-time secure messaging for practices."""

__version__ = "0.1.0"
