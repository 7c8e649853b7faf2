"""Whose money it is and who may do what: users, their accounts at venues, and the vault that keeps their keys."""
