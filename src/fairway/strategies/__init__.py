"""Strategies: each a file of its own that reads closed candles and proposes intents."""
