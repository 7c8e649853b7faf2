"""Chaos scenes: each injects one trouble into a whole system in simulated time, and measures how it came through.

A scene is an entry in one of the files `cases`, `injections`, `orders`, `high_risk` and `stress`; `catalog` lists all of them.
"""
