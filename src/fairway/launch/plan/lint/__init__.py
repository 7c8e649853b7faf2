"""The linter of plans: what can never be decided or must not be done is told before anything runs, with the arithmetic."""
