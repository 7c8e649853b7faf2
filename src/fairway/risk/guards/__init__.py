"""Guards: each watches one thing of an account and says how alarmed it is; what that leads to is in risk/escalation.py."""
