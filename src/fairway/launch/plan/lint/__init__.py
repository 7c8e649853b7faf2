"""The linter of plans: it reports what can never be decided or must not be done before a launch, with the arithmetic."""
