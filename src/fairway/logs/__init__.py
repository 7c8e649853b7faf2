"""The operational log: one line for each event, slow call and error, with account and order ids as fields."""
