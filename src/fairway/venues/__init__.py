"""The edges to the outside: one port, and the venues behind it."""
