"""Measurements: service level indicators, each with one unit, from the journal and from probes."""
