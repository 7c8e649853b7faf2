"""Carries messages to people through channels, durably: what is queued is sent at least once, or journaled as failed."""
