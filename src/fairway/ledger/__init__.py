"""What the account has and what it made: positions, balances, results, and their reconciliation with the venue."""
