"""Fairway takes a trading bot from paper to real money, and keeps it running there."""

__version__ = "0.1.0"
