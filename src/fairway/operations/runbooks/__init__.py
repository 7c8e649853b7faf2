"""Runbooks as operations: they are listed, shown and executed."""
