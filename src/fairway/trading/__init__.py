"""The loop that trades: an input becomes events, the events change the account, and requests to the venue follow."""
