"""Handles what alerts and people report: one incident for one cause, from its declaration to its postmortem."""
