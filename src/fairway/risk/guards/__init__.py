"""Guards: each file watches one thing of an account and says how alarmed it is; risk/escalation.py says what follows."""
