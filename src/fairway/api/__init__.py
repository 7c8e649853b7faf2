"""The HTTP server: a process of its own that only reads the journals, so that a mistake in it cannot stop a stop order."""
