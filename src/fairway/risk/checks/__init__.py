"""Pre-trade checks: each is a question to one entry, and answers with a code, its values and its limit, or with None."""
