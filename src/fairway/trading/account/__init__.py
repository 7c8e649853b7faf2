"""The parts of one account's state: each applies a journaled event once, and none knows the account that it is a part of."""
