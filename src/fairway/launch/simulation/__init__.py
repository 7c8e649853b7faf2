"""Rehearsals: a plan is played against bots of known quality before any money is at stake."""
