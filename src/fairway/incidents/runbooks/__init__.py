"""Runbooks: what a person and Fairway do about an alert, step by step, each step with a check that shows its effect.

The YAML files beside this one come with Fairway; `fairway.incidents.runbooks.library` reads them and a person's own.
"""
