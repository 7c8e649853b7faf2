"""Soak: a whole system runs for a day, in simulated or real time, and each number is held against its bound."""
