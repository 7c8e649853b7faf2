"""Pre-trade checks: each returns None where an entry passes, or a code with the values and the limit."""
